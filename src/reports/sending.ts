/** What comes by a link of the report page becomes a request. */
import { hash } from "node:crypto";
import { sql } from "kysely";
import { countAttempt } from "../accounts/accounts.ts";
import { getAsset } from "../assets/assets.ts";
import { findKnownPerson } from "../companies/companies.ts";
import { asOperator, inCompany, type Context, type Platform } from "../context.ts";
import { AppError } from "../errors.ts";
import { openRequests, type AttachmentTools } from "../requests/requests.ts";
import { insertFollowLink } from "./follow-links.ts";
import { companyOf, deadLink, linkOfToken, longId } from "./links.ts";
import { keepPhoto, withPhoto } from "./photo.ts";

/** In a quarter of an hour: an office behind one address reports a great breakdown many times over. */
const mostPerNetwork = 30;
const mostPerLink = 60;
/** The page asks once each time it is opened. */
const mostOpenings = 300;
/** In 24 hours, over all links of a company. */
const mostPerDay = 500;
const dayMs = 86_400_000;
/** A report that waited for less was as good as sent at once. */
const noticedMinutes = 5;
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
    return { company: ctx.company.name, asset: (await assetOf(ctx, input.asset))?.name ?? null };
  };
  return inCompany(platform, companyOf(input.token), proveCompany, read, "read");
}

export interface SentReport extends LinkHeld {
  /** Made by the device: the same report sent again has the same one. */
  id: string;
  text: string;
  name?: string | undefined;
  /** A picture, in base64. */
  photo?: string | undefined;
  /** How long it waited on the device for a connection. */
  heldMinutes?: number | undefined;
  /** 256 random bits that the device made: what it follows the request with. */
  follow?: string | undefined;
}

export interface Received {
  number: number;
  photoKept: boolean;
}

/**
 * Opens a request for whoever holds a link. The name they gave is proven by nothing: where it is one of the company's
 * own people it makes them the reporter, as it would on the telephone, and the entry says that the report page wrote it
 * down; else it stands in the entry as it was said. The time is the server's: a device's clock may be wrong, and nobody
 * was told while it waited for a connection.
 * @returns the request's number; of the same report sent again, or twice at once, that of the first
 * @throws AppError invalid_link: revoked, incomplete, or none · too_many_attempts · invalid_input on `photo`
 */
export async function sendReport(platform: Platform, tools: AttachmentTools, input: SentReport): Promise<Received> {
  await countAttempt(platform, [
    { key: `report network ${input.network}`, most: mostPerNetwork },
    { key: `report link ${hash("sha256", input.token, "base64url")}`, most: mostPerLink },
  ]);
  const companyId = companyOf(input.token);
  if (input.photo === undefined) return inCompany(platform, companyId, proveCompany, (ctx) => receive(ctx, input));
  // Nothing is put on the disk for strangers.
  const known = (ctx: Context) => linkOfToken(ctx, input.token, { lock: false });
  await inCompany(platform, companyId, proveCompany, known, "read");
  return withPhoto(tools, input.photo, (photo) =>
    inCompany(platform, companyId, proveCompany, (ctx) =>
      receive(ctx, input, (inside) => keepPhoto(inside, tools, photo)),
    ),
  );
}

async function receive(
  ctx: Context,
  input: SentReport,
  keep?: (ctx: Context) => Promise<string | undefined>,
): Promise<Received> {
  const link = await linkOfToken(ctx, input.token, { lock: true });
  const known = await findReported(ctx, input.id);
  if (known) {
    if (known.linkId !== link.id) throw deadLink();
    return { number: known.number, photoKept: known.photoKept };
  }
  await refuseFlood(ctx);
  const attachmentId = await keep?.(ctx);
  const lost = keep !== undefined && attachmentId === undefined;
  const requestId = await open(ctx, input, { attachmentId, lost });
  await ctx.db
    .insertInto("reports")
    .values({ company_id: ctx.company.id, id: input.id, link_id: link.id, request_id: requestId, created_at: ctx.now })
    .execute();
  const { number } = (await findReported(ctx, input.id))!;
  return { number, photoKept: attachmentId !== undefined };
}

async function open(
  ctx: Context,
  { text, name, asset, heldMinutes, follow }: SentReport,
  photo: { attachmentId: string | undefined; lost: boolean },
): Promise<string> {
  const person = name === undefined ? undefined : await findKnownPerson(ctx, name);
  const [id] = await openRequests(ctx, [
    {
      ...wordsOf(text, notesOf(heldMinutes, photo.lost)),
      channel: "web",
      assetId: (await assetOf(ctx, asset))?.id,
      attachmentIds: photo.attachmentId === undefined ? [] : [photo.attachmentId],
      ...(person ? { reporter: { id: person.id } } : { saidName: name }),
    },
  ]);
  if (follow !== undefined) await insertFollowLink(ctx, { requestId: id!, person, saidName: name, secret: follow });
  return id!;
}

/** undefined: no label, or of a thing that is gone. */
async function assetOf(ctx: Context, short: string | undefined): Promise<{ id: string; name: string } | undefined> {
  if (short === undefined) return undefined;
  try {
    return await getAsset(ctx, longId(short));
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return undefined;
    throw error;
  }
}

/** The actor of the entry is this, not a person. */
export const reportPage = "report page";
/** A company that does not exist is no other answer than a dead link. */
const byPage = asOperator(reportPage, "system");
const proveCompany: typeof byPage = async (tx, companyId, now) =>
  byPage(tx, companyId, now).catch((error: unknown) => {
    throw error instanceof AppError && error.code === "not_found" ? deadLink() : error;
  });

async function findReported(ctx: Context, id: string) {
  const { rows } = await sql<{ linkId: string; number: number; photoKept: boolean }>`
    select p.link_id as "linkId", r.number, exists (
        select from attachments a where a.company_id = r.company_id and a.request_id = r.id and a.seq = 1) as "photoKept"
    from reports p join requests r on r.company_id = p.company_id and r.id = p.request_id
    where p.company_id = ${ctx.company.id} and p.id = ${id}`.execute(ctx.db);
  return rows[0];
}

async function refuseFlood(ctx: Context): Promise<void> {
  const since = new Date(ctx.now.getTime() - dayMs);
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from reports
    where company_id = ${ctx.company.id} and created_at > ${since}`.execute(ctx.db);
  if (rows[0]!.n < mostPerDay) return;
  throw new AppError("too_many_attempts", "Too many reports came today. Yours was not sent; please phone instead.");
}

/** What the reporter did not write themselves, each on a line of its own below their words. */
function notesOf(heldMinutes: number | undefined, photoLost: boolean): string[] {
  const notes: string[] = [];
  if (heldMinutes !== undefined && heldMinutes >= noticedMinutes) {
    const [hours, minutes] = [Math.floor(heldMinutes / 60), heldMinutes % 60];
    notes.push(`[Written ${hours > 0 ? `${hours} h ` : ""}${minutes} min before it could be sent.]`);
  }
  if (photoLost) notes.push("[A photo came with it. There was no room to keep it.]");
  return notes;
}

/** The first line is the subject; where it does not say all, the whole text stands below. */
export function wordsOf(text: string, notes: string[] = []): { subject: string; description?: string } {
  const line = text.split(/[\r\n]/, 1)[0]!.trim();
  const letters = [...line];
  const subject = letters.length > longestSubject ? `${letters.slice(0, longestSubject).join("")}…` : line;
  const below = [...(subject === text ? [] : [text]), ...notes];
  return below.length > 0 ? { subject, description: below.join("\n\n") } : { subject };
}
