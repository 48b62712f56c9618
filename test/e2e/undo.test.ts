import assert from "node:assert/strict";
import { test } from "node:test";
import { en } from "../../src/web/text/en.ts";
import { axeFindings, openStage, sideways, type Visitor } from "./browser.ts";

/** The wrong list was dropped: a click takes all of it back, unless somebody has gone on working with it. */
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

const people =
  "Name,E-Mail,Telefon,Firma\nBen Ode,ben@example.org,211,\nTess Technik,tess@x.example,212,Northwind IT\n";
const calls = "Nr,Subject,Reporter,Reported,State\n1,Printer broken,Cleo,2026-11-02 10:00,open\n";

test("a list brought by mistake goes again; one that somebody went on working with stays, and the page says why", async () => {
  const visitor = await stage.visitor();
  const { page, problems } = visitor;
  const company = await setUp(visitor);
  const bring = async (name: string, text: string) => {
    await page.goto(`${company}/imports`);
    await page.getByTestId("file").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
    await page.getByRole("button", { name: /^import \d/i }).click({ timeout: 60_000 });
    await page.getByRole("button", { name: en["undoing.do"] }).waitFor({ timeout: 60_000 });
  };
  const undo = async () => {
    await page.getByRole("button", { name: en["undoing.do"] }).click();
    await page.getByRole("dialog").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("dialog").getByRole("button", { name: en["undoing.do"] }).click();
  };

  await bring("people.csv", people);
  await undo();
  await page.getByRole("heading", { level: 1, name: en["undoing.done.title"] }).waitFor({ timeout: 60_000 });
  const said = await page.locator("main").innerText();
  assert.match(said, /2 people are gone\. 1 person or supplier that its cells named is gone with it\./);
  assert.match(said, /Ana Weber undid it/);
  assert.deepEqual([await axeFindings(page), await sideways(page)], [[], 0]);
  await page.goto(`${company}/settings/people`);
  await page.getByText("Ana Weber").first().waitFor();
  assert.equal(await page.getByText("Tess Technik").count(), 0);

  await bring("calls.csv", calls);
  const imported = page.url();
  await page.goto(`${company}/requests`);
  await page.getByRole("link", { name: /Printer broken/ }).click();
  await page.getByText(/Brought in by Ana Weber/).waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await page.getByRole("button", { name: en["act.confirm"] }).first().click();
  await page.getByRole("button", { name: en["act.confirm.submit"] }).click();
  await page.getByText(en["act.confirm.done"]).first().waitFor();
  await page.getByRole("link", { name: /calls\.csv/ }).click();
  await page.waitForURL(imported);
  await undo();
  await page.getByText(/Of the 1 request of this import, 1 went on since: #1/).waitFor();
  assert.deepEqual(problems, []);
});
