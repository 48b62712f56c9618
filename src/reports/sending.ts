/** What comes by a link of the report page becomes a request. */
import { hash } from "node:crypto";
import { sql } from "kysely";
import { countAttempt } from "../accounts/accounts.ts";
import { getAsset } from "../assets/assets.ts";
import { findKnownPerson } from "../companies/companies.ts";
import { asOperator, inCompany, type Context, type Platform } from "../context.ts";
import { AppError } from "../errors.ts";
import { openRequests } from "../requests/requests.ts";
import { companyOf, deadLink, linkOfToken, longId } from "./links.ts";

/** In a quarter of an hour: an office behind one address reports a great breakdown many times over. */
const mostPerNetwork = 30;
const mostPerLink = 60;
/** The page asks once each time it is opened. */
const mostOpenings = 300;
/** In 24 hours, over all links of a company. */
const mostPerDay = 500;
const dayMs = 86_400_000;
/** A list shows one line; the whole text stands below it. */
const longestSubject = 120;

export interface LinkHeld {
  token: string;
  /** What a label's link carries behind the dot. */
  asset?: string | undefined;
  network: string;
}

/**
 * What the report page shows to whoever holds its link. A label of a thing that is gone shows the page without it.
 * @throws AppError invalid_link · too_many_attempts
 */
export async function readReportPage(
  platform: Platform,
  input: LinkHeld,
): Promise<{ company: string; asset: string | null }> {
  await countAttempt(platform, [{ key: `report page network ${input.network}`, most: mostOpenings }]);
  const read = async (ctx: Context) => {
    await linkOfToken(ctx, input.token, { lock: false });
    return { company: ctx.company.name, asset: await assetName(ctx, input.asset) };
  };
  return inCompany(platform, companyOf(input.token), proveCompany, read, "read");
}

export interface SentReport extends LinkHeld {
  /** Made by the device: the same report sent again has the same one. */
  id: string;
  text: string;
  name?: string | undefined;
}

/**
 * Opens a request for whoever holds a link. The name they gave is proven by nothing: where it is one of the company's
 * own people it makes them the reporter, as it would on the telephone, and the entry says that the report page wrote it
 * down; else it stands in the entry as it was said. The time is the server's: a device's clock may be wrong.
 * @returns the request's number; of the same report sent again, or twice at once, that of the first
 * @throws AppError invalid_link: revoked, incomplete, or none · too_many_attempts
 */
export async function sendReport(platform: Platform, input: SentReport): Promise<{ number: number }> {
  await countAttempt(platform, [
    { key: `report network ${input.network}`, most: mostPerNetwork },
    { key: `report link ${hash("sha256", input.token, "base64url")}`, most: mostPerLink },
  ]);
  return inCompany(platform, companyOf(input.token), proveCompany, async (ctx) => {
    const link = await linkOfToken(ctx, input.token, { lock: true });
    const known = await findReported(ctx, input.id);
    if (known) {
      if (known.linkId !== link.id) throw deadLink();
      return { number: known.number };
    }
    await refuseFlood(ctx);
    const requestId = await open(ctx, input);
    await ctx.db
      .insertInto("reports")
      .values({
        company_id: ctx.company.id,
        id: input.id,
        link_id: link.id,
        request_id: requestId,
        created_at: ctx.now,
      })
      .execute();
    return { number: (await findReported(ctx, input.id))!.number };
  });
}

async function open(ctx: Context, { text, name, asset }: SentReport): Promise<string> {
  const person = name === undefined ? undefined : await findKnownPerson(ctx, name);
  const [id] = await openRequests(ctx, [
    {
      ...wordsOf(text),
      channel: "web",
      asset: await assetName(ctx, asset),
      ...(person ? { reporter: { id: person.id } } : { saidName: name }),
    },
  ]);
  return id!;
}

async function assetName(ctx: Context, short: string | undefined): Promise<string | null> {
  if (short === undefined) return null;
  try {
    return (await getAsset(ctx, longId(short))).name;
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
}

/** The actor of the entry is the page, not a person. A company that does not exist is no other answer than a dead link. */
const byPage = asOperator("report page", "system");
const proveCompany: typeof byPage = async (tx, companyId, now) =>
  byPage(tx, companyId, now).catch((error: unknown) => {
    throw error instanceof AppError && error.code === "not_found" ? deadLink() : error;
  });

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

/** The first line is the subject; where it does not say all, the whole text stands below. */
function wordsOf(text: string): { subject: string; description?: string } {
  const line = text.split(/[\r\n]/, 1)[0]!.trim();
  const letters = [...line];
  const subject = letters.length > longestSubject ? `${letters.slice(0, longestSubject).join("")}…` : line;
  return subject === text ? { subject } : { subject, description: text };
}
