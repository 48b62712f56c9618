import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { importFile, type ImportFileOptions } from "./imports.ts";

/** Rows that are gone from a file that comes again: reported, and kept. */

const platform = await testPlatform();
const folder = await mkdtemp(join(tmpdir(), "openbook-vanished-"));
after(() => rm(folder, { recursive: true, force: true }));

let count = 0;
async function bring(
  company: string,
  days: string[],
  options: ImportFileOptions = {},
  header = "Nr,Subject,Reported,State",
) {
  const path = join(folder, `calls-${++count}.csv`);
  const rows = days.map((day) => `${day.replaceAll("-", "")},Call of ${day},2026-${day} 10:00,closed`);
  await writeFile(path, [header, ...rows, ""].join("\n"));
  const { vanished, counts } = await importFile(platform, company, path, options);
  return { counts, gone: vanished?.requests.map(({ reference }) => reference) ?? [], count: vanished?.count ?? 0 };
}

test("what earlier files told of these days and this one does not is reported, in the dry run too, and kept", async () => {
  const company = await freshCompany(platform);
  await bring(company, ["02-03", "02-20", "03-01", "03-10", "03-31"]);
  assert.deepEqual((await bring(company, ["03-01", "03-31"], { dryRun: true })).gone, ["0310"], "not February");
  assert.deepEqual((await bring(company, ["02-03", "03-01", "03-31"])).gone, ["0220", "0310"]);
  assert.deepEqual((await bring(company, ["02-20"])).gone, [], "a file of other days says nothing of them");
  const kept = await platform.asSuperuser<{ n: number }>(
    "select count(*)::int as n from requests where company_id = $1 and not withdrawn",
    [company],
  );
  assert.equal(kept[0]!.n, 5);
});

test("nor is it what another kind of file brought, what was refused, or what is another source's", async () => {
  const company = await freshCompany(platform);
  await bring(company, ["03-01", "03-10", "03-31"]);
  const other = await bring(company, ["03-02", "03-30"], {}, "Ticket,Problem,Opened at,Status");
  assert.deepEqual(other.gone, []);
  const path = join(folder, "refused.csv");
  await writeFile(
    path,
    "Nr,Subject,Reported,State\n0301,a,2026-03-01 10:00,closed\n0310,b,someday,closed\n0331,c,2026-03-31 10:00,closed\n",
  );
  const refused = await importFile(platform, company, path, { dryRun: true });
  assert.deepEqual([refused.counts.refused, refused.vanished], [1, undefined]);
  const columns = { number: "Nr", subject: "Subject", reportedAt: "Reported", state: "State" } as const;
  const mapping = { layout: "requests" as const, columns, source: "Contoso" };
  assert.deepEqual((await bring(company, ["03-01", "03-31"], { mapping, dryRun: true })).gone, []);
});
