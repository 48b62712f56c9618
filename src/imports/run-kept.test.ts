import assert from "node:assert/strict";
import { it } from "node:test";
import { keepReading, takeReading, type Reading } from "./run-kept.ts";

it("a file that is to be read otherwise than in the dry run is read anew", () => {
  const of = { companyId: "c", subject: "requests", fileKey: "f", mapping: { columns: { a: 1 } }, timeZone: "UTC" };
  const reading = { understood: {} } as Reading;
  keepReading(of, reading, 1000);
  const others = { companyId: "d", subject: "people", fileKey: "g", mapping: { columns: { a: 2 } }, timeZone: "CET" };
  for (const [what, other] of Object.entries(others)) {
    assert.equal(takeReading({ ...of, [what]: other }), undefined, what);
  }
  assert.equal(takeReading(of), reading);
  assert.equal(takeReading(of), undefined, "it is handed out once");
});
