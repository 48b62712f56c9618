import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { tmpdir } from "node:os";
import { readConfig } from "../../src/config.ts";
import { en } from "../../src/web/text/en.ts";
import { axeFindings, openStage, sideways, type Visitor } from "./browser.ts";

/** The story a new customer judges us by: first start, drop the file, read the sentence, open every number. */
const { realData } = readConfig();
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

async function importFile({ page }: Visitor, company: string, path: string, button: RegExp): Promise<void> {
  await page.goto(`${company}/imports`);
  await page.getByTestId("file").setInputFiles(path);
  await page.getByRole("button", { name: button }).click({ timeout: 60_000 });
  await page.getByRole("link", { name: en["imports.done.overview"] }).waitFor({ timeout: 60_000 });
}

/** Each number of the table: what it says, and how many rows it should open. */
async function numbersOf({ page }: Visitor): Promise<{ name: string; href: string; expected: number }[]> {
  const rows = await page.locator("#numbers ~ * tbody tr, section:has(#numbers) tbody tr").all();
  const numbers = [];
  for (const row of rows) {
    const link = row.locator("td a").first();
    if ((await row.locator("td").count()) < 3 || (await link.count()) === 0) continue;
    const [name, value, n] = await row.locator("th, td").allInnerTexts();
    const share = /\((\d+) of/.exec(value!);
    const isCount = /^[\d,]+$/.test(value!.trim());
    const number = (text: string) => Number(text.replaceAll(/\D/g, ""));
    const expected = share ? Number(share[1]) : number(isCount ? value! : n!);
    const inValue = await row.locator("td, th").nth(1).locator("a").count();
    if (inValue > 0) numbers.push({ name: name!.trim(), href: (await link.getAttribute("href"))!, expected });
  }
  return numbers;
}

async function openEveryNumber(visitor: Visitor, least: number): Promise<void> {
  const numbers = await numbersOf(visitor);
  assert.ok(numbers.length >= least, `${numbers.length} numbers are links`);
  for (const { name, href, expected } of numbers) {
    await visitor.page.locator(`section:has(#numbers) a[href="${href}"]`).first().click();
    const heading = await visitor.page.getByRole("heading", { level: 1, name: /^[\d,]+ requests?/ }).innerText();
    const counted = Number.parseInt(heading.replaceAll(",", ""), 10);
    assert.equal(counted, expected, `"${name}" opens: ${heading}`);
    await visitor.page.goBack();
    await visitor.page.locator("#numbers").waitFor();
  }
}

const list = [
  "Nr;Gemeldet am;Von;Was;Status;Erledigt am",
  "1;02.11.2026 09:10;Ana;Drucker druckt nicht;Erledigt;02.11.2026 11:40",
  "2;03.11.2026 14:00;Bruno;Kein Internet im Lager;Offen;",
  "3;04.11.2026 08:30;Ana;Passwort vergessen;Geschlossen;04.11.2026 08:45",
  "4;31.11.2026 08:30;Ana;Ein Tag, den es nicht gibt;Offen;",
].join("\r\n");

test("an office's own list, and then the real event log: each gives its sentence, and every number opens its rows", async (t) => {
  const visitor = await stage.visitor();
  const { page, problems } = visitor;
  const company = await setUp(visitor);
  const path = join(tmpdir(), `openbook-liste-${process.pid}.csv`);
  await writeFile(path, Buffer.from(list, "latin1"));

  await importFile(visitor, company, path, /import 3/i);
  assert.deepEqual(await axeFindings(page), []);
  await page.getByRole("link", { name: en["imports.done.overview"] }).click();
  await page
    .getByText(/you called/)
    .first()
    .waitFor();
  assert.match(await page.locator("main").innerText(), /you called 3 times/);
  assert.deepEqual(await axeFindings(page), []);
  await openEveryNumber(visitor, 8);

  if (!realData) return t.skip("OPENBOOK_REAL_DATA is not set: the real event log was left out");
  await importFile(visitor, company, join(realData, "incident_event_log.csv"), /import 890/i);
  await page.getByRole("link", { name: en["imports.done.overview"] }).click();
  await page.getByText("Between 29 February and 2 March you called").first().waitFor();
  assert.match(await page.locator("main").innerText(), /you called 890 times/);
  await openEveryNumber(visitor, 8);
  assert.deepEqual(problems, []);
});

test("on a phone nothing needs sideways scrolling", async () => {
  const visitor = await stage.visitor({ width: 390, height: 844, dark: true });
  const { page } = visitor;
  await page.goto("/sign-in");
  await page.getByLabel(en["signIn.email"], { exact: true }).fill("ana@example.com");
  await page.getByLabel(en["signIn.password"], { exact: true }).fill("vier zufällige Wörter");
  await page.getByRole("button", { name: en["signIn.submit"] }).click();
  await page.waitForURL(/\/c\/[0-9a-f-]{36}/);
  const company = /\/c\/[0-9a-f-]{36}/.exec(page.url())![0];
  const paths = ["", "/requests", "/requests/new", "/imports", "/settings", "/settings/people", "/settings/hours"];
  for (const path of paths) {
    await page.goto(company + path);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    assert.equal(await sideways(page), 0, path);
    assert.deepEqual(await axeFindings(page), [], path);
  }
});
