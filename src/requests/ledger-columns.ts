import { namesOf, unnest, type Columns } from "../platform/columns.ts";
import type { Facts } from "./facts.ts";
import type { SealedEntry } from "./ledger.ts";

/**
 * The statements of the ledger. Everything a batch adds goes in one of them, its rows as arrays: one round trip for one
 * call as for hundreds of imported requests. The company is always the context's own, $1.
 */

/** What is written of a request; in a new column's absence the compiler says so. */
export const requestTypes = {
  id: "uuid",
  number: "int4",
  kind: "text",
  subject: "text",
  reference: "text",
  state: "text",
  outcome: "text",
  imported_state: "text",
  priority: "text",
  category: "text",
  channel: "text",
  asset: "text",
  supplier_id: "uuid",
  reporter_id: "uuid",
  technician_id: "uuid",
  reported_at: "timestamptz",
  recorded_at: "timestamptz",
  first_response_at: "timestamptz",
  resolved_at: "timestamptz",
  closed_at: "timestamptz",
  reopened_at: "timestamptz",
  reopen_count: "int4",
  waiting_on: "text",
  waiting_since: "timestamptz",
  waiting_reason: "text",
  waited_minutes: "int4",
  promise_kind: "text",
  promise_party: "text",
  promise_text: "text",
  promise_due_at: "timestamptz",
  response_target_minutes: "int4",
  resolution_target_minutes: "int4",
  response_due_at: "timestamptz",
  resolution_due_at: "timestamptz",
  response_minutes: "int4",
  response_elapsed_minutes: "int4",
  resolution_minutes: "int4",
  resolution_gross_minutes: "int4",
  resolution_elapsed_minutes: "int4",
  closing_announced_at: "timestamptz",
  head_seq: "int4",
  head_hash: "bytea",
  facts_from: "timestamptz",
  withdrawn: "bool",
  pauses: "json",
  worked_minutes: "int4",
  asset_id: "uuid",
  tags: "json",
} as const satisfies Columns<Exclude<keyof Facts, "company_id">>;

const keyTypes = { request_id: "uuid", seq: "int4" } as const satisfies Partial<Columns<keyof SealedEntry>>;
const contentTypes = { salt: "bytea", content: "json" } as const satisfies Partial<Columns<keyof SealedEntry>>;
/** Whose a content is stands beside it too: what a policy asks of a row that is being written. */
const sideTypes = { audience: "text", supplier_id: "uuid" } as const satisfies Partial<Columns<keyof SealedEntry>>;
const headerTypes = {
  kind: "text",
  happened_at: "timestamptz",
  recorded_at: "timestamptz",
  actor: "text",
  content_digest: "bytea",
  previous_hash: "bytea",
  hash: "bytea",
  source_digest: "bytea",
  ...sideTypes,
} as const satisfies Partial<Columns<keyof SealedEntry>>;

/** Header and content of an entry, of which the key is sent once. */
export const entryTypes = { ...headerTypes, ...keyTypes, ...contentTypes } satisfies Columns<keyof SealedEntry>;

const requestsAt = 2;
const headersAt = requestsAt + Object.keys(requestTypes).length;
const sidesAt = headersAt + Object.keys(headerTypes).length - Object.keys(sideTypes).length;
/** Number of the parameter behind those of the ledger. */
export const afterLedger = 2 + Object.keys(requestTypes).length + Object.keys(entryTypes).length;

const entries = `
  e as (insert into entries (company_id, ${namesOf({ ...headerTypes, ...keyTypes })})
    select $1::uuid, * from ${unnest({ ...headerTypes, ...keyTypes }, headersAt)}),
  c as (insert into entry_contents (company_id, ${namesOf({ ...sideTypes, ...keyTypes, ...contentTypes })})
    select $1::uuid, * from ${unnest({ ...sideTypes, ...keyTypes, ...contentTypes }, sidesAt)})`;

/** Begins a statement that ends with another insert. */
export const insertLedger = `
  with r as (insert into requests (company_id, ${namesOf(requestTypes)})
    select $1::uuid, * from ${unnest(requestTypes, requestsAt)}),${entries}`;

/** What an update sets: every column but the key and what never changes once reported. */
export const changingColumns = (Object.keys(requestTypes) as (keyof typeof requestTypes)[]).filter(
  (column) => column !== "id" && column !== "number" && column !== "recorded_at",
);
const assignments = changingColumns.map((column) => `${column} = n.${column}`).join(", ");

/** The same for requests that were locked and read before: each gets an earlier version kept. */
export const updateLedger = `
  with n as materialized (select * from ${unnest(requestTypes, requestsAt)} as n (${namesOf(requestTypes)})),
  v as (insert into request_versions (company_id, ${namesOf(requestTypes)}, facts_to)
    select r.company_id, ${Object.keys(requestTypes)
      .map((column) => `r.${column}`)
      .join(", ")}, n.facts_from from requests r join n on r.id = n.id where r.company_id = $1::uuid),
  u as (update requests r set ${assignments} from n where r.company_id = $1::uuid and r.id = n.id),${entries}`;
