import { sql } from "kysely";
import { allPeople, listSuppliers, nameKey } from "../companies/companies.ts";
import type { Context } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import { newId } from "../platform/id.ts";
import type { DecidedName, NameDecision } from "./contract-names.ts";

/** What was decided about names in spreadsheets that look alike, kept for every later import. */

/** As many as a company may keep. */
const mostDecided = 20_000;

interface Row {
  id: string;
  kind: "person" | "supplier";
  side: string;
  name: string;
  name_key: string;
  stands_for: string | null;
  person_id: string | null;
  supplier_id: string | null;
  decided_by: string;
  decided_at: Date;
}

/** The latest first. */
export async function listDecidedNames(ctx: Context): Promise<DecidedName[]> {
  const rows = await readRows(ctx);
  const suppliers = await listSuppliers(ctx);
  const names = new Map(suppliers.map(({ name }) => [nameKey(name), name]));
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    side: names.get(row.side) ?? row.side,
    name: row.name,
    sameAs: row.stands_for,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at.toISOString(),
  }));
}

/** With the names that those they stand for have now. */
async function readRows(ctx: Context): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select a.id, a.kind, a.side, a.name, a.name_key, coalesce(p.name, s.name, a.stands_for) as stands_for,
      a.person_id, a.supplier_id, a.decided_by, a.decided_at
    from name_aliases a
    left join people p on p.company_id = a.company_id and p.id = a.person_id
    left join suppliers s on s.company_id = a.company_id and s.id = a.supplier_id
    where a.company_id = ${ctx.company.id} order by a.decided_at desc, a.id desc`.execute(ctx.db);
  return rows;
}

/**
 * Says of names whether they are the same as others, or somebody of their own. What was said of them before is
 * replaced; whoever a name stands for may itself stand for somebody, who it is then.
 * Whoever is the same as themselves is somebody of their own. @throws AppError too_many_names
 */
export async function decideNames(ctx: Context, names: readonly NameDecision[]): Promise<DecidedName[]> {
  const known = await readRows(ctx);
  if (known.length + names.length > mostDecided) {
    throw new AppError("too_many_names", `${mostDecided} names are decided already. Nothing was kept.`);
  }
  const standing = new Map(known.map((row) => [keyOf(row.kind, row.side, row.name_key), row.stands_for]));
  const people = await allPeople(ctx);
  const suppliers = await listSuppliers(ctx);
  for (const decision of names) {
    const { kind, name } = decision;
    const side = kind === "person" ? nameKey(decision.side) : "";
    const isItself = decision.sameAs !== null && nameKey(decision.sameAs) === nameKey(name);
    const further = decision.sameAs === null ? null : standing.get(keyOf(kind, side, nameKey(decision.sameAs)));
    const isLoop = !isItself && typeof further === "string" && nameKey(further) === nameKey(name);
    const sameAs = isItself ? null : typeof further === "string" && !isLoop ? further : decision.sameAs;
    if (isLoop) await forget(ctx, kind, side, decision.sameAs!);
    const id = sameAs === null ? null : idOf({ kind, side, sameAs }, people, suppliers);
    await store(ctx, { kind, side, name, sameAs, id });
    standing.set(keyOf(kind, side, nameKey(name)), sameAs);
  }
  await recordEvents(ctx, [{ type: "import_names.decided", subjectId: ctx.company.id }]);
  const decided = new Set(names.map(({ name }) => nameKey(name)));
  return (await listDecidedNames(ctx)).filter(({ name }) => decided.has(nameKey(name)));
}

type People = Awaited<ReturnType<typeof allPeople>>;
type Suppliers = Awaited<ReturnType<typeof listSuppliers>>;

/** Who it is, if the record knows; the oldest of that name, as everywhere. */
function idOf(
  { kind, side, sameAs }: { kind: Row["kind"]; side: string; sameAs: string },
  people: People,
  suppliers: Suppliers,
): string | null {
  const key = nameKey(sameAs);
  if (kind === "supplier") return suppliers.find(({ name }) => nameKey(name) === key)?.id ?? null;
  const supplier = side === "" ? null : suppliers.find(({ name }) => nameKey(name) === side)?.id;
  if (supplier === undefined) return null;
  const found = people.find((one) => !one.leftAt && one.supplierId === supplier && nameKey(one.name) === key);
  return found?.id ?? null;
}

interface Stored {
  kind: Row["kind"];
  side: string;
  name: string;
  sameAs: string | null;
  id: string | null;
}

async function store(ctx: Context, { kind, side, name, sameAs, id }: Stored): Promise<void> {
  const [person, supplier] = kind === "person" ? [id, null] : [null, id];
  await sql`
    insert into name_aliases (company_id, id, kind, side, name, name_key, stands_for, person_id, supplier_id,
      decided_by, decided_at)
    values (${ctx.company.id}, ${newId(ctx.now)}, ${kind}, ${side}, ${name}, ${nameKey(name)}, ${sameAs}, ${person},
      ${supplier}, ${ctx.actor.name}, ${ctx.now})
    on conflict (company_id, kind, side, name_key) do update set name = excluded.name,
      stands_for = excluded.stands_for, person_id = excluded.person_id, supplier_id = excluded.supplier_id,
      decided_by = excluded.decided_by, decided_at = excluded.decided_at`.execute(ctx.db);
  // Whatever stood for this name stands for what it stands for.
  if (sameAs === null) return;
  await sql`
    update name_aliases set stands_for = ${sameAs}, person_id = ${person}, supplier_id = ${supplier}
    where company_id = ${ctx.company.id} and kind = ${kind} and side = ${side} and lower(stands_for) = ${nameKey(name)}
      and name_key <> ${nameKey(sameAs)}`.execute(ctx.db);
}

async function forget(ctx: Context, kind: string, side: string, name: string): Promise<void> {
  await sql`delete from name_aliases where company_id = ${ctx.company.id} and kind = ${kind} and side = ${side}
    and name_key = ${nameKey(name)}`.execute(ctx.db);
}

/** Takes back what was said of a name: the next import asks again. @throws AppError not_found */
export async function takeNameBack(ctx: Context, id: string): Promise<void> {
  const { rows } = await sql`
    delete from name_aliases where company_id = ${ctx.company.id} and id = ${id} returning id`.execute(ctx.db);
  if (rows.length === 0) throw notFound();
  await recordEvents(ctx, [{ type: "import_names.taken_back", subjectId: id }]);
}

function keyOf(kind: string, side: string, nameKey: string): string {
  return JSON.stringify([kind, side, nameKey]);
}

export interface StandsFor {
  name: string;
  /** Absent: nobody of the record yet. */
  id: string | null;
}

/** What was decided, for an import to follow. */
export class DecidedNames {
  private readonly rows: Map<string, Row>;

  private constructor(rows: readonly Row[]) {
    this.rows = new Map(rows.map((row) => [keyOf(row.kind, row.side, row.name_key), row]));
  }

  static async read(ctx: Context): Promise<DecidedNames> {
    return new DecidedNames(await readRows(ctx));
  }

  /** Whether somebody said something of this name. */
  isDecided(kind: Row["kind"], side: string, name: string): boolean {
    return this.rows.has(keyOf(kind, side, nameKey(name)));
  }

  /** Whom a name stands for; undefined: itself. @param side key of the supplier's name, "" for the company's own */
  standsFor(kind: Row["kind"], side: string, name: string): StandsFor | undefined {
    const row = this.rows.size === 0 ? undefined : this.rows.get(keyOf(kind, side, nameKey(name)));
    if (!row || row.stands_for === null) return undefined;
    return { name: row.stands_for, id: row.person_id ?? row.supplier_id };
  }

  /** Those that stand for somebody whom the record did not know when it was said. */
  get open(): Row[] {
    return [...this.rows.values()].filter((row) => row.stands_for !== null && !row.person_id && !row.supplier_id);
  }
}

/** After an import: who the names stand for that it has brought. */
export async function learnWho(ctx: Context, { open }: DecidedNames): Promise<void> {
  if (open.length === 0) return;
  const [people, suppliers] = [await allPeople(ctx), await listSuppliers(ctx)];
  for (const { id, kind, side, stands_for } of open) {
    const who = idOf({ kind, side, sameAs: stands_for! }, people, suppliers);
    if (who === null) continue;
    const column = sql.ref(kind === "person" ? "person_id" : "supplier_id");
    await sql`update name_aliases set ${column} = ${who}
      where company_id = ${ctx.company.id} and id = ${id}`.execute(ctx.db);
  }
}
