/** The report page: people of a company report without an account, by a link that can be revoked. The front door. */
import { hash } from "node:crypto";
import { sql } from "kysely";
import { countAttempt, newSecret } from "../accounts/accounts.ts";
import { asOperator, inCompany, type Context, type Platform } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import { recordEvents } from "../platform/events.ts";
import { hashToken } from "../platform/http-credentials.ts";
import { newId } from "../platform/id.ts";
import { openRequests } from "../requests/requests.ts";
import type { ReportLink } from "./contract.ts";

/** In a quarter of an hour: an office behind one address reports a great breakdown many times over. */
const mostPerNetwork = 30;
const mostPerLink = 60;
/** In 24 hours, over all links of a company. */
const mostPerDay = 500;
const dayMs = 86_400_000;
/** A list shows one line; the whole text stands below it. */
const longestSubject = 120;

interface LinkRow {
  id: string;
  name: string;
  created_by: string;
  created_at: Date;
  revoked_at: Date | null;
}
const columns = ["id", "name", "created_by", "created_at", "revoked_at"] as const;

function linkOf(row: LinkRow): ReportLink {
  return {
    id: row.id,
    name: row.name,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
  };
}

/** All links of the company, the latest first. */
export async function listReportLinks(ctx: Context): Promise<ReportLink[]> {
  const rows = await ctx.db
    .selectFrom("report_links")
    .select(columns)
    .where("company_id", "=", ctx.company.id)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .execute();
  return rows.map(linkOf);
}

/**
 * Makes a link that works until it is revoked.
 * @returns with `/r#<token>`, told this once: only its hash is kept
 */
export async function makeReportLink(
  ctx: Context,
  { name }: { name: string },
): Promise<{ reportLink: ReportLink; link: string }> {
  const token = companyPart(ctx.company.id) + newSecret();
  const row = await ctx.db
    .insertInto("report_links")
    .values({
      company_id: ctx.company.id,
      id: newId(ctx.now),
      token_hash: hashToken(token),
      name,
      created_by: ctx.actor.name,
      created_at: ctx.now,
    })
    .returning(columns)
    .executeTakeFirstOrThrow();
  await recordEvents(ctx, [{ type: "report_link.made", subjectId: row.id }]);
  return { reportLink: linkOf(row), link: `/r#${token}` };
}

/** Dead at once; again changes nothing. @throws AppError not_found */
export async function revokeReportLink(ctx: Context, { id }: { id: string }): Promise<void> {
  const row = await ctx.db
    .updateTable("report_links")
    .set((eb) => ({ revoked_at: eb.fn.coalesce("revoked_at", eb.val(ctx.now)) }))
    .where("company_id", "=", ctx.company.id)
    .where("id", "=", id)
    .returning("id")
    .executeTakeFirst();
  if (!row) throw notFound();
  await recordEvents(ctx, [{ type: "report_link.revoked", subjectId: id }]);
}

export interface SentReport {
  token: string;
  /** Made by the device: the same report sent again has the same one. */
  id: string;
  text: string;
  name?: string | undefined;
  network: string;
}

/**
 * Opens a request for whoever holds a link. The name they gave is proven by nothing, so it makes nobody the reporter: it
 * stands in the text as it was said. The time is the server's: a device's clock may be wrong.
 * @returns the request's number; of the same report sent again, or twice at once, that of the first
 * @throws AppError invalid_link: revoked, incomplete, or none · too_many_attempts
 */
export async function sendReport(platform: Platform, input: SentReport): Promise<{ number: number }> {
  await countAttempt(platform, [
    { key: `report network ${input.network}`, most: mostPerNetwork },
    { key: `report link ${hash("sha256", input.token, "base64url")}`, most: mostPerLink },
  ]);
  const companyId = companyOf(input.token);
  if (!companyId) throw deadLink();
  return inCompany(platform, companyId, proveCompany, async (ctx) => {
    const link = await lockLink(ctx, input.token);
    const known = await findReported(ctx, input.id);
    if (known) {
      if (known.linkId !== link.id) throw deadLink();
      return { number: known.number };
    }
    await refuseFlood(ctx);
    const [requestId] = await openRequests(ctx, [{ ...wordsOf(input), channel: "web" }]);
    await ctx.db
      .insertInto("reports")
      .values({
        company_id: ctx.company.id,
        id: input.id,
        link_id: link.id,
        request_id: requestId!,
        created_at: ctx.now,
      })
      .execute();
    return { number: (await findReported(ctx, input.id))!.number };
  });
}

/** The actor of the entry is the page, not a person. A company that does not exist is no other answer than a dead link. */
const byPage = asOperator("report page", "system");
const proveCompany: typeof byPage = async (tx, companyId, now) =>
  byPage(tx, companyId, now).catch((error: unknown) => {
    throw error instanceof AppError && error.code === "not_found" ? deadLink() : error;
  });

/** Locked: a report that is sent twice at once is one, and none comes after the link was revoked. */
async function lockLink(ctx: Context, token: string): Promise<{ id: string }> {
  const row = await ctx.db
    .selectFrom("report_links")
    .select("id")
    .where("company_id", "=", ctx.company.id)
    .where("token_hash", "=", hashToken(token))
    .where("revoked_at", "is", null)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw deadLink();
  return row;
}

async function findReported(ctx: Context, id: string): Promise<{ linkId: string; number: number } | undefined> {
  return ctx.db
    .selectFrom("reports as p")
    .innerJoin("requests as r", (join) =>
      join.onRef("r.company_id", "=", "p.company_id").onRef("r.id", "=", "p.request_id"),
    )
    .select(["p.link_id as linkId", "r.number"])
    .where("p.company_id", "=", ctx.company.id)
    .where("p.id", "=", id)
    .executeTakeFirst();
}

async function refuseFlood(ctx: Context): Promise<void> {
  const since = new Date(ctx.now.getTime() - dayMs);
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from reports
    where company_id = ${ctx.company.id} and created_at > ${since}`.execute(ctx.db);
  if (rows[0]!.n < mostPerDay) return;
  throw new AppError("too_many_attempts", "Too many reports came today. Yours was not sent; please phone instead.");
}

/** The first line is the subject; what does not fit there stands below, with the name as it was given. */
function wordsOf({ text, name }: Pick<SentReport, "text" | "name">): { subject: string; description?: string } {
  const line = text.split(/[\r\n]/, 1)[0]!.trim();
  const letters = [...line];
  const subject = letters.length > longestSubject ? `${letters.slice(0, longestSubject).join("")}…` : line;
  const below = [
    ...(subject === text ? [] : [text]),
    ...(name ? [`Name given on the report page, not checked: ${name}`] : []),
  ];
  return below.length > 0 ? { subject, description: below.join("\n\n") } : { subject };
}

const companyLength = 22;

/** A link names its company, whose rows are the only ones that are then looked at; that proves nothing yet. */
function companyPart(companyId: string): string {
  return Buffer.from(companyId.replaceAll("-", ""), "hex").toString("base64url");
}

function companyOf(token: string): string | undefined {
  if (!/^[\w-]{65}$/.test(token)) return undefined;
  const hex = Buffer.from(token.slice(0, companyLength), "base64url").toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function deadLink(): AppError {
  return new AppError(
    "invalid_link",
    "This link is not complete, or it has been withdrawn. Nothing was sent; ask in your office for the new one.",
  );
}
