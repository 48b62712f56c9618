/** What whoever holds a follow link sees and does. */
import { hash } from "node:crypto";
import { sql } from "kysely";
import { countAttempt } from "../accounts/accounts.ts";
import { asOperator, inCompany, type Context, type Platform } from "../context.ts";
import { AppError } from "../errors.ts";
import type { Entry, RequestDetail } from "../requests/contract.ts";
import { listSuppliers } from "../companies/companies.ts";
import { actOnRequests, getRequest, openRequests, type ActEntry } from "../requests/requests.ts";
import type { Followed } from "./contract-following.ts";
import { deadFollowLink, followed, moveFollowLink, openFollowLink, type FollowRow } from "./follow-links.ts";
import { reportPage } from "./sending.ts";

/** In a quarter of an hour. */
const mostLooksPerNetwork = 300;
const mostActsPerNetwork = 60;
const mostActsPerLink = 20;
/** In 24 hours, by one link. */
const mostPerDay = 100;
const dayMs = 86_400_000;

/** What is written down by such a link is recorded by this; whose act it was, the entry says. */
const followLink = "follow link";
const byLink = asOperator(followLink, "system");
const proveCompany: typeof byLink = async (tx, companyId, now) =>
  byLink(tx, companyId, now).catch((error: unknown) => {
    throw error instanceof AppError && error.code === "not_found" ? deadFollowLink() : error;
  });

interface Held {
  token: string;
  network: string;
}

/** How the request stands. @throws AppError invalid_link · too_many_attempts */
export async function readFollowed(platform: Platform, { token, network }: Held): Promise<Followed> {
  await countAttempt(platform, [{ key: `follow network ${network}`, most: mostLooksPerNetwork }]);
  const { companyId, linkId } = await followed(platform, token);
  return inCompany(platform, companyId, proveCompany, async (ctx) => present(ctx, await openFollowLink(ctx, linkId)));
}

export interface FollowAct extends Held {
  /** Made by the device: the same act sent again has the same one. */
  id: string;
  kind: "message" | "confirmed" | "reopened" | "followed_up";
  text?: string | undefined;
}

/**
 * Adds a word, confirms, or reopens: an act of the person whom the link was made for.
 * @throws AppError invalid_link · invalid_input: nothing was said · too_many_attempts · what the request's state forbids
 */
export async function actOnFollowed(platform: Platform, input: FollowAct): Promise<Followed> {
  const { token, network } = input;
  await countAttempt(platform, [
    { key: `follow act network ${network}`, most: mostActsPerNetwork },
    { key: `follow act link ${hash("sha256", token, "base64url")}`, most: mostActsPerLink },
  ]);
  if (input.kind !== "confirmed" && !input.text) {
    throw new AppError("invalid_input", "There is nothing in it. Write a word and send it again.", {
      text: "Write something.",
    });
  }
  const { companyId, linkId } = await followed(platform, token);
  return inCompany(platform, companyId, proveCompany, async (ctx) => {
    const link = await openFollowLink(ctx, linkId);
    if (!(await isNew(ctx, link, input.id))) return present(ctx, link);
    const { kind, text } = input;
    if (kind === "followed_up") return present(ctx, await followUp(ctx, link, text!));
    const requestId = await actsOn(ctx, kind, await getRequest(ctx, link.request_id), link);
    await actOnRequests(ctx, [{ requestId, entry: entryOf(kind, text, link) }]);
    return present(ctx, link);
  });
}

/**
 * What was merged goes on in another request, and so does what they say. Whether that one is fixed is its own reporter's
 * word.
 * @throws AppError forbidden
 */
export async function actsOn(
  ctx: Context,
  kind: FollowAct["kind"],
  request: RequestDetail,
  link: Follower,
): Promise<string> {
  const on = await goingOn(ctx, request);
  if (on.id === request.id || kind === "message" || isReporter(on, link)) return on.id;
  throw new AppError(
    "forbidden",
    `This goes on in #${on.number}, which somebody else reported. Nothing was sent; add a word instead.`,
  );
}

/** The request itself, or the one it goes on in. */
async function goingOn(ctx: Context, request: RequestDetail): Promise<RequestDetail> {
  let on = request;
  for (let depth = 0; depth < 10; depth++) {
    const next = on.links.find(({ relation }) => relation === "merged_into");
    if (!next) break;
    on = await getRequest(ctx, next.request.id);
  }
  return on;
}

function isReporter({ reporter }: RequestDetail, link: Follower): boolean {
  return link.person_id !== null && reporter?.id === link.person_id;
}

/**
 * What ended too long ago to be reopened goes on in a new request, which the link follows from then on.
 * @throws AppError follow_up_too_early: it can still be reopened, or goes on
 */
async function followUp(ctx: Context, link: FollowRow, text: string): Promise<FollowRow> {
  const request = await getRequest(ctx, link.request_id);
  if (!mayOf(ctx, request).followUp) {
    throw new AppError(
      "follow_up_too_early",
      `#${request.number} has not ended so long ago. Nothing was sent; say that it is not fixed, or add a word.`,
    );
  }
  const current = (await listSuppliers(ctx)).filter(({ endedAt }) => endedAt === null);
  const supplierId = current.find(({ id }) => id === request.supplier?.id)?.id;
  const [id] = await openRequests(ctx, [
    {
      subject: request.subject,
      description: text,
      kind: request.kind,
      category: request.category,
      channel: "web",
      reporter: link.person_id === null ? undefined : { id: link.person_id },
      saidName: link.person_id === null ? (link.name ?? undefined) : undefined,
      supplierId,
      followUpOf: request.id,
    },
  ]);
  return moveFollowLink(ctx, { id: link.id, requestId: id! });
}

function entryOf(kind: "message" | "confirmed" | "reopened", text: string | undefined, link: FollowRow): ActEntry {
  const name = link.person_id === null ? (link.name ?? undefined) : undefined;
  return { kind, text, by: { party: "company", personId: link.person_id ?? undefined, name } };
}

/** Whether it was not sent before. @throws AppError invalid_link: somebody else's · too_many_attempts */
async function isNew(ctx: Context, link: FollowRow, id: string): Promise<boolean> {
  const since = new Date(ctx.now.getTime() - dayMs);
  const { rows } = await sql<{ link_id: string }>`
    insert into follow_acts (company_id, id, link_id, created_at)
    values (${ctx.company.id}, ${id}, ${link.id}, ${ctx.now})
    on conflict (company_id, id) do nothing returning link_id`.execute(ctx.db);
  if (rows.length === 0) {
    const known = await ctx.db
      .selectFrom("follow_acts")
      .select("link_id")
      .where("company_id", "=", ctx.company.id)
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    if (known.link_id !== link.id) throw deadFollowLink();
    return false;
  }
  const counted = await sql<{ n: number }>`
    select count(*)::int as n from follow_acts
    where company_id = ${ctx.company.id} and link_id = ${link.id} and created_at > ${since}`.execute(ctx.db);
  if (counted.rows[0]!.n <= mostPerDay) return true;
  throw new AppError("too_many_attempts", "That was a lot for one day. This was not sent; please phone instead.");
}

/** What a reporter is told of: what was said and done for everyone. What is not named here they are not shown. */
const shown: ReadonlySet<Entry["kind"]> = new Set([
  "reported",
  "message",
  "promised",
  "waiting",
  "resumed",
  "resolved",
  "confirmed",
  "reopened",
  "closing_announced",
  "closed",
]);

async function present(ctx: Context, link: FollowRow): Promise<Followed> {
  return presentFollowed(ctx, await getRequest(ctx, link.request_id), link);
}

/** Who follows: a person of the company, or a name that somebody gave. */
type Follower = Pick<FollowRow, "person_id" | "name">;

/** A request as its reporter sees it; of one that was merged, how the one stands that it goes on in. */
export async function presentFollowed(ctx: Context, request: RequestDetail, link: Follower): Promise<Followed> {
  const on = await goingOn(ctx, request);
  const own = on.id === request.id;
  // How it stands they are told; what was said to somebody else about their own request they are not.
  const theirs = own || isReporter(on, link);
  const { name, timeZone, locale } = ctx.company;
  const { state, outcome, promise, waitingOn, waitingReason } = on;
  const may = mayOf(ctx, on);
  return {
    company: { name, timeZone, locale },
    you: link.name,
    number: request.number,
    subject: request.subject,
    state,
    outcome,
    supplier: on.supplier?.name ?? null,
    promise: promise && { ...promise, text: theirs ? promise.text : null },
    waitingOn,
    waitingReason: theirs ? waitingReason : null,
    may: theirs ? may : { confirm: false, reopen: false, followUp: false },
    entries: [...linesOf(request, link), ...(own ? [] : linesOf(on, link).filter(({ yours }) => theirs || yours))],
  };
}

/** What was said and done in the request itself; what was merged into it has its own reporter. */
function linesOf(request: RequestDetail, link: Follower): Followed["entries"] {
  return request.entries
    .filter(({ kind, audience, from }) => from === null && audience === "everyone" && shown.has(kind))
    .map((entry) => presentEntry(entry, request, link));
}

function mayOf(ctx: Context, { state, mayReopenUntil }: RequestDetail): Followed["may"] {
  const late = mayReopenUntil !== null && ctx.now.getTime() > Date.parse(mayReopenUntil);
  return { confirm: state !== "closed", reopen: state !== "open" && !late, followUp: state !== "open" && late };
}

function presentEntry(entry: Entry, request: RequestDetail, link: Follower): Followed["entries"][number] {
  const { seq, kind, happenedAt, content } = entry;
  const says = (key: string) => (typeof content?.[key] === "string" ? (content[key] as string) : null);
  const reported = kind === "reported" ? [says("subject"), says("description")].filter(Boolean).join("\n") : null;
  const files = Array.isArray(content?.["attachments"]) ? (content["attachments"] as { name: string }[]) : [];
  return {
    seq,
    kind,
    happenedAt,
    who: whoIs(entry, request),
    yours: isTheirs(entry, link),
    outcome: kind === "closed" ? ((says("outcome") as Followed["outcome"]) ?? null) : null,
    text: reported ?? says("text") ?? says("reason"),
    dueAt: says("dueAt") ?? says("until"),
    files: files.map((file) => file.name),
  };
}

function whoIs({ by, actor }: Entry, { supplier }: RequestDetail): string {
  if (by?.name) return by.name;
  if (by?.party === "supplier") return supplier?.name ?? "";
  return by && by.party !== "company" ? "" : actor.name;
}

function isTheirs({ by, actor, kind }: Entry, link: Follower): boolean {
  if (link.person_id !== null) return by?.id === link.person_id || actor.id === `person:${link.person_id}`;
  const written = actor.id === `system:${followLink}` || (kind === "reported" && actor.id === `system:${reportPage}`);
  return written && !by?.id && (by?.name ?? null) === link.name;
}
