import { sql } from "kysely";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import { checkedFacts } from "./company-facts.ts";
import type { SupplierTarget, Target } from "./contract.ts";
import { emailKey, nameKey } from "./names.ts";
import { changedHere, checkSettings, insertSupplierTargets } from "./settings.ts";

/**
 * A company's own part of a record that was exported, brought back into a new company: its settings, suppliers and
 * people, with the ids they had, since the entries of the record name them.
 */

interface Contactable {
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
  createdAt: string;
}
export interface ReturnedSupplier extends Contactable {
  endedAt: string | null;
}
export interface ReturnedPerson extends Contactable {
  department: string | null;
  supplierId: string | null;
  leftAt: string | null;
}
export interface ReturnedSettings {
  company: { timeZone: string; currency: string; locale: string };
  hours: { id: string; supplierId: string | null; validFrom: string; week: unknown; createdAt: string }[];
  holidays: { id: string; supplierId: string | null; date: string; name: string; createdAt: string }[];
  targets: Target[];
  supplierTargets: SupplierTarget[];
}

/**
 * Only a company in which nothing was recorded can take a record: its suppliers and people are those of the record.
 * @throws AppError company_not_empty
 */
export async function refuseUnlessNew(ctx: Context): Promise<void> {
  const { rows } = await sql<{ suppliers: boolean; people: boolean }>`
    select exists (select from suppliers where company_id = ${ctx.company.id}) as suppliers,
      exists (select from people p where p.company_id = ${ctx.company.id} and not exists (
        select from members m where m.company_id = p.company_id and m.person_id = p.id)) as people`.execute(ctx.db);
  const { suppliers, people } = rows[0]!;
  if (suppliers || people) throw notNew(suppliers ? "suppliers" : "people");
}

/** @param what it has: requests, suppliers, people */
export function notNew(what: string): AppError {
  return new AppError(
    "company_not_empty",
    `This company has ${what} already. An export is brought back into a new company, in which nothing was recorded yet. Nothing was changed; make a new company and bring it back there.`,
  );
}

/** Replaces the settings the company was made with. @throws AppError invalid_input */
export async function bringBackSettings(ctx: Context, settings: ReturnedSettings): Promise<void> {
  const { hours, holidays, targets, supplierTargets } = settings;
  const { timeZone, currency, locale } = checkedFacts(settings.company);
  checkSettings({ timeZone: timeZone!, targets });
  // The company's hours and each supplier's are rules of their own; who has none keeps the company's.
  for (const owner of new Set([null, ...[...hours, ...holidays].map(({ supplierId }) => supplierId)])) {
    const ofOwner = <T extends { supplierId: string | null }>(rows: T[]) =>
      rows.filter((row) => row.supplierId === owner);
    const own = ofOwner(hours);
    const used = own.length > 0 ? own : hours.filter(({ supplierId }) => supplierId === null);
    checkSettings({ timeZone: timeZone!, hours: used as never, holidays: ofOwner(holidays) });
  }
  for (const supplier of new Set(supplierTargets.map(({ supplierId }) => supplierId))) {
    checkSettings({
      timeZone: timeZone!,
      targets: supplierTargets.filter(({ supplierId }) => supplierId === supplier),
    });
  }
  await sql`delete from business_hours where company_id = ${ctx.company.id}`.execute(ctx.db);
  await sql`delete from holidays where company_id = ${ctx.company.id}`.execute(ctx.db);
  await sql`delete from targets where company_id = ${ctx.company.id}`.execute(ctx.db);
  await sql`delete from supplier_targets where company_id = ${ctx.company.id}`.execute(ctx.db);
  await sql`
    insert into business_hours (company_id, id, supplier_id, valid_from, week, created_at)
    select ${ctx.company.id}, h.id, h."supplierId", h."validFrom", h.week, h."createdAt"
    from jsonb_to_recordset(${JSON.stringify(hours)}::jsonb)
      as h (id uuid, "supplierId" uuid, "validFrom" date, week jsonb, "createdAt" timestamptz)`.execute(ctx.db);
  await sql`
    insert into holidays (company_id, id, supplier_id, date, name, created_at)
    select ${ctx.company.id}, d.id, d."supplierId", d.date, d.name, d."createdAt"
    from jsonb_to_recordset(${JSON.stringify(holidays)}::jsonb)
      as d (id uuid, "supplierId" uuid, date date, name text, "createdAt" timestamptz)`.execute(ctx.db);
  await sql`
    insert into targets (company_id, valid_from, priority, response_minutes, resolution_minutes)
    select ${ctx.company.id}, t."validFrom", t.priority, t."responseMinutes", t."resolutionMinutes"
    from jsonb_to_recordset(${JSON.stringify(targets)}::jsonb)
      as t ("validFrom" date, priority text, "responseMinutes" int, "resolutionMinutes" int)`.execute(ctx.db);
  await insertSupplierTargets(ctx, supplierTargets);
  // What was measured by these hours comes with the record: nothing is to be measured anew.
  await sql`
    update companies set time_zone = ${timeZone!}, currency = ${currency!}, locale = ${locale!},
      settings_version = settings_version + 1
    where id = ${ctx.company.id}`.execute(ctx.db);
  ctx.company = {
    ...ctx.company,
    timeZone: timeZone!,
    currency: currency!,
    locale: locale!,
    settingsVersion: changedHere,
  };
  await recordEvents(ctx, [{ type: "company.brought_back", subjectId: ctx.company.id }]);
}

export async function bringBackSuppliers(ctx: Context, suppliers: readonly ReturnedSupplier[]): Promise<void> {
  const rows = suppliers.map((supplier) => ({ ...supplier, nameKey: nameKey(supplier.name) }));
  await sql`
    insert into suppliers (company_id, id, name, name_key, email, phone, created_at, ended_at)
    select ${ctx.company.id}, s.id, s.name, s."nameKey", s.email, s.phone, s."createdAt", s."endedAt"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as s (id uuid, name text, "nameKey" text, email text,
      phone text, "createdAt" timestamptz, "endedAt" timestamptz)`.execute(ctx.db);
}

/**
 * Brings people back. Who is there already, because they have an account here, is the same person by their address.
 * @returns whom the members of the company are to be from now on: `from` what they were, who can then be removed
 * @throws AppError person_changes_sides: they would no longer see the record but their supplier's part of it
 */
export async function bringBackPeople(
  ctx: Context,
  people: readonly ReturnedPerson[],
): Promise<{ from: string; to: string }[]> {
  const rows = people.map((person) => ({
    ...person,
    nameKey: nameKey(person.name),
    emailKey: person.email === null ? null : emailKey(person.email),
  }));
  const { rows: here } = await sql<{ id: string; key: string; supplierId: string | null }>`
    select id, email_key as key, supplier_id as "supplierId" from people where company_id = ${ctx.company.id}
      and email_key = any(${rows.map((row) => row.emailKey).filter((key) => key !== null)}::text[])`.execute(ctx.db);
  const known = new Map(here.map((person) => [person.key, person]));
  const same: { from: string; to: string }[] = [];
  for (const row of rows) {
    const person = row.emailKey === null ? undefined : known.get(row.emailKey);
    if (!person || person.id === row.id) continue;
    if (person.supplierId !== row.supplierId) throw changesSides(row.email!);
    same.push({ from: person.id, to: row.id });
  }
  await sql`
    update people set email = null, email_key = null where company_id = ${ctx.company.id}
      and id = any(${same.map(({ from }) => from)}::uuid[])`.execute(ctx.db);
  await sql`
    insert into people (company_id, id, name, name_key, email, email_key, phone, department, supplier_id, created_at,
      left_at)
    select ${ctx.company.id}, p.id, p.name, p."nameKey", p.email, p."emailKey", p.phone, p.department, p."supplierId",
      p."createdAt", p."leftAt"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as p (id uuid, name text, "nameKey" text, email text,
      "emailKey" text, phone text, department text, "supplierId" uuid, "createdAt" timestamptz, "leftAt" timestamptz)
    `.execute(ctx.db);
  return same;
}

function changesSides(email: string): AppError {
  return new AppError(
    "person_changes_sides",
    `${email} has an account in this company, and is somebody of the other side in the export: with it they would see another part of the record. Nothing was changed; bring it back into a company in which they have no account.`,
  );
}
