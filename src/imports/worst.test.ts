import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { AppError } from "../errors.ts";
import { brokenChains } from "./imports-fixtures.ts";
import { importFile } from "./imports.ts";
import { worstFiles } from "./worst-fixtures.ts";
import { refusedFiles } from "./worst-refused-fixtures.ts";

/** Spreadsheets of the worst kind, through the whole import: what stands in the ledger, what is refused, what is doubted. */

const platform = await testPlatform();
const folder = await mkdtemp(join(tmpdir(), "openbook-worst-"));
after(() => rm(folder, { recursive: true, force: true }));

async function kept(name: string, bytes: Buffer): Promise<string> {
  const path = join(await mkdtemp(join(folder, "file-")), name);
  await writeFile(path, bytes);
  return path;
}

async function ledgerOf(company: string): Promise<string[]> {
  const rows = await platform.asSuperuser<{ line: string }>(
    `select concat_ws(' | ', coalesce(r.reference, '-'), r.subject, coalesce(p.name, '-'),
       to_char(r.reported_at at time zone 'Europe/Berlin', 'YYYY-MM-DD HH24:MI'),
       concat_ws(' ', r.state, to_char(r.resolved_at at time zone 'Europe/Berlin', 'YYYY-MM-DD HH24:MI')),
       (select string_agg(e.kind, ', ' order by e.seq) from entries e
        where e.company_id = r.company_id and e.request_id = r.id)) as line
     from requests r left join people p on p.company_id = r.company_id and p.id = r.reporter_id
     where r.company_id = $1 order by r.number`,
    [company],
  );
  return rows.map(({ line }) => line);
}

async function peopleOf(company: string): Promise<string> {
  const [row] = await platform.asSuperuser<{ names: string | null }>(
    `select string_agg(name, ', ' order by name collate "C") as names from people where company_id = $1`,
    [company],
  );
  return row!.names ?? "";
}

async function warningsOf(company: string): Promise<string[]> {
  const [row] = await platform.asSuperuser<{ preview: { warnings: string[] } }>(
    "select preview from imports where company_id = $1",
    [company],
  );
  return row!.preview.warnings;
}

// Each reading is a process of its own, so two at a time.
describe("spreadsheets as people leave them", { concurrency: 2, timeout: 600_000 }, () => {
  for (const { name, file, bytes, mapping, ...expected } of worstFiles)
    test(name, async () => {
      const company = await freshCompany(platform);
      const path = await kept(file, await bytes());
      const report = await importFile(platform, company, path, { mapping });
      assert.deepEqual(await ledgerOf(company), expected.ledger);
      assert.equal(await peopleOf(company), expected.people ?? "");
      assert.deepEqual(
        report.refused.map(({ row, code }) => `${row} ${code}`),
        expected.refused ?? [],
      );
      assert.equal(report.counts.refused, expected.refusedCount ?? report.refused.length);
      assert.deepEqual(
        report.doubts.map(({ code, count }) => `${count} ${code}`).toSorted(),
        (expected.doubts ?? []).toSorted(),
      );
      const warnings = await warningsOf(company);
      for (const pattern of expected.warnings ?? [])
        assert.ok(
          warnings.some((text) => pattern.test(text)),
          `${pattern}: ${warnings.join("\n")}`,
        );
      assert.equal(warnings.length, expected.warnings?.length ?? 0, warnings.join("\n"));
      assert.deepEqual(await brokenChains(platform, company), []);
      if (!expected.again) return;
      const again = await importFile(platform, company, path, { mapping });
      assert.deepEqual([again.counts.created, again.counts.entries], [0, 0], "the same file again changes nothing");
    });
});

describe("spreadsheets of which nothing comes in", { concurrency: 2, timeout: 600_000 }, () => {
  for (const { name, file, bytes, mapping, code, says } of refusedFiles)
    test(name, async () => {
      const company = await freshCompany(platform);
      const path = await kept(file, bytes());
      await assert.rejects(importFile(platform, company, path, { mapping }), (error) => {
        assert.ok(error instanceof AppError, String(error));
        assert.equal(error.code, code, error.message);
        assert.match(error.message, says);
        assert.match(error.message, /Nothing was imported/);
        // What is wrong with the file names it; what is wrong with the mapping is said of this one file anyway.
        if (!mapping) assert.ok(error.message.startsWith(`${file}: `), error.message);
        return true;
      });
      const [row] = await platform.asSuperuser<{ count: number }>(
        "select count(*)::int as count from imports where company_id = $1",
        [company],
      );
      assert.equal(row!.count, 0);
    });
});
