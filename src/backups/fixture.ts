/** For tests: installations that somebody has worked in, and what is in them. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { createKey } from "../accounts/accounts.ts";
import { companyWithOwner } from "../accounts/fixture.ts";
import { addHolidays, addSupplier } from "../companies/companies.ts";
import type { Context, Platform } from "../context.ts";
import { asOperator, inCompany } from "../context.ts";
import { figuresByCall } from "../figures/figures.ts";
import type { Files } from "../platform/files.ts";
import { actOnRequests, keepAttachments, openRequests } from "../requests/requests.ts";
import { lookAtFile } from "../requests/attachments.ts";
import type { TestPlatform } from "../../test/harness.ts";
import type { KeyCost } from "./sealed-header.ts";
import { leftOut } from "./tables.ts";

export const passphrase = "quiet harbour rope seven";
/** The least that is accepted. */
export const cost: KeyCost = { memory: 19 * 1024, passes: 1, lanes: 1 };

export interface Lived {
  companyId: string;
  email: string;
  token: string;
  key: string;
}

/** A company with requests in every state, files with them, words in many scripts, and a key. */
export async function livedIn(platform: TestPlatform, files: Files, name: string, email?: string): Promise<Lived> {
  const { companyId, email: owner, token } = await companyWithOwner(platform, { name, ...(email ? { email } : {}) });
  const within = <T>(work: (ctx: Context) => Promise<T>) => platform.within(companyId, work);
  await within((ctx) => addSupplier(ctx, { name: "Northwind IT" }));
  await within((ctx) => addHolidays(ctx, { holidays: [{ supplierId: null, date: "2026-12-25", name: "Christmas" }] }));
  const file = async (bytes: Buffer, fileName: string) => {
    const stored = await files.storeFile(Readable.from([bytes]), { maxBytes: 1_000_000 });
    const arrived = { fileName, file: stored, seen: await lookAtFile({ files }, stored, fileName) };
    return within(async (ctx) => (await keepAttachments(ctx, { files }, [arrived]))[0]!.id);
  };
  const same = Buffer.from("the same report twice");
  const ids = await within(async (ctx) =>
    openRequests(ctx, [
      { subject: "Drucker druckt nicht — «leer»\t\\N", reporter: { name: "Zoë Müller" } },
      { subject: "プリンター\u2028\u{1F5A8}", priority: "high", reportedAt: "2026-11-20T08:00:00Z" },
      { subject: "back\\slash and\nline", category: "Mail" },
    ]),
  );
  const attachmentIds = [await file(randomBytes(300_000), "photo.jpg"), await file(same, "report.txt")];
  const [second] = [await file(same, "report again.txt")];
  await file(Buffer.from("not attached yet"), "waiting.txt");
  await within((ctx) =>
    actOnRequests(ctx, [
      { requestId: ids[0]!, entry: { kind: "message", text: "Here it is", attachmentIds } },
      { requestId: ids[1]!, entry: { kind: "note", text: "for us alone: \\. \b\f", attachmentIds: [second!] } },
      { requestId: ids[2]!, entry: { kind: "resolved" } },
    ]),
  );
  await within((ctx) => actOnRequests(ctx, [{ requestId: ids[2]!, entry: { kind: "confirmed" } }]));
  const made = await within((ctx) => createKey(ctx, { name: "script", memberEmail: owner, scopes: ["read"] }));
  return { companyId, email: owner, token, key: made.key };
}

interface Database {
  asSuperuser: TestPlatform["asSuperuser"];
}

/** Table → how many rows, and a digest of all of them in one order; of everything that a backup keeps. */
export async function contentsOf({ asSuperuser }: Database): Promise<Record<string, string>> {
  const tables = await asSuperuser<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`,
  );
  const kept = tables.filter(({ name }) => !Object.hasOwn(leftOut, name));
  const each = kept.map(
    ({ name }) => `select '${name}' as name, count(*) || ' ' ||
      md5(coalesce(string_agg(md5(t::text), '' order by md5(t::text) collate "C"), '')) as content from ${name} t`,
  );
  const found = await asSuperuser<{ name: string; content: string }>(each.join(" union all "));
  return Object.fromEntries(found.map(({ name, content }) => [name, content]));
}

/** Everything of the schema that a migration can make, as sentences. */
export async function schemaOf({ asSuperuser }: Database): Promise<string[]> {
  const rows = await asSuperuser<{ line: string }>(`
    select format('column %s.%s %s %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod), attnotnull,
        pg_get_expr(d.adbin, d.adrelid)) as line
      from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where attrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r')
        and attnum > 0 and not attisdropped
    union all select format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
      from pg_constraint where connamespace = 'public'::regnamespace
    union all select format('index %s', pg_get_indexdef(indexrelid)) from pg_index i
      join pg_class c on c.oid = i.indexrelid where c.relnamespace = 'public'::regnamespace
    union all select format('policy %s', p::text) from pg_policies p where schemaname = 'public'
    union all select format('table %s %s %s %s %s', relname, relrowsecurity, relforcerowsecurity, reloptions, relacl)
      from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
    union all select format('function %s %s %s', oid::regprocedure, prosrc, proacl) from pg_proc
      where pronamespace = 'public'::regnamespace
    order by 1`);
  return rows.map(({ line }) => line);
}

/** The figures of a company over all time, with their rows' filters. */
export async function figuresOf(platform: Platform, companyId: string) {
  const all = { from: "2020-01-01", to: "2030-12-31" };
  const later = { ...platform, clock: () => new Date("2026-11-30T00:00:00Z") };
  return inCompany(later, companyId, asOperator("test"), (ctx) => figuresByCall(ctx, all), "read");
}

/** A disk of this size (`16k`, `12m`), where this machine lets us have one. */
export function smallDisk(within: string, size: string) {
  const folder = mkdtempSync(join(within, "disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size},mode=0777`, "tmpfs", folder], { stdio: "pipe" });
  } catch (error) {
    rmdirSync(folder);
    throw error;
  }
  return {
    folder,
    remove: () => {
      execFileSync("umount", [folder]);
      rmdirSync(folder);
    },
  };
}

/** For a test's `skip`. */
export const noSmallDisk = (() => {
  try {
    smallDisk(tmpdir(), "16k").remove();
    return false;
  } catch {
    return "only root can mount a small disk";
  }
})();
