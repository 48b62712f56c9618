import { addMember, createCompanyWithOwner, setPassword } from "../accounts/accounts.ts";
import {
  addHolidays,
  addPerson,
  addSupplier,
  changePerson,
  listPeople,
  setHours,
  setTargets,
  settingsOf,
} from "../companies/companies.ts";
import { priorities } from "../companies/contract.ts";
import { asOperator, inCompany, type Actor, type Context, type Platform, type Proof } from "../context.ts";
import { AppError } from "../errors.ts";
import { publicHolidays } from "./calendar.ts";
import { addressOf, agencyWeek, colleagues, company, companyWeek, members, suppliers } from "./company.ts";
import type { Colleague, SupplierKey } from "./company.ts";
import { addInventory } from "./inventory.ts";
import type { World } from "./world.ts";

export interface Login {
  email: string;
  password: string;
  role: (typeof members)[number]["role"];
}

/** The company as it stands on its first day. */
export interface Founded {
  companyId: string;
  logins: Login[];
  /** People's ids by name, the suppliers' too; grows when somebody joins. */
  people: Map<string, string>;
  supplierIds: Record<SupplierKey, string>;
  clocks: World["clocks"];
  /** Acts as one of the members, as their session would. */
  as(name: string): Proof;
}

export interface Beginning {
  password: string;
  /** The first day of the year. */
  from: Temporal.PlainDate;
  /** YYYY-MM-DD: the Friday afternoons are off from this day on. */
  shortFridaysFrom: string;
  /** Years whose public holidays are known. */
  years: number[];
}

/** Founds the company through the same functions as everybody: owner, members, people, suppliers, hours, holidays. */
export async function found(platform: Platform, beginning: Beginning): Promise<Founded> {
  const [owner] = members;
  const { name, timeZone, currency, locale, domain } = company;
  const ownerEmail = addressOf(owner.name, domain);
  const made = await createCompanyWithOwner(platform, {
    name,
    timeZone,
    currency,
    locale,
    ownerEmail,
    ownerName: owner.name,
  });
  const { companyId } = made;
  const within = <T>(work: (ctx: Context) => Promise<T>) => inCompany(platform, companyId, asOperator(), work);

  const joined = new Map([[owner.name as string, { id: made.memberId, link: made.passwordLink }]]);
  for (const { name, role } of members.slice(1)) {
    const added = await within((ctx) => addMember(ctx, { name, email: addressOf(name, domain), role }));
    joined.set(name, { id: added.member.id, link: added.passwordLink });
  }
  const supplierIds = await within(addSuppliers);
  const people = await within(async (ctx) => {
    await addColleagues(
      ctx,
      colleagues.filter((c) => !c.newcomer),
    );
    return peopleByName(ctx);
  });
  const clocks = await within((ctx) => setCalendar(ctx, supplierIds, beginning));
  await within((ctx) => addInventory(ctx, supplierIds, { from: beginning.from, people }));
  const facts = await within(async (ctx) => ctx.company);
  const actors = new Map<string, Actor>();
  for (const { name, role } of members) {
    const { id: memberId, link } = joined.get(name)!;
    const accountId = await choosePassword(platform, link, beginning.password);
    const actor = { kind: "member", accountId, memberId, personId: people.get(name)!, name, role } as const;
    actors.set(name, { ...actor, supplierId: null, scopes: null });
  }
  return {
    companyId,
    logins: members.map(({ name, role }) => ({ email: addressOf(name, domain), password: beginning.password, role })),
    people,
    supplierIds,
    clocks,
    // The company's facts stay as they are on this day, so the two thousand transactions of the year need not ask.
    as: (name) => async () => ({ actor: actors.get(name)!, company: facts }),
  };
}

/** @returns the account's id */
async function choosePassword(platform: Platform, link: string | undefined, password: string): Promise<string> {
  const token = link?.split("#")[1];
  if (!token) {
    throw new AppError(
      "demo_exists",
      "The demo's people have accounts here already, maybe from a demo that was stopped half-way. Nothing was added; delete the demo's data directory, or choose another one with --data.",
    );
  }
  const result = await setPassword(platform, { token, password, network: "demo" });
  if ("entered" in result) return result.entered.account.id;
  throw new AppError("demo_exists", "An account of the demo has a second factor already. Nothing more was added.");
}

export async function addSuppliers(ctx: Context): Promise<Record<SupplierKey, string>> {
  const add = async (key: SupplierKey) => {
    const { name, email, phone, people } = suppliers[key];
    const { id } = await addSupplier(ctx, { name, email, phone });
    for (const person of people) {
      await addPerson(ctx, { name: person, supplierId: id, email: addressOf(person, email.split("@")[1]!) });
    }
    return id;
  };
  return { it: await add("it"), agency: await add("agency") };
}

/** Adds people to the record; those who are members are there already and get their details. */
export async function addColleagues(ctx: Context, batch: readonly Colleague[]): Promise<void> {
  const known = await peopleByName(ctx);
  for (const { name, email, department, extension } of batch) {
    const phone = extension ? `+353 1 555 0${extension}` : undefined;
    const id = known.get(name);
    if (id) await changePerson(ctx, { id, department, phone });
    else await addPerson(ctx, { name, email, department, phone });
  }
}

export async function peopleByName(ctx: Context): Promise<Map<string, string>> {
  const { items } = await listPeople(ctx, { limit: 200 });
  return new Map(items.map(({ id, name }) => [name, id]));
}

/** Hours and holidays of the company, which the IT firm is measured by too; the agency has its own. */
export async function setCalendar(
  ctx: Context,
  supplierIds: Record<SupplierKey, string>,
  { shortFridaysFrom, years }: Pick<Beginning, "shortFridaysFrom" | "years">,
): Promise<World["clocks"]> {
  const always = "1970-01-01";
  await setHours(ctx, { supplierId: null, validFrom: always, week: companyWeek("16:30") });
  await setHours(ctx, { supplierId: null, validFrom: shortFridaysFrom, week: companyWeek("12:30") });
  await setHours(ctx, { supplierId: supplierIds.agency, validFrom: always, week: agencyWeek });
  const days = years.flatMap(publicHolidays);
  const holidays = [null, supplierIds.agency].flatMap((supplierId) => days.map((day) => ({ supplierId, ...day })));
  await addHolidays(ctx, { holidays });
  // The agency's contract gives it longer than the company's own targets.
  await setTargets(ctx, {
    supplierId: supplierIds.agency,
    targets: priorities.map((priority, n) => ({
      validFrom: always,
      priority,
      responseMinutes: [120, 240, 480, 960][n]!,
      resolutionMinutes: [480, 960, 2400, 4800][n]!,
    })),
  });
  const settings = await settingsOf(ctx);
  return {
    company: settings.clock,
    it: settings.clockFor(supplierIds.it),
    agency: settings.clockFor(supplierIds.agency),
  };
}
