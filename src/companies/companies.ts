/** The company, its people and suppliers, and when it works. What other features may use is exported from here. */
import type { Context } from "../context.ts";
import { notFound } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import { newId } from "../platform/id.ts";
import { defaultHours } from "./business-time.ts";
import type { Company, Target } from "./contract.ts";
import { checkedFacts, type CompanyFacts } from "./company-facts.ts";
import { checkNames } from "./names.ts";
import { changedHere, countChange, insertTargets } from "./settings.ts";

export type { BusinessClock } from "./business-time.ts";
export { settingsOf, type CompanySettings, type TargetMinutes } from "./clocks.ts";
export {
  findKnownPerson,
  findOrAddPeople,
  resolvePeople,
  type FoundPerson,
  type NamedPerson,
  type Who,
} from "./find-people.ts";
export { checkNames, emailKey, nameKey } from "./names.ts";
export { dateOf, monday, periodFrom, relativePeriod, startOf, weekOf, weeksUpTo, type Period } from "./periods.ts";
export {
  bringBackPeople,
  bringBackSettings,
  bringBackSuppliers,
  notNew,
  refuseUnlessNew,
  type ReturnedPerson,
  type ReturnedSettings,
  type ReturnedSupplier,
} from "./returning.ts";
export { removePeople, removeSuppliers } from "./removing.ts";
export { addPeople, addPerson, changePeople, changePerson, type PersonInput } from "./change-people.ts";
export { allPeople, listPeople, lockPeople, type KnownPerson } from "./people.ts";
export {
  addCategories,
  bringBackCategories,
  changeCategory,
  listCategories,
  orderCategories,
  type ReturnedCategory,
} from "./categories.ts";
export { addHolidays, lockHolidays, removeHoliday, takeBackHolidays } from "./holidays.ts";
export { isMeasured, measuredBy } from "./measuring.ts";
export { checkSettings, getSettings, setHours, setTargets } from "./settings.ts";
export {
  addSupplier,
  addSuppliers,
  changeSupplier,
  changeSuppliers,
  checkSuppliers,
  findOrAddSuppliers,
  listSuppliers,
  setSupplierEnd,
  lockSuppliers,
  type FoundSupplier,
  type SupplierInput,
} from "./suppliers.ts";

/** Targets a new company begins with, in business minutes, until it sets its own. */
const defaultTargets: readonly Target[] = [
  { validFrom: "1970-01-01", priority: "critical", responseMinutes: 60, resolutionMinutes: 240 },
  { validFrom: "1970-01-01", priority: "high", responseMinutes: 120, resolutionMinutes: 480 },
  { validFrom: "1970-01-01", priority: "normal", responseMinutes: 240, resolutionMinutes: 1440 },
  { validFrom: "1970-01-01", priority: "low", responseMinutes: 480, resolutionMinutes: 2400 },
];

export interface NewCompany {
  /** Made by the caller, who opened the transaction for it: `outsideCompany(…, { companyId: id })`. */
  id: string;
  name: string;
  /** IANA name, e.g. Europe/Berlin, in any letter case. */
  timeZone: string;
  /** ISO 4217; default EUR. */
  currency?: string | undefined;
  /** BCP 47; default en-GB. */
  locale?: string | undefined;
}

/**
 * Makes a company with hours (Monday to Friday, 09:00 to 17:00), targets and an empty record.
 * @returns the context inside the new company, in the same transaction, for what belongs to its beginning
 * @throws AppError invalid_input on `name`, `timeZone`, `currency`, `locale`
 */
export async function createCompany(outside: Pick<Context, "db" | "now" | "log">, input: NewCompany): Promise<Context> {
  checkNames([input.name], () => "name");
  const facts = checkedFacts({ currency: "EUR", locale: "en-GB", ...defined(input), timeZone: input.timeZone });
  const { db, now } = outside;
  await db
    .insertInto("companies")
    .values({
      id: input.id,
      name: input.name.trim(),
      time_zone: facts.timeZone!,
      currency: facts.currency!,
      locale: facts.locale!,
      created_at: now,
    })
    .execute();
  const ctx: Context = {
    ...outside,
    actor: { kind: "system", name: "set-up" },
    company: {
      id: input.id,
      name: input.name.trim(),
      timeZone: facts.timeZone!,
      currency: facts.currency!,
      locale: facts.locale!,
      settingsVersion: changedHere,
    },
  };
  await insertBeginning(ctx);
  return ctx;
}

async function insertBeginning(ctx: Context): Promise<void> {
  await ctx.db
    .insertInto("business_hours")
    .values({
      company_id: ctx.company.id,
      id: newId(ctx.now),
      valid_from: "1970-01-01",
      week: JSON.stringify(defaultHours),
      created_at: ctx.now,
    })
    .execute();
  await insertTargets(ctx, defaultTargets);
  await recordEvents(ctx, [{ type: "company.created", subjectId: ctx.company.id, audit: { name: ctx.company.name } }]);
}

function defined<T extends object>(input: T): Partial<T> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as Partial<T>;
}

export async function getCompany(ctx: Context): Promise<Company> {
  const row = await ctx.db
    .selectFrom("companies")
    .select(["id", "name", "time_zone as timeZone", "currency", "locale", "created_at as createdAt"])
    .where("id", "=", ctx.company.id)
    .executeTakeFirst();
  if (!row) throw notFound();
  return { ...row, createdAt: row.createdAt.toISOString() };
}

/**
 * Changes what is named. A new time zone moves every business hour, so it counts as a change of settings.
 * @throws AppError invalid_input on `name`, `timeZone`, `currency`, `locale`
 */
export async function changeCompany(
  ctx: Context,
  input: CompanyFacts & { name?: string | undefined },
): Promise<Company> {
  if (input.name !== undefined) checkNames([input.name], () => "name");
  const { timeZone, currency, locale } = checkedFacts(input);
  // Locked, so that the zone compared with is the one that is replaced, not the one this transaction began with.
  const before = await ctx.db
    .selectFrom("companies")
    .select(["name", "time_zone", "currency", "locale"])
    .where("id", "=", ctx.company.id)
    .forUpdate()
    .executeTakeFirst();
  if (!before) throw notFound();
  await ctx.db
    .updateTable("companies")
    .set((eb) => ({
      name: eb.ref("name"),
      ...(input.name !== undefined && { name: input.name.trim() }),
      ...(timeZone !== undefined && { time_zone: timeZone }),
      ...(currency !== undefined && { currency }),
      ...(locale !== undefined && { locale }),
    }))
    .where("id", "=", ctx.company.id)
    .execute();
  const changed = {
    name: [before.name, input.name?.trim() ?? before.name],
    timeZone: [before.time_zone, timeZone ?? before.time_zone],
    currency: [before.currency, currency ?? before.currency],
    locale: [before.locale, locale ?? before.locale],
  } as const;
  await recordEvents(ctx, [{ type: "company.changed", subjectId: ctx.company.id, audit: { changed } }]);
  if (timeZone !== undefined && timeZone !== before.time_zone) {
    ctx.company = { ...ctx.company, timeZone };
    await countChange(ctx, "hours.changed");
  }
  return getCompany(ctx);
}
