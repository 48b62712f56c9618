import { assetChangeKinds, assetKinds } from "../assets/contract.ts";
import { channels, kinds, maxSubject, maxText, outcomes, parties, states } from "../requests/contract.ts";
import { columnsOf, type Column, type Table } from "./columns.ts";

/**
 * The tables of an export: everything a company's record is made of, in the order in which it can be brought back
 * (nothing names what comes later). Logins, keys, sessions and the queue are no part of the record.
 */
const priorities = ["critical", "high", "normal", "low"] as const;
const name = { max: 200 };

const company = columnsOf("c");
const companyTable: Table<"company"> = {
  name: "company",
  title: "Company",
  columns: [
    company("id", "uuid"),
    company("name", "text", name),
    company("timeZone", "text", { max: 64 }),
    company("currency", "text", { max: 3 }),
    company("locale", "text", { max: 35 }),
    company("createdAt", "instant"),
  ],
  shown: [],
  first: ["name", "timeZone", "currency", "locale"],
  from: "companies c where c.id = :company",
  key: ["id"],
};

const supplier = columnsOf("s");
const suppliersTable: Table<"suppliers"> = {
  name: "suppliers",
  title: "Suppliers",
  columns: [
    supplier("name", "text", { ...name, width: 30 }),
    supplier("email", "text", { max: 254, width: 30, optional: true }),
    supplier("phone", "text", { max: 200, optional: true }),
    supplier("createdAt", "instant"),
    supplier("endedAt", "instant", { optional: true }),
    supplier("id", "uuid"),
  ],
  shown: [],
  first: ["name", "email", "phone"],
  from: "suppliers s where s.company_id = :company",
  key: ["id"],
};

const person = columnsOf("p");
const peopleTable: Table<"people"> = {
  name: "people",
  title: "People",
  columns: [
    person("name", "text", { ...name, width: 30 }),
    person("email", "text", { max: 254, width: 30, optional: true }),
    person("phone", "text", { max: 200, optional: true }),
    person("department", "text", { max: 200, optional: true }),
    person("createdAt", "instant"),
    person("leftAt", "instant", { optional: true }),
    person("id", "uuid"),
    person("supplierId", "uuid", { optional: true }),
  ],
  shown: [{ title: "Supplier", type: "text", width: 24, sql: supplierName("p") }],
  first: ["name", "Supplier", "department", "email", "phone"],
  from: "people p where p.company_id = :company",
  key: ["id"],
};

const asset = columnsOf("a");
const assetsTable: Table<"assets"> = {
  name: "assets",
  title: "Assets",
  columns: [
    asset("name", "text", { ...name, width: 30 }),
    asset("kind", "text", { of: assetKinds, width: 12 }),
    asset("serialNumber", "text", { max: 100, optional: true }),
    asset("place", "text", { ...name, optional: true }),
    asset("warrantyEnds", "date", { width: 14, optional: true }),
    asset("note", "text", { max: 2000, width: 40, optional: true }),
    asset("version", "integer"),
    asset("createdAt", "instant"),
    asset("endedAt", "instant", { optional: true }),
    asset("id", "uuid"),
    asset("ownerId", "uuid", { optional: true }),
    asset("supplierId", "uuid", { optional: true }),
  ],
  shown: [
    { title: "Owner", type: "text", width: 22, sql: personName("a.owner_id") },
    { title: "Supplier", type: "text", width: 22, sql: supplierName("a") },
  ],
  first: ["name", "kind", "Owner", "Supplier", "place", "serialNumber", "warrantyEnds", "note"],
  from: "assets a where a.company_id = :company",
  key: ["id"],
};

const assetChange = columnsOf("g");
const assetChangesTable: Table<"assetChanges"> = {
  name: "assetChanges",
  title: "Changes of assets",
  columns: [
    assetChange("assetId", "uuid"),
    assetChange("version", "integer", { width: 8 }),
    assetChange("kind", "text", { of: assetChangeKinds, width: 10 }),
    assetChange("changedAt", "instant"),
    assetChange("actor", "text", { max: 300, width: 14 }),
    assetChange("before", "json", { width: 40 }),
    assetChange("after", "json", { width: 40 }),
  ],
  shown: [
    {
      title: "Asset",
      type: "text",
      width: 30,
      sql: "(select a.name from assets a where a.company_id = :company and a.id = g.asset_id)",
    },
    { title: "Changed", type: "local", width: 16, sql: "g.changed_at" },
    { title: "Changed by", type: "actor", width: 22, sql: "g.actor" },
  ],
  first: ["Asset", "version", "kind", "Changed", "Changed by", "before", "after"],
  from: "asset_changes g where g.company_id = :company",
  key: ["assetId", "version"],
};

const hours = columnsOf("h");
const hoursTable: Table<"hours"> = {
  name: "hours",
  title: "Hours",
  columns: [
    hours("validFrom", "date"),
    hours("week", "json", { list: true, max: 4000, width: 90 }),
    hours("createdAt", "instant"),
    hours("id", "uuid"),
    hours("supplierId", "uuid", { optional: true }),
  ],
  shown: [{ title: "Supplier", type: "text", width: 24, sql: supplierName("h") }],
  first: ["validFrom", "Supplier", "week"],
  from: "business_hours h where h.company_id = :company",
  key: ["id"],
};

const holiday = columnsOf("d");
const holidaysTable: Table<"holidays"> = {
  name: "holidays",
  title: "Holidays",
  columns: [
    holiday("date", "date"),
    holiday("name", "text", { max: 100, width: 30 }),
    holiday("createdAt", "instant"),
    holiday("id", "uuid"),
    holiday("supplierId", "uuid", { optional: true }),
  ],
  shown: [{ title: "Supplier", type: "text", width: 24, sql: supplierName("d") }],
  first: ["date", "name", "Supplier"],
  from: "holidays d where d.company_id = :company",
  key: ["id"],
};

const target = columnsOf("t");
const targetsTable: Table<"targets"> = {
  name: "targets",
  title: "Targets",
  columns: [
    target("validFrom", "date"),
    target("priority", "text", { of: priorities, width: 10 }),
    target("responseMinutes", "integer", { width: 18 }),
    target("resolutionMinutes", "integer", { width: 18 }),
  ],
  shown: [],
  first: ["validFrom", "priority", "responseMinutes", "resolutionMinutes"],
  from: "targets t where t.company_id = :company",
  key: ["validFrom", "priority"],
};

const supplierTarget = columnsOf("u");
const supplierTargetsTable: Table<"supplierTargets"> = {
  name: "supplierTargets",
  title: "Suppliers’ targets",
  columns: [
    supplierTarget("validFrom", "date"),
    supplierTarget("priority", "text", { of: priorities, width: 10 }),
    supplierTarget("responseMinutes", "integer", { width: 18 }),
    supplierTarget("resolutionMinutes", "integer", { width: 18 }),
    supplierTarget("supplierId", "uuid"),
  ],
  shown: [{ title: "Supplier", type: "text", width: 24, sql: supplierName("u") }],
  first: ["Supplier", "validFrom", "priority", "responseMinutes", "resolutionMinutes"],
  from: "supplier_targets u where u.company_id = :company",
  key: ["supplierId", "validFrom", "priority"],
};

const category = columnsOf("k");
const categoriesTable: Table<"categories"> = {
  name: "categories",
  title: "Categories",
  columns: [
    category("name", "text", { max: 100, width: 30 }),
    category("place", "integer", { width: 8 }),
    category("createdAt", "instant"),
    category("endedAt", "instant", { optional: true }),
    category("id", "uuid"),
  ],
  shown: [],
  first: ["place", "name"],
  from: "categories k where k.company_id = :company",
  key: ["id"],
};

const template = columnsOf("t");
const templatesTable: Table<"templates"> = {
  name: "templates",
  title: "Templates",
  columns: [
    template("name", "text", { max: 100, width: 30 }),
    template("subject", "text", { max: maxSubject, width: 60 }),
    template("description", "text", { max: maxText, width: 60, optional: true }),
    template("kind", "text", { of: kinds }),
    template("category", "text", { max: 100, optional: true }),
    template("priority", "text", { of: priorities, width: 10 }),
    template("tags", "json", { list: true, optional: true }),
    template("place", "integer", { width: 8 }),
    template("version", "integer", { width: 8 }),
    template("createdAt", "instant"),
    template("endedAt", "instant", { optional: true }),
    template("id", "uuid"),
    template("supplierId", "uuid", { optional: true }),
    template("assetId", "uuid", { optional: true }),
  ],
  shown: [],
  first: ["place", "name", "subject"],
  from: "request_templates t where t.company_id = :company",
  key: ["id"],
};

/** What the entries of a request add up to: the same for the request and for each earlier version of it. */
function factColumns(alias: string): Column[] {
  const fact = columnsOf(alias);
  const optional = { optional: true };
  return [
    fact("number", "integer"),
    fact("subject", "text", { max: maxSubject, width: 50 }),
    fact("state", "text", { of: states, width: 10 }),
    fact("outcome", "text", { of: outcomes, width: 12, ...optional }),
    fact("kind", "text", { of: kinds, width: 15 }),
    fact("priority", "text", { of: priorities, width: 9 }),
    fact("category", "text", optional),
    fact("channel", "text", { of: channels, width: 11 }),
    fact("asset", "text", optional),
    fact("tags", "json", { list: true, ...optional }),
    fact("reference", "text", { max: 200, ...optional }),
    fact("importedState", "text", optional),
    fact("reportedAt", "instant"),
    fact("firstResponseAt", "instant", optional),
    fact("resolvedAt", "instant", optional),
    fact("closedAt", "instant", optional),
    fact("reopenedAt", "instant", optional),
    fact("reopenCount", "integer"),
    fact("responseMinutes", "integer", optional),
    fact("responseElapsedMinutes", "integer", optional),
    fact("resolutionMinutes", "integer", optional),
    fact("resolutionGrossMinutes", "integer", optional),
    fact("resolutionElapsedMinutes", "integer", optional),
    fact("responseTargetMinutes", "integer", optional),
    fact("resolutionTargetMinutes", "integer", optional),
    fact("responseDueAt", "instant", optional),
    fact("resolutionDueAt", "instant", optional),
    fact("waitingOn", "text", { of: ["company", "third_party"], width: 11, ...optional }),
    fact("waitingSince", "instant", optional),
    fact("waitingReason", "text", optional),
    fact("waitedMinutes", "integer"),
    fact("workedMinutes", "integer", optional),
    fact("pauses", "json", { list: true, ...optional }),
    fact("promiseKind", "text", { of: ["response", "resolution", "given", "confirmation"], width: 12, ...optional }),
    fact("promiseParty", "text", { of: parties, width: 12, ...optional }),
    fact("promiseText", "text", optional),
    fact("promiseDueAt", "instant", optional),
    fact("closingAnnouncedAt", "instant", optional),
    fact("withdrawn", "text", { of: ["true", "false"], sql: `${alias}.withdrawn::text` }),
    fact("recordedAt", "instant"),
    fact("factsFrom", "instant"),
    fact("id", "uuid"),
    fact("assetId", "uuid", optional),
    fact("supplierId", "uuid", optional),
    fact("reporterId", "uuid", optional),
    fact("technicianId", "uuid", optional),
    fact("headSeq", "integer"),
    fact("headHash", "bytes", { max: 32 }),
  ];
}

const requestsTable: Table<"requests"> = {
  name: "requests",
  title: "Requests",
  columns: factColumns("r"),
  shown: [
    { title: "Reporter", type: "text", width: 22, sql: personName("r.reporter_id") },
    { title: "Supplier", type: "text", width: 22, sql: supplierName("r") },
    { title: "Technician", type: "text", width: 22, sql: personName("r.technician_id") },
    { title: "Reported", type: "local", width: 16, sql: "r.reported_at" },
    { title: "First response", type: "local", width: 16, sql: "r.first_response_at" },
    { title: "Resolved", type: "local", width: 16, sql: "r.resolved_at" },
    { title: "Closed", type: "local", width: 16, sql: "r.closed_at" },
  ],
  first: [
    "number",
    "subject",
    "state",
    "outcome",
    "Reporter",
    "Supplier",
    "Technician",
    "Reported",
    "First response",
    "Resolved",
    "Closed",
    "responseMinutes",
    "resolutionMinutes",
    "priority",
    "category",
    "kind",
    "channel",
    "asset",
    "reference",
  ],
  from: "requests r where r.company_id = :company",
  key: ["id"],
};

const entry = columnsOf("e");
const entriesTable: Table<"entries"> = {
  name: "entries",
  title: "Entries",
  columns: [
    entry("requestId", "uuid"),
    entry("seq", "integer", { width: 6 }),
    entry("kind", "text", { max: 50, width: 12 }),
    entry("happenedAt", "instant"),
    entry("recordedAt", "instant"),
    entry("actor", "text", { max: 300, width: 14 }),
    entry("audience", "text", { of: ["everyone", "company", "supplier"], width: 10 }),
    entry("supplierId", "uuid", { optional: true }),
    entry("contentDigest", "bytes", { max: 32 }),
    entry("previousHash", "bytes", { max: 32, optional: true }),
    entry("hash", "bytes", { max: 32 }),
    entry("sourceDigest", "bytes", { max: 32, optional: true }),
    entry("salt", "bytes", { max: 32, optional: true, sql: "c.salt" }),
    entry("content", "json", { optional: true, sql: "c.content" }),
  ],
  shown: [
    {
      title: "Request",
      type: "integer",
      width: 9,
      sql: "n.number",
    },
    { title: "Happened", type: "local", width: 16, sql: "e.happened_at" },
    { title: "Recorded", type: "local", width: 16, sql: "e.recorded_at" },
    {
      title: "Recorded by",
      type: "actor",
      width: 22,
      sql: "e.actor",
    },
    {
      title: "Text",
      type: "text",
      width: 60,
      sql: "coalesce(c.content ->> 'text', c.content ->> 'reason', c.content ->> 'subject')",
    },
  ],
  // The company is said of the contents too, for the walk along their index. A number nobody asks for is not looked up.
  first: ["Request", "seq", "kind", "Happened", "Recorded", "Recorded by", "Text", "audience"],
  from: `entries e left join entry_contents c on c.company_id = e.company_id and c.request_id = e.request_id
      and c.seq = e.seq and c.company_id = :company
    left join requests n on n.company_id = e.company_id and n.id = e.request_id
    where e.company_id = :company`,
  key: ["requestId", "seq"],
};

const version = columnsOf("r");
const versionsTable: Table<"versions"> = {
  name: "versions",
  title: "Earlier versions",
  columns: [...factColumns("r"), version("factsTo", "instant")],
  shown: [],
  first: ["number", "subject", "state"],
  from: "request_versions r where r.company_id = :company",
  key: ["id", "headSeq", "factsFrom"],
};

const source = columnsOf("k");
const sourcesTable: Table<"sources"> = {
  name: "sources",
  title: "Imported from",
  columns: [
    source("key", "text", { max: 2000, width: 40 }),
    source("requestId", "uuid"),
    source("fingerprint", "bytes", { max: 32 }),
    source("importId", "uuid"),
    source("earlierFingerprints", "json", { list: true, sql: "to_jsonb(k.earlier_fingerprints)" }),
  ],
  shown: [],
  first: ["key"],
  from: "request_sources k where k.company_id = :company",
  key: ["key"],
};

/** Where the bytes of an attachment lie in a ZIP file; its last part is what the file is called. */
export const attachmentPath = `'attachments/' || (${numberOf("a")}) || '/' || a.seq || '-' || right(a.id::text, 12) || '-'
  || a.file_name`;

const attachment = columnsOf("a");
const attachmentsTable: Table<"attachments"> = {
  name: "attachments",
  title: "Attachments",
  columns: [
    attachment("fileName", "text", { ...name, width: 40 }),
    attachment("contentType", "text", { max: 100, width: 24 }),
    attachment("size", "integer", { width: 12 }),
    attachment("path", "text", { max: 500, width: 60, sql: attachmentPath }),
    attachment("sha256", "bytes", { max: 32 }),
    attachment("width", "integer", { optional: true }),
    attachment("height", "integer", { optional: true }),
    attachment("createdBy", "text", { max: 300, width: 14 }),
    attachment("createdAt", "instant"),
    attachment("id", "uuid"),
    attachment("requestId", "uuid"),
    attachment("seq", "integer", { width: 6 }),
    attachment("supplierId", "uuid", { optional: true }),
  ],
  shown: [{ title: "Request", type: "integer", width: 9, sql: numberOf("a") }],
  first: ["Request", "seq", "fileName", "contentType", "size", "path"],
  from: "attachments a where a.company_id = :company and a.request_id is not null",
  key: ["id"],
};

export const tables = [
  companyTable,
  suppliersTable,
  peopleTable,
  assetsTable,
  assetChangesTable,
  hoursTable,
  holidaysTable,
  targetsTable,
  supplierTargetsTable,
  categoriesTable,
  templatesTable,
  requestsTable,
  entriesTable,
  versionsTable,
  sourcesTable,
  attachmentsTable,
] as const;

export type TableName = (typeof tables)[number]["name"];

export function tableNamed(name: string): Table<TableName> | undefined {
  return tables.find((table) => table.name === name);
}

function supplierName(alias: string): string {
  return `(select s.name from suppliers s where s.company_id = ${alias}.company_id and s.id = ${alias}.supplier_id)`;
}

function numberOf(alias: string): string {
  return `(select r.number from requests r where r.company_id = ${alias}.company_id and r.id = ${alias}.request_id)`;
}

function personName(id: string): string {
  return `(select n.name from people n where n.company_id = :company and n.id = ${id})`;
}
