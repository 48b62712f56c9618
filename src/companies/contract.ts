import { z } from "zod";
import { CompanyPath, Email, Id, Instant, LocalDate, Name, PageQuery, page, route } from "../contract.ts";

export const priorities = ["critical", "high", "normal", "low"] as const;
export const Priority = z.enum(priorities).meta({ id: "Priority" });
export type Priority = z.infer<typeof Priority>;

export const relativePeriods = [
  "today",
  "yesterday",
  "this_week",
  "last_week",
  "last_4_weeks",
  "this_month",
  "last_month",
  "this_year",
  "last_year",
] as const;
export const RelativePeriod = z.enum(relativePeriods).meta({
  id: "RelativePeriod",
  description: "A period by its name, in the company's calendar: it moves with the date",
});
export type RelativePeriod = z.infer<typeof RelativePeriod>;

export const Company = z
  .object({
    id: Id,
    name: z.string(),
    timeZone: z.string(),
    currency: z.string(),
    locale: z.string(),
    createdAt: Instant,
  })
  .meta({ id: "Company" });
export type Company = z.infer<typeof Company>;

export const getCompany = route({
  id: "getCompany",
  method: "get",
  path: "/companies/{company}",
  summary: "The company: name, time zone, currency",
  tag: "companies",
  permission: "company.read",
  params: CompanyPath,
  reply: Company,
});

export const changeCompany = route({
  id: "changeCompany",
  method: "patch",
  path: "/companies/{company}",
  summary: "Change name, time zone, currency or locale",
  tag: "companies",
  permission: "company.manage",
  params: CompanyPath,
  body: z
    .object({
      name: Name,
      timeZone: z.string().min(1).max(64),
      currency: z.string().regex(/^[A-Z]{3}$/),
      locale: z.string().min(2).max(35),
    })
    .partial()
    .meta({ id: "ChangeCompany" }),
  reply: Company,
});

const Time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, "HH:MM");
export const OpenHours = z.object({ weekday: z.int().min(1).max(7), from: Time, to: Time }).meta({
  id: "OpenHours",
  description: "One opening of a weekday (1 = Monday), wall-clock time of the company",
});
export const HoursVersion = z
  .object({ id: Id, supplierId: Id.nullable(), validFrom: LocalDate, week: z.array(OpenHours) })
  .meta({ id: "HoursVersion" });
export type HoursVersion = z.infer<typeof HoursVersion>;
export const Holiday = z
  .object({ id: Id, supplierId: Id.nullable(), date: LocalDate, name: z.string() })
  .meta({ id: "Holiday" });
export type Holiday = z.infer<typeof Holiday>;
export const Target = z
  .object({
    validFrom: LocalDate,
    priority: Priority,
    responseMinutes: z.int().positive(),
    resolutionMinutes: z.int().positive(),
  })
  .meta({ id: "Target", description: "Response and resolution target in business minutes" });
export type Target = z.infer<typeof Target>;

export const SupplierTarget = Target.extend({ supplierId: Id }).meta({
  id: "SupplierTarget",
  description: "What a supplier owes by its contract; where it has none, the company's targets hold",
});
export type SupplierTarget = z.infer<typeof SupplierTarget>;

export const Settings = z
  .object({
    hours: z.array(HoursVersion),
    holidays: z.array(Holiday),
    targets: z.array(Target),
    supplierTargets: z
      .array(SupplierTarget)
      .meta({ description: "Of one's own supplier alone, to whoever works for one" }),
  })
  .meta({ id: "Settings" });
export type Settings = z.infer<typeof Settings>;

export const getSettings = route({
  id: "getSettings",
  method: "get",
  path: "/companies/{company}/settings",
  summary: "Business hours, holidays and targets, each with the date it holds from",
  tag: "companies",
  permission: "company.read",
  params: CompanyPath,
  reply: Settings,
});

export const setHours = route({
  id: "setHours",
  method: "put",
  path: "/companies/{company}/business-hours",
  summary: "Set business hours from a date on (of the company, or of one supplier)",
  tag: "companies",
  permission: "company.manage",
  params: CompanyPath,
  body: z
    .object({ supplierId: Id.nullable().default(null), validFrom: LocalDate, week: z.array(OpenHours).max(50) })
    .meta({ id: "SetHours" }),
  reply: Settings,
});

export const addHolidays = route({
  id: "addHolidays",
  method: "post",
  path: "/companies/{company}/holidays",
  summary: "Add days on which nobody works",
  tag: "companies",
  permission: "company.manage",
  params: CompanyPath,
  body: z
    .object({
      holidays: z
        .array(
          z.object({
            supplierId: Id.nullable().default(null),
            date: LocalDate,
            name: z.string().trim().min(1).max(100),
          }),
        )
        .min(1)
        .max(400),
    })
    .meta({ id: "AddHolidays" }),
  reply: Settings,
  status: 201,
  idempotent: true,
});

export const removeHoliday = route({
  id: "removeHoliday",
  method: "delete",
  path: "/companies/{company}/holidays/{holiday}",
  summary: "Remove a holiday",
  tag: "companies",
  permission: "company.manage",
  params: CompanyPath.extend({ holiday: Id }),
});

export const setTargets = route({
  id: "setTargets",
  method: "put",
  path: "/companies/{company}/targets",
  summary:
    "Set response and resolution targets (of the company, or of one supplier) from a date on; requests reported before that date keep theirs",
  tag: "companies",
  permission: "company.manage",
  params: CompanyPath,
  body: z
    .object({ supplierId: Id.nullable().default(null), targets: z.array(Target).min(1).max(40) })
    .meta({ id: "SetTargets" }),
  reply: Settings,
});

export const Supplier = z
  .object({
    id: Id,
    name: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    endedAt: Instant.nullable(),
  })
  .meta({ id: "Supplier" });
export type Supplier = z.infer<typeof Supplier>;
const SupplierInput = z.object({
  name: Name,
  email: Email.nullable().optional(),
  phone: z.string().max(50).nullable().optional(),
});

export const listSuppliers = route({
  id: "listSuppliers",
  method: "get",
  path: "/companies/{company}/suppliers",
  summary: "The company's suppliers",
  tag: "companies",
  permission: "company.read",
  params: CompanyPath,
  reply: z.object({ items: z.array(Supplier) }),
});
export const addSupplier = route({
  id: "addSupplier",
  method: "post",
  path: "/companies/{company}/suppliers",
  summary: "Add a supplier",
  tag: "companies",
  permission: "people.manage",
  params: CompanyPath,
  body: SupplierInput.meta({ id: "AddSupplier" }),
  reply: Supplier,
  status: 201,
  idempotent: true,
});
export const changeSupplier = route({
  id: "changeSupplier",
  method: "patch",
  path: "/companies/{company}/suppliers/{supplier}",
  summary: "Change a supplier's name or contact",
  tag: "companies",
  permission: "people.manage",
  params: CompanyPath.extend({ supplier: Id }),
  body: SupplierInput.partial().meta({ id: "ChangeSupplier" }),
  reply: Supplier,
});

/** Somebody: known by id, or a name that is found among the people, else added. */
export const Who = z.union([z.object({ id: Id }), z.object({ name: Name })]);

export const Person = z
  .object({
    id: Id,
    name: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    department: z.string().nullable(),
    supplierId: Id.nullable(),
    leftAt: Instant.nullable(),
  })
  .meta({ id: "Person" });
export type Person = z.infer<typeof Person>;
const PersonInput = z.object({
  name: Name,
  email: Email.nullable().optional(),
  phone: z.string().max(50).nullable().optional(),
  department: z.string().max(100).nullable().optional(),
  supplierId: Id.nullable().optional(),
});

export const listPeople = route({
  id: "listPeople",
  method: "get",
  path: "/companies/{company}/people",
  summary: "People of the company and of its suppliers, by name",
  tag: "companies",
  permission: "people.read",
  params: CompanyPath,
  query: PageQuery.extend({
    q: z.string().max(200).optional().meta({ description: "Beginning of the name" }),
    supplier: Id.optional(),
    side: z.enum(["company", "supplier"]).optional(),
  }),
  reply: page(Person),
});
export const addPerson = route({
  id: "addPerson",
  method: "post",
  path: "/companies/{company}/people",
  summary: "Add a person",
  tag: "companies",
  permission: "people.manage",
  params: CompanyPath,
  body: PersonInput.meta({ id: "AddPerson" }),
  reply: Person,
  status: 201,
  idempotent: true,
});
export const changePerson = route({
  id: "changePerson",
  method: "patch",
  path: "/companies/{company}/people/{person}",
  summary: "Change a person's name, contact or department",
  tag: "companies",
  permission: "people.manage",
  params: CompanyPath.extend({ person: Id }),
  body: PersonInput.partial().meta({ id: "ChangePerson" }),
  reply: Person,
});
