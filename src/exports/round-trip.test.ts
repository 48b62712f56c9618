import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { exportStage } from "./exports-fixture.ts";
import { verifyExport } from "./exports.ts";
import { ledger, recordLedger, storedRecord } from "./ledger-fixture.ts";

const platform = await testPlatform();
const { exportOf, bringBack, smallCompany, files } = await exportStage(platform);

for (const format of ["json", "csv", "xlsx"] as const) {
  describe(`an export as ${format}`, () => {
    test("brought back into a new company it is the same ledger, whatever was written", async () => {
      await fc.assert(
        fc.asyncProperty(ledger, async (given) => {
          const company = await freshCompany(platform);
          await recordLedger(platform, company, given);
          const other = await bringBack(await exportOf(company, format));
          assert.deepEqual(await storedRecord(platform, other), await storedRecord(platform, company));
          const { entries } = await verifyExport(await exportOf(other, format));
          assert.ok(entries >= given.requests.length);
        }),
        { numRuns: format === "xlsx" ? 3 : 5 },
      );
    });

    test("its attachments come back with it", async () => {
      const company = await smallCompany();
      const other = await bringBack(await exportOf(company, format, true));
      const [row] = await platform.asSuperuser<{ file_key: string; file_name: string; seq: number }>(
        "select * from attachments where company_id = $1",
        [other],
      );
      assert.deepEqual([row!.file_name, row!.seq], ["printer.log", 1]);
      const { stream } = await files.openFile(row!.file_key);
      assert.equal(Buffer.concat(await stream.toArray()).toString(), "line 1\n");
      const without = await bringBack(await exportOf(company, format));
      assert.deepEqual(await platform.asSuperuser("select * from attachments where company_id = $1", [without]), []);
    });
  });
}
