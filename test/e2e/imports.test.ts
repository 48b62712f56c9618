import assert from "node:assert/strict";
import { test } from "node:test";
import { en } from "../../src/web/text/en.ts";
import { axeFindings, openStage, sideways, type Visitor } from "./browser.ts";

/** A spreadsheet with doubts, in a real browser: settled once by a person; the second file of its kind asks nothing. */
const stage = await openStage();

async function setUp({ page }: Visitor): Promise<string> {
  await page.goto(/http\S+\/set-up#\S+/.exec(stage.said)![0]);
  await page.getByLabel(en["setUp.name"]).fill("Ana Weber");
  await page.getByLabel(en["setUp.email"]).fill("ana@example.com");
  await page.getByLabel(en["setUp.password"], { exact: true }).fill("vier zufällige Wörter");
  await page.getByLabel(en["setUp.companyName"]).fill("Kestrel Interiors");
  await page.getByRole("button", { name: en["setUp.submit"] }).click();
  await page.waitForURL(/\/c\/[0-9a-f-]{36}/);
  return /\/c\/[0-9a-f-]{36}/.exec(page.url())![0];
}

const csv = (name: string, ...rows: string[]) => ({
  name,
  mimeType: "text/csv",
  buffer: Buffer.from(["Ticket;Reported;Caller;Problem;Stage", ...rows].join("\n")),
});
const march = csv(
  "Northwind calls 2026-03.csv",
  "T-1;03/04/2026 09:10;Bo Tanaka;The printer in the hall is jammed;marinating",
  "T-2;04/04/2026 14:00;B. Tanaka;No network in the store room;closed",
  "T-3;05/04/2026 08:30;Ana Weber;A forgotten password;closed",
);
const later = csv(
  "Northwind calls 2026-04.csv",
  "T-1;03/04/2026 09:10;Bo Tanaka;The printer in the hall is jammed;marinating",
  "T-3;05/04/2026 08:30;Ana Weber;A forgotten password;closed",
  "T-4;06/05/2026 10:00;B. Tanaka;The projector stays dark;marinating",
);

test("doubts are settled on the page; the next file is recognised, asks nothing, and tells what is gone", async () => {
  const visitor = await stage.visitor();
  const { page, problems } = visitor;
  const company = await setUp(visitor);
  await page.goto(`${company}/imports`);
  await page.getByTestId("file").setInputFiles(march);

  const questions = page.locator("section:has(#questions)");
  await questions.getByText(en["imports.question.order.hint"]).waitFor({ timeout: 60_000 });
  await questions.getByText("3 April 2026", { exact: true }).click();
  await questions.getByRole("combobox", { name: /marinating/ }).selectOption("open.company");
  const tanaka = questions.getByRole("combobox", { name: "Who is B. Tanaka?" });
  await tanaka.waitFor({ timeout: 60_000 });
  assert.deepEqual(await axeFindings(page), []);
  await tanaka.selectOption({ label: "the same as Bo Tanaka" });
  await page.getByRole("heading", { name: en["imports.answers"] }).waitFor({ timeout: 60_000 });
  await page.getByRole("button", { name: /import 3/i }).click();
  await page.getByText(/kept as “Northwind calls”/).waitFor({ timeout: 60_000 });
  assert.deepEqual(await axeFindings(page), []);

  await page.goto(`${company}/imports`);
  await page.getByTestId("file").setInputFiles(later);
  await page.getByText(/Read as “Northwind calls”, as on/).waitFor({ timeout: 60_000 });
  await page.getByRole("button", { name: /import 1/i }).waitFor({ timeout: 60_000 });
  assert.equal(await questions.count(), 0, "nothing is asked");
  await page.getByText(/One request of an earlier file is not in this one/).waitFor();
  await page.getByRole("link", { name: "No network in the store room" }).waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await page.getByRole("button", { name: /import 1/i }).click();
  await page.getByRole("link", { name: en["imports.done.overview"] }).waitFor({ timeout: 60_000 });

  await page.goto(`${company}/imports`);
  await page.getByRole("heading", { name: en["imports.names"] }).waitFor();
  await page.getByRole("button", { name: "Northwind calls" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("“marinating”").waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await dialog.getByLabel(en["imports.kept.name"]).fill("Monthly export of Northwind");
  await dialog.getByRole("button", { name: en["imports.kept.rename"] }).click();
  await page.getByRole("heading", { name: "Monthly export of Northwind" }).waitFor();
  await dialog.getByRole("button", { name: "Take back: “marinating”" }).click();
  await dialog.getByText("“marinating”").waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 390, height: 844 });
  assert.equal(await sideways(page), 0);
  assert.deepEqual(problems, []);
});
