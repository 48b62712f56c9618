import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
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
    });

    test("without their bytes they stay known, and the record can be proven and taken away again", async () => {
      const without = await bringBack(await exportOf(await smallCompany(), format));
      const keys = await platform.asSuperuser("select file_key from attachments where company_id = $1", [without]);
      assert.deepEqual(keys, [{ file_key: "" }]);
      const again = await exportOf(without, format, format !== "xlsx");
      const { attachments, withoutBytes } = await verifyExport(again);
      assert.deepEqual([attachments, withoutBytes], [1, 1]);
      await bringBack(again);
    });

    test("one that is damaged or gone does not keep the others from going along", async () => {
      const company = await smallCompany();
      for (const harm of [(path: string) => writeFile(path, "line 2\n"), (path: string) => rm(path)]) {
        const [row] = await platform.asSuperuser<{ file_key: string }>(
          "select file_key from attachments where company_id = $1",
          [company],
        );
        await harm(files.pathOf(row!.file_key));
        const path = await exportOf(company, format, true);
        assert.equal((await verifyExport(path)).withoutBytes, 1);
        await bringBack(path);
      }
    });
  });
}
