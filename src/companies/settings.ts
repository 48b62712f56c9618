import { sql } from "kysely";
import { sideOf, type Context } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import { type NewEvent, recordEvents } from "../platform/events.ts";
import { newId } from "../platform/id.ts";
import { businessClock } from "./business-time.ts";
import type { Holiday, HoursVersion, Priority, Settings, SupplierTarget, Target } from "./contract.ts";
import { checkSuppliers } from "./suppliers.ts";

/** The settings as one statement, so one snapshot, sees them, with the version they belong to. */
export interface LoadedSettings extends Settings {
  version: number;
  timeZone: string;
}

export async function loadSettings(ctx: Context): Promise<LoadedSettings> {
  const { rows } = await sql<LoadedSettings>`
    select c.settings_version as version, c.time_zone as "timeZone",
      coalesce((select jsonb_agg(jsonb_build_object('id', h.id, 'supplierId', h.supplier_id, 'validFrom', h.valid_from,
          'week', h.week) order by h.supplier_id nulls first, h.valid_from)
        from business_hours h where h.company_id = c.id), '[]') as hours,
      coalesce((select jsonb_agg(jsonb_build_object('id', d.id, 'supplierId', d.supplier_id, 'date', d.date,
          'name', d.name) order by d.date, d.supplier_id nulls first)
        from holidays d where d.company_id = c.id), '[]') as holidays,
      coalesce((select jsonb_agg(jsonb_build_object('validFrom', t.valid_from, 'priority', t.priority,
          'responseMinutes', t.response_minutes, 'resolutionMinutes', t.resolution_minutes)
          order by t.valid_from, array_position(array['critical', 'high', 'normal', 'low'], t.priority))
        from targets t where t.company_id = c.id), '[]') as targets,
      coalesce((select jsonb_agg(jsonb_build_object('supplierId', t.supplier_id, 'validFrom', t.valid_from,
          'priority', t.priority, 'responseMinutes', t.response_minutes, 'resolutionMinutes', t.resolution_minutes)
          order by t.supplier_id, t.valid_from, array_position(array['critical', 'high', 'normal', 'low'], t.priority))
        from supplier_targets t where t.company_id = c.id), '[]') as "supplierTargets"
    from companies c where c.id = ${ctx.company.id}`.execute(ctx.db);
  if (!rows[0]) throw notFound();
  return rows[0];
}

/** Business hours, holidays and targets, each with the date it holds from. */
export async function getSettings(ctx: Context): Promise<Settings> {
  const { hours, holidays, targets, supplierTargets } = await loadSettings(ctx);
  const side = sideOf(ctx.actor);
  // What another supplier owes is between the company and them.
  const seen = side === null ? supplierTargets : supplierTargets.filter(({ supplierId }) => supplierId === side);
  return { hours, holidays, targets, supplierTargets: seen };
}

/**
 * Marks the context of a transaction that changed settings: what it sees from then on is its own until the commit,
 * so nothing of it may be kept in memory (settingsOf).
 */
export const changedHere = 0;

/**
 * Counts a change of hours, holidays, targets or time zone, in the transaction of the change: the row lock orders
 * those who come at once, and whoever kept settings in memory knows by the number that they are old.
 */
export async function countChange(
  ctx: Context,
  type: "hours.changed" | "targets.changed",
  audit?: NewEvent["audit"],
): Promise<void> {
  await sql`
    update companies set settings_version = settings_version + 1 where id = ${ctx.company.id}`.execute(ctx.db);
  ctx.company = { ...ctx.company, settingsVersion: changedHere };
  await recordEvents(ctx, [{ type, subjectId: ctx.company.id, audit }]);
}

/**
 * Refuses settings that cannot be counted with, all faults at once, before anything is written.
 * @throws AppError invalid_input with fields by path (`timeZone`, `hours.0.week.2.to`, `holidays.3.date`,
 * `targets.1.resolutionMinutes`)
 */
export function checkSettings(settings: {
  timeZone: string;
  hours?: Pick<HoursVersion, "validFrom" | "week">[];
  holidays?: Pick<Holiday, "date" | "name">[];
  targets?: Target[];
}): void {
  const { timeZone, hours = [], holidays = [], targets = [] } = settings;
  const fields = { ...clockFaults({ timeZone, hours, holidays }), ...targetFaults(targets) };
  if (Object.keys(fields).length > 0) {
    throw new AppError("invalid_input", "These settings cannot be used. Nothing was changed.", fields);
  }
}

function clockFaults(options: Parameters<typeof businessClock>[0]): Record<string, string> {
  try {
    businessClock(options);
    return {};
  } catch (error) {
    if (error instanceof AppError && error.fields) return error.fields;
    throw error;
  }
}

function targetFaults(targets: Target[]): Record<string, string> {
  const fields: Record<string, string> = {};
  const seen = new Set<string>();
  targets.forEach(({ validFrom, priority, responseMinutes, resolutionMinutes }, i) => {
    if (resolutionMinutes < responseMinutes) {
      fields[`targets.${i}.resolutionMinutes`] = "Not before the response is due.";
    }
    if (seen.has(`${validFrom} ${priority}`)) fields[`targets.${i}.priority`] = "Given twice for this date.";
    seen.add(`${validFrom} ${priority}`);
  });
  return fields;
}

/** Paths of one version of the hours, as the form that sends it knows them: `hours.0.week.2.to` is its `week.2.to`. */
function withoutPrefix(check: () => void, prefix: string): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof AppError) || !error.fields) throw error;
    const named = Object.entries(error.fields).map(([path, text]) => [path.replace(prefix, ""), text] as const);
    throw new AppError(error.code, error.message, Object.fromEntries(named));
  }
}

/** Sets the opening hours of the company, or of one supplier, from a date on; the same date again replaces them. */
export async function setHours(ctx: Context, input: Omit<HoursVersion, "id">): Promise<Settings> {
  const { supplierId, validFrom, week } = input;
  withoutPrefix(() => checkSettings({ timeZone: ctx.company.timeZone, hours: [{ validFrom, week }] }), "hours.0.");
  await checkSuppliers(ctx, [supplierId], "supplierId");
  const { hours } = await getSettings(ctx);
  const replaced = hours.find((one) => one.supplierId === supplierId && one.validFrom === validFrom);
  await sql`
    insert into business_hours (company_id, id, supplier_id, valid_from, week, created_at)
    values (${ctx.company.id}, ${newId(ctx.now)}, ${supplierId}, ${validFrom}, ${JSON.stringify(week)}::jsonb, ${ctx.now})
    on conflict (company_id, coalesce(supplier_id, '00000000-0000-0000-0000-000000000000'), valid_from)
    do update set week = excluded.week`.execute(ctx.db);
  const changed = {
    validFrom: [null, validFrom],
    week: [replaced ? weekText(replaced.week) : null, weekText(week)],
  } as const;
  await countChange(ctx, "hours.changed", { changed });
  return getSettings(ctx);
}

/** `Mo 09:00-17:00, Tu …`, for the audit. */
function weekText(week: HoursVersion["week"]): string {
  return week.map(({ weekday, from, to }) => `${dayNames[weekday - 1]} ${from}-${to}`).join(", ");
}
const dayNames = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

/**
 * Sets targets in business minutes from a date on, of the company or of one supplier; requests reported before that date
 * keep theirs.
 */
export async function setTargets(
  ctx: Context,
  input: { supplierId?: string | null | undefined; targets: Target[] },
): Promise<Settings> {
  const { supplierId = null } = input;
  checkSettings({ timeZone: ctx.company.timeZone, targets: input.targets });
  await checkSuppliers(ctx, [supplierId], "supplierId");
  const { targets, supplierTargets } = await getSettings(ctx);
  const before: Target[] =
    supplierId === null ? targets : supplierTargets.filter((one) => one.supplierId === supplierId);
  if (supplierId === null) await insertTargets(ctx, input.targets);
  else {
    await insertSupplierTargets(
      ctx,
      input.targets.map((target) => ({ ...target, supplierId })),
    );
  }
  const text = (one: Target | undefined) => (one ? `${one.responseMinutes} / ${one.resolutionMinutes} min` : null);
  const changed = Object.fromEntries(
    input.targets.map((target) => {
      const same = before.find((one) => one.priority === target.priority && one.validFrom === target.validFrom);
      return [`${target.priority} ${target.validFrom}`, [text(same), text(target)] as const];
    }),
  );
  await countChange(ctx, "targets.changed", { changed });
  return getSettings(ctx);
}

export async function insertSupplierTargets(ctx: Context, targets: readonly SupplierTarget[]): Promise<void> {
  await sql`
    insert into supplier_targets (company_id, supplier_id, valid_from, priority, response_minutes, resolution_minutes)
    select ${ctx.company.id}, t."supplierId", t."validFrom", t.priority, t."responseMinutes", t."resolutionMinutes"
    from jsonb_to_recordset(${JSON.stringify(targets)}::jsonb) as t ("supplierId" uuid, "validFrom" date,
      priority text, "responseMinutes" int, "resolutionMinutes" int)
    on conflict (company_id, supplier_id, valid_from, priority)
    do update set response_minutes = excluded.response_minutes, resolution_minutes = excluded.resolution_minutes`.execute(
    ctx.db,
  );
}

export async function insertTargets(ctx: Context, targets: readonly Target[]): Promise<void> {
  await sql`
    insert into targets (company_id, valid_from, priority, response_minutes, resolution_minutes)
    select ${ctx.company.id}, t.valid_from, t.priority, t.response, t.resolution
    from unnest(${targets.map((t) => t.validFrom)}::date[], ${targets.map((t): Priority => t.priority)}::text[],
      ${targets.map((t) => t.responseMinutes)}::int[], ${targets.map((t) => t.resolutionMinutes)}::int[])
      as t (valid_from, priority, response, resolution)
    on conflict (company_id, valid_from, priority)
    do update set response_minutes = excluded.response_minutes, resolution_minutes = excluded.resolution_minutes`.execute(
    ctx.db,
  );
}
