/** Saved views: ways of looking at the record, kept by their names. The front door. */
import { sql } from "kysely";
import { nameKey } from "../companies/companies.ts";
import { may, type Actor, type Context } from "../context.ts";
import { AppError, forbidden, notFound } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import { newId } from "../platform/id.ts";
import { viewSearches, type View, type ViewPage } from "./contract.ts";

export interface ViewInput {
  name: string;
  page: ViewPage;
  search: Record<string, string>;
  shared: boolean;
}

/** A removed view can be brought back for so long. */
const restorableMs = 86_400_000;
/** As many as one member may keep. */
const mostViews = 200;

interface Row {
  id: string;
  member_id: string;
  name: string;
  page: ViewPage;
  search: Record<string, string>;
  shared: boolean;
  version: number;
  changed_at: Date;
  removed_at: Date | null;
  saved_by: string;
}

/** One's own and the shared ones, by name. The operator and jobs, who are no members, see the shared ones. */
export async function listViews(ctx: Context): Promise<View[]> {
  const rows = await visibleRows(ctx, sql`v.removed_at is null`);
  return rows.map((row) => viewOf(ctx, row));
}

/**
 * Keeps a page with its filters.
 * @throws AppError forbidden: not a member, or sharing without the right to · view_exists: one of one's own has this
 *   name · too_many_views · invalid_input with `search.…`: what the page's address cannot hold
 */
export async function saveView(ctx: Context, input: ViewInput): Promise<View> {
  const member = memberOf(ctx);
  if (input.shared && !mayShare(ctx.actor)) throw forbidden();
  const search = checkedSearch(input.page, input.search);
  await refuseTooMany(ctx, member);
  await forgetRemoved(ctx);
  const id = newId(ctx.now);
  await refuseTakenName(ctx, member, input.name, id);
  const { name, page, shared } = input;
  await ctx.db
    .insertInto("saved_views")
    .values({
      company_id: ctx.company.id,
      id,
      member_id: member,
      name,
      name_key: nameKey(name),
      page,
      search: JSON.stringify(search),
      shared,
      created_at: ctx.now,
      changed_at: ctx.now,
    })
    .execute();
  await recordEvents(ctx, [{ type: "view.saved", subjectId: id }]);
  return getView(ctx, id);
}

export interface ViewRef {
  id: string;
  /** Version the actor saw. @throws precondition_failed when it has changed since */
  ifMatch?: number | undefined;
}

/**
 * Renames a view, shares it or not, or keeps other filters under its name.
 * @throws AppError not_found · forbidden · precondition_failed · view_exists · invalid_input as {@link saveView}
 */
export async function changeView(
  ctx: Context,
  { id, ifMatch, ...to }: ViewRef & { [K in "name" | "search" | "shared"]?: ViewInput[K] | undefined },
): Promise<View> {
  const row = await rowToChange(ctx, { id, ifMatch });
  if (to.shared && !mayShare(ctx.actor)) throw forbidden();
  const search = to.search ? checkedSearch(row.page, to.search) : row.search;
  if (to.name !== undefined) await refuseTakenName(ctx, row.member_id, to.name, id);
  const name = to.name ?? row.name;
  const shared = to.shared ?? row.shared;
  await update(ctx, id, { name, name_key: nameKey(name), search: JSON.stringify(search), shared });
  await recordEvents(ctx, [{ type: "view.changed", subjectId: id }]);
  // Not read again: another's that is shared no longer is not for the actor to read.
  return viewOf(ctx, { ...row, name, search, shared, version: row.version + 1, changed_at: ctx.now });
}

/** @throws AppError not_found · forbidden · precondition_failed */
export async function removeView(ctx: Context, ref: ViewRef): Promise<void> {
  const { id } = await rowToChange(ctx, ref);
  await update(ctx, id, { removed_at: ctx.now });
  await recordEvents(ctx, [{ type: "view.removed", subjectId: id }]);
}

/** Brings back what was removed within a day. @throws AppError not_found · forbidden · view_exists: its name is taken */
export async function restoreView(ctx: Context, { id }: Pick<ViewRef, "id">): Promise<View> {
  const since = new Date(ctx.now.getTime() - restorableMs);
  const [row] = await visibleRows(ctx, sql`v.id = ${id} and v.removed_at > ${since}::timestamptz`, true);
  if (!row) throw notFound();
  if (!mayChange(ctx.actor, row)) throw forbidden();
  await refuseTakenName(ctx, row.member_id, row.name, id);
  await update(ctx, id, { removed_at: null });
  await recordEvents(ctx, [{ type: "view.restored", subjectId: id }]);
  return getView(ctx, id);
}

async function getView(ctx: Context, id: string): Promise<View> {
  const [row] = await visibleRows(ctx, sql`v.id = ${id} and v.removed_at is null`);
  if (!row) throw notFound();
  return viewOf(ctx, row);
}

async function visibleRows(ctx: Context, which: ReturnType<typeof sql>, lock = false): Promise<Row[]> {
  const own = ctx.actor.kind === "member" ? sql`or v.member_id = ${ctx.actor.memberId}` : sql``;
  const { rows } = await sql<Row>`
    select v.id, v.member_id, v.name, v.page, v.search, v.shared, v.version, v.changed_at, v.removed_at,
      p.name as saved_by
    from saved_views v
    join members m on m.company_id = v.company_id and m.id = v.member_id
    join people p on p.company_id = m.company_id and p.id = m.person_id
    where v.company_id = ${ctx.company.id} and (v.shared ${own}) and ${which}
    order by v.name_key, v.id ${lock ? sql`for update of v` : sql``}`.execute(ctx.db);
  return rows;
}

/** The row, locked until the transaction ends, which the actor may change and nobody else has changed meanwhile. */
async function rowToChange(ctx: Context, { id, ifMatch }: ViewRef): Promise<Row> {
  const [row] = await visibleRows(ctx, sql`v.id = ${id} and v.removed_at is null`, true);
  if (!row) throw notFound();
  if (!mayChange(ctx.actor, row)) throw forbidden();
  if (ifMatch === undefined || ifMatch === row.version) return row;
  throw new AppError(
    "precondition_failed",
    `The view "${row.name}" was changed by somebody else in the meantime. Nothing was changed: look again.`,
  );
}

type Changes = Partial<{
  name: string;
  name_key: string;
  search: string;
  shared: boolean;
  removed_at: Date | null;
}>;

async function update(ctx: Context, id: string, changes: Changes): Promise<void> {
  await ctx.db
    .updateTable("saved_views")
    .set((eb) => ({ ...changes, changed_at: ctx.now, version: eb("version", "+", 1) }))
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", id)
    .execute();
}

function memberOf(ctx: Context): string {
  if (ctx.actor.kind !== "member") throw forbidden();
  return ctx.actor.memberId;
}

function mayShare(actor: Actor): boolean {
  return actor.kind === "member" && may(actor, "views.share");
}

function mayChange(actor: Actor, row: Pick<Row, "member_id" | "shared">): boolean {
  if (actor.kind !== "member") return false;
  return row.member_id === actor.memberId || (row.shared && mayShare(actor));
}

function viewOf(ctx: Context, row: Row): View {
  return {
    id: row.id,
    name: row.name,
    page: row.page,
    search: row.search,
    shared: row.shared,
    savedBy: row.saved_by,
    mine: ctx.actor.kind === "member" && ctx.actor.memberId === row.member_id,
    mayChange: mayChange(ctx.actor, row),
    changedAt: row.changed_at.toISOString(),
    version: row.version,
  };
}

/** A filter that the page does not know would be left out in silence, and the view would show something else. */
function checkedSearch(page: ViewPage, search: Record<string, string>): Record<string, string> {
  const schema = viewSearches[page];
  const fields: Record<string, string> = {};
  for (const name of Object.keys(search)) {
    if (!Object.hasOwn(schema.shape, name)) fields[`search.${name}`] = "The page has no such filter.";
  }
  const parsed = schema.safeParse(search);
  for (const issue of parsed.error?.issues ?? []) fields[["search", ...issue.path].join(".")] ??= issue.message;
  if (Object.keys(fields).length === 0) return search;
  throw new AppError("invalid_input", "This page cannot be kept as it is. Nothing was saved.", fields);
}

async function refuseTakenName(ctx: Context, member: string, name: string, except: string): Promise<void> {
  const taken = await ctx.db
    .selectFrom("saved_views")
    .select("id")
    .where("company_id", "=", ctx.company.id)
    .where("member_id", "=", member)
    .where("name_key", "=", nameKey(name))
    .where("removed_at", "is", null)
    .where("id", "<>", except)
    .executeTakeFirst();
  if (taken) {
    throw new AppError("view_exists", `There is already a view named "${name}". Nothing was changed.`, {
      name: "This name is taken.",
    });
  }
}

async function refuseTooMany(ctx: Context, member: string): Promise<void> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from saved_views
    where company_id = ${ctx.company.id} and member_id = ${member} and removed_at is null`.execute(ctx.db);
  if (rows[0]!.n < mostViews) return;
  throw new AppError("too_many_views", `You keep ${mostViews} views already. Remove one; nothing was saved.`);
}

/** What was removed more than a day ago is gone with the next view that is saved. */
async function forgetRemoved(ctx: Context): Promise<void> {
  await ctx.db
    .deleteFrom("saved_views")
    .where("company_id", "=", ctx.company.id)
    .where("removed_at", "<", new Date(ctx.now.getTime() - restorableMs))
    .execute();
}
