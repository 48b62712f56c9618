import { allAssets } from "../assets/assets.ts";
import { allPeople, getSettings } from "../companies/companies.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { namedByRequests } from "../requests/requests.ts";
import type { ListName } from "./contract.ts";
import { awaitedByOthers, changesOfImport, forgetChanges, type Change } from "./lists-changes.ts";
import { keptLists, type Said } from "./lists-kept.ts";
import type { DoneImport, OnProgress, Undoing, Undone } from "./subject.ts";

/**
 * Undoes an import of a list while nothing was built on it: what it changed says again what it said before, and what
 * it added goes, the people and suppliers that its cells named as well. What somebody removed since stays away.
 * @throws AppError import_built_on: something says something else since, or is named by what came later
 */
export async function undoList(ctx: Context, list: ListName, done: DoneImport): Promise<Undoing> {
  const changes = await changesOfImport(ctx, done.id);
  await refuseBuiltOn(ctx, done, await standing(ctx, changes));
  return { total: changes.length, run: (onProgress) => takeBack(ctx, list, done, onProgress) };
}

/** A change, and what the record says of the thing now. */
interface Standing extends Change {
  now: Said;
}

async function standing(ctx: Context, changes: readonly Change[]): Promise<Standing[]> {
  const found: Standing[] = [];
  for (const [list, of] of Map.groupBy(changes, (change) => change.list)) {
    const ids = of.map(({ id }) => id);
    const said = await keptLists[list].read(ctx, ids);
    found.push(...of.flatMap((change) => (said.has(change.id) ? { ...change, now: said.get(change.id)! } : [])));
  }
  return found;
}

async function takeBack(ctx: Context, list: ListName, done: DoneImport, onProgress?: OnProgress): Promise<Undone> {
  const changes = await standing(ctx, await changesOfImport(ctx, done.id));
  await refuseBuiltOn(ctx, done, changes, done.createdAt);
  const undone = { withdrawn: 0, restored: 0, removed: 0, alsoRemoved: 0 };
  let count = 0;
  // What names others goes before those it names.
  for (const part of new Set<ListName>([list, "people", "suppliers"])) {
    const of = changes.filter((change) => change.list === part);
    const added = of.filter(({ before }) => before === null).map(({ id }) => id);
    const changed = of.flatMap(({ id, before }) => (before === null ? [] : [{ id, to: before }]));
    await keptLists[part]
      .takeBack(ctx, { added, changed }, (more) => onProgress?.((count += more)))
      .catch((error: unknown) => {
        throw error instanceof AppError ? inTheWay(error) : error;
      });
    undone.restored += changed.length;
    if (part === list) undone.removed += added.length;
    else undone.alsoRemoved += added.length;
  }
  await forgetChanges(ctx, done.id);
  return undone;
}

/** Such as an address that somebody else has by now. */
function inTheWay(error: AppError): AppError {
  return new AppError("import_built_on", `Something of later stands in the way. Nothing was undone. ${error.message}`);
}

/** @param since given: the whole record is searched for those who would go, from that moment on */
async function refuseBuiltOn(
  ctx: Context,
  { id }: DoneImport,
  changes: readonly Standing[],
  since?: Date,
): Promise<void> {
  const moved = changes.filter(({ after, now }) => Object.keys(after).some((field) => after[field] !== now[field]));
  const named = await namedSince(ctx, id, changes, since);
  const used = changes.filter((change) => named.has(change.id) && !moved.includes(change));
  if (moved.length + used.length > 0) throw refusal(changes.length, moved, used);
}

/** Who of those that would go is named by something that stays. */
async function namedSince(
  ctx: Context,
  importId: string,
  changes: readonly Standing[],
  since: Date | undefined,
): Promise<Set<string>> {
  const goes = (list: ListName) => changes.filter((change) => change.before === null && change.list === list);
  const ids = [...goes("people"), ...goes("suppliers"), ...goes("assets")].map(({ id }) => id);
  if (ids.length === 0) return new Set();
  const going = new Set(ids);
  const set = new Map(changes.map(({ id, after }) => [id, after]));
  const naming = [...(await namingAssets(ctx)), ...(await namingPeople(ctx)), ...(await namingHours(ctx))];
  const named = naming.filter(({ by, field, id }) => going.has(id) && set.get(by)?.[field] !== id).map(({ id }) => id);
  return new Set([
    ...named,
    ...(await awaitedByOthers(ctx, importId, ids)),
    ...(await namedByRequests(ctx, ids, since)),
  ]);
}

/** `by` names `id` in its `field`. */
interface Naming {
  by: string;
  field: "ownerId" | "supplierId" | "member";
  id: string;
}

async function namingAssets(ctx: Context): Promise<Naming[]> {
  return (await allAssets(ctx)).flatMap(({ id: by, owner, supplier }) => [
    ...(owner ? [{ by, field: "ownerId" as const, id: owner.id }] : []),
    ...(supplier ? [{ by, field: "supplierId" as const, id: supplier.id }] : []),
  ]);
}

async function namingPeople(ctx: Context): Promise<Naming[]> {
  return (await allPeople(ctx)).flatMap(({ id: by, supplierId, isMember }) => [
    ...(supplierId === null ? [] : [{ by, field: "supplierId" as const, id: supplierId }]),
    ...(isMember ? [{ by, field: "member" as const, id: by }] : []),
  ]);
}

async function namingHours(ctx: Context): Promise<Naming[]> {
  const { hours, holidays } = await getSettings(ctx);
  return [...hours, ...holidays].flatMap(({ id: by, supplierId }) =>
    supplierId === null ? [] : [{ by, field: "supplierId" as const, id: supplierId }],
  );
}

function refusal(all: number, moved: readonly Standing[], used: readonly Standing[]): AppError {
  const reasons = [
    ...(moved.length > 0 ? [`${moved.length} changed since${examples(moved)}`] : []),
    ...(used.length > 0
      ? [`${used.length} ${used.length === 1 ? "is" : "are"} named by what came later${examples(used)}`]
      : []),
  ];
  return new AppError(
    "import_built_on",
    `Of the ${all} that this import added or changed, ${reasons.join("; ")}. Nothing was undone: a whole import can be taken back only while nothing was built on it. Undo later imports of the same first; what people changed by hand can be changed back by hand.`,
  );
}

function examples(changes: readonly Standing[]): string {
  const names = changes.slice(0, 5).map(({ now: { date, name } }) => `“${[date, name].filter(Boolean).join(" ")}”`);
  return `${changes.length > names.length ? ", for example " : ": "}${names.join(", ")}`;
}
