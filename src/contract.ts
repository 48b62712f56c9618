import { z } from "zod";

/**
 * How a route is declared: a plain object that the server mounts, the browser calls and the OpenAPI document is made
 * from. Imported by `contract.ts` files, which are the only files both sides may see.
 */
export interface Route<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
> {
  /** operationId in the OpenAPI document. */
  id: string;
  method: "get" | "post" | "put" | "patch" | "delete";
  /** Below /api/v1, with `{name}` for parameters; a company's route begins with /companies/{company}. */
  path: string;
  summary: string;
  tag: string;
  /** public: nobody needs to be known · account: any signed-in account · else what the member's role must allow. */
  permission: "public" | "account" | Permission;
  params: Params;
  query: Query;
  /** JSON body; `z.undefined()` for none. */
  body: Body;
  /** `bytes`: the body is the file itself, whatever its content type; the handler reads the stream. */
  bodyKind?: "json" | "bytes";
  /** `z.undefined()`: no content. */
  reply: Reply;
  /** The reply is not JSON: a file or a picture of this type; `text/event-stream`: it goes on. */
  replyType?: string;
  status: 200 | 201 | 202 | 204;
  /** An Idempotency-Key header is honoured (company POSTs). */
  idempotent?: boolean;
  /** The reply carries a secret once: it is not stored for a repeated Idempotency-Key. */
  secretReply?: boolean;
  /** A reading that is written down itself: its transaction may write. */
  records?: boolean;
  /** Takes If-Match with the version the reader saw; replies carry ETag. */
  versioned?: boolean;
}

const none = z.undefined();
const empty = z.object({});

type Declared<P, Q, B, R> = Pick<Route, "id" | "method" | "path" | "summary" | "tag" | "permission"> &
  Partial<Pick<Route, "bodyKind" | "replyType" | "status" | "idempotent" | "secretReply" | "records" | "versioned">> & {
    params?: P;
    query?: Q;
    body?: B;
    reply?: R;
  };

/** Declares a route; what is not named is empty. Status defaults to 200 with a reply and 204 without. */
export function route<
  P extends z.ZodObject = typeof empty,
  Q extends z.ZodObject = typeof empty,
  B extends z.ZodType = typeof none,
  R extends z.ZodType = typeof none,
>(declared: Declared<P, Q, B, R>): Route<P, Q, B, R> {
  return {
    ...declared,
    params: declared.params ?? (empty as unknown as P),
    query: declared.query ?? (empty as unknown as Q),
    body: declared.body ?? (none as unknown as B),
    reply: declared.reply ?? (none as unknown as R),
    status: declared.status ?? (declared.reply || declared.replyType ? 200 : 204),
  };
}

export type RouteInput<R extends Route> = {
  params: z.output<R["params"]>;
  query: z.output<R["query"]>;
  body: z.output<R["body"]>;
};
export type RouteReply<R extends Route> = z.output<R["reply"]>;

/** What a role may do; one readable table (the docs page is generated from it). */
export const permissions = {
  "company.read": ["owner", "coordinator", "staff", "technician", "account_manager", "auditor"],
  "company.manage": ["owner", "coordinator"],
  "members.read": ["owner", "coordinator", "auditor"],
  "members.manage": ["owner"],
  "members.invite": ["owner", "coordinator"],
  "keys.manage": ["owner"],
  "audit.read": ["owner", "coordinator", "auditor"],
  "people.read": ["owner", "coordinator", "auditor"],
  "people.manage": ["owner", "coordinator"],
  "assets.read": ["owner", "coordinator", "technician", "account_manager", "auditor"],
  "assets.manage": ["owner", "coordinator"],
  "requests.read": ["owner", "coordinator", "technician", "account_manager", "auditor"],
  "requests.answer": ["owner", "coordinator", "technician", "account_manager"],
  "requests.write": ["owner", "coordinator"],
  "requests.own": ["owner", "coordinator", "staff"],
  "imports.read": ["owner", "coordinator", "auditor"],
  "imports.run": ["owner", "coordinator"],
  "exports.read": ["owner", "coordinator", "auditor"],
  "exports.make": ["owner", "coordinator", "auditor"],
  "figures.read": ["owner", "coordinator", "auditor"],
  "views.read": ["owner", "coordinator", "auditor"],
  "views.save": ["owner", "coordinator", "auditor"],
  "views.share": ["owner", "coordinator"],
} as const satisfies Record<string, readonly Role[]>;
export type Permission = keyof typeof permissions;
export const permissionNames = Object.keys(permissions) as Permission[];

export const roles = ["owner", "coordinator", "staff", "technician", "account_manager", "auditor"] as const;
export type Role = (typeof roles)[number];

/** What a key may do that is narrowed to one supplier's side: see what that supplier's people see. */
export const permissionsOfSide: readonly Permission[] = ["company.read", "assets.read", "requests.read"];

/** Whether a role may do what a permission names. */
export function mayRole(role: Role, permission: Permission): boolean {
  return (permissions[permission] as readonly Role[]).includes(role);
}

/** In lower case from here on, as the database gives it back: two spellings of one id must never be two things. */
export const Id = z.uuid().toLowerCase().meta({ description: "UUID" });
export const Instant = z.iso
  .datetime({ offset: true })
  .meta({ description: "An instant, ISO 8601 with offset, e.g. 2026-11-24T09:30:00.000Z" });
export const LocalDate = z.iso.date().meta({ description: "A date in the company's time zone, YYYY-MM-DD" });
export const Name = z.string().trim().min(1).max(200);
export const Email = z.email().max(254);
export const CompanyPath = z.object({ company: Id });

/** RFC 9457 with a stable `code`. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string().optional(),
    fields: z.record(z.string(), z.string()).optional(),
    logId: z.string().optional(),
  })
  .meta({ id: "Problem" });
export type Problem = z.infer<typeof Problem>;

/** A page of a list, newest first; `next` is the cursor of the following page, absent on the last. */
export function page<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().optional() });
}
export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
});
