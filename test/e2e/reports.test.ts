import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Page } from "playwright-core";
import { en } from "../../src/web/text/en.ts";
import { report as words } from "../../src/web/text/en/report.ts";
import { axeFindings, openStage, sideways } from "./browser.ts";

/** People who have no account, on a phone in a corridor. */
const stage = await openStage();
const link = /http\S+\/set-up#\S+/.exec(stage.said)?.[0] ?? "";
const phone = { width: 390, height: 844 };

const desk = await stage.visitor();
await desk.page.goto(link);
await desk.page.getByLabel(en["setUp.name"]).fill("Ana Weber");
await desk.page.getByLabel(en["setUp.email"]).fill("ana.weber@example.com");
await desk.page.getByLabel(en["setUp.password"], { exact: true }).fill("vier zufällige Wörter");
await desk.page.getByLabel(en["setUp.companyName"]).fill("Kestrel Interiors");
await desk.page.getByRole("button", { name: en["setUp.submit"] }).click();
await desk.page.waitForURL(/\/c\/[0-9a-f-]{36}/);
const company = /\/c\/([0-9a-f-]{36})/.exec(desk.page.url())![1]!;

/** As the coordinator's own page would call. */
async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  return desk.page.evaluate(
    async ([method, at, body]) => {
      const headers = { "content-type": "application/json" };
      const reply = await fetch(at!, { method: method!, headers, ...(body ? { body } : {}) });
      return (await reply.json()) as T;
    },
    [method, `/api/v1/companies/${company}${path}`, body === undefined ? undefined : JSON.stringify(body)] as const,
  );
}
const { link: poster } = await ask<{ link: string }>("POST", "/report-links", { name: "Kitchen" });

describe("the coordinator", () => {
  test("makes a link, prints its poster, and ends it; a phone that reads the code is at the report page", async () => {
    const { page, problems } = desk;
    await page.goto(`/c/${company}/settings/report-page`);
    await page.getByRole("button", { name: en["reporting.add"] }).click();
    await page.getByLabel(en["reporting.name"]).fill("Hall");
    await page.getByRole("dialog").getByRole("button", { name: en["reporting.add"] }).click();
    await page.getByRole("heading", { name: en["reporting.poster.title"] }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    const made = await page.getByLabel(en["reporting.link"], { exact: true }).inputValue();
    assert.match(made, /\/r#[\w-]{44}$/);
    const [sheets, paper] = [await page.pdf({ preferCSSPageSize: true }), await printedWords(page)];
    assert.equal(sheets.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length, 1, "one sheet");
    assert.match(paper, /Kestrel Interiors[^]*Hall/);
    assert.ok(!paper.includes(en["reporting.print"]), "the sheet alone");

    await page.getByRole("button", { name: en["common.close"] }).click();
    const row = page.getByRole("row", { name: /Hall/ });
    await row.getByRole("button", { name: en["reporting.revoke"] }).click();
    await page.getByRole("dialog").getByRole("button", { name: en["reporting.revoke"] }).click();
    await row.getByText(/ended/).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    const stranger = await stage.visitor(phone);
    await stranger.page.goto(made);
    await stranger.page.getByLabel(words.what).fill("Anybody there?");
    await stranger.page.getByRole("button", { name: words.send, exact: true }).click();
    await stranger.page.getByText(/withdrawn/).waitFor();
    assert.equal(await stranger.page.getByLabel(words.what).inputValue(), "Anybody there?", "the text is kept");
    assert.deepEqual([...problems, ...stranger.problems], []);
  });
});

/** What stands on the paper. */
async function printedWords(page: Page): Promise<string> {
  await page.emulateMedia({ media: "print" });
  const text = await page.evaluate(() => document.body.innerText);
  await page.emulateMedia({ media: "screen" });
  return text;
}

describe("a report from a phone, without an account", () => {
  test("one page load, one field, one press; a name is remembered on the device", async () => {
    const { page, problems } = await stage.visitor(phone);
    let loads = 0;
    page.on("request", (request) => void (loads += Number(request.isNavigationRequest())));
    await page.goto(poster);
    await page.getByLabel(words.what).fill("The printer on floor 2 is stuck");
    await page.getByLabel(words.name).fill("Bruno Sala");
    assert.deepEqual(await axeFindings(page), []);
    assert.equal(await sideways(page), 0);
    await page.getByRole("button", { name: words.send, exact: true }).click();
    await page.getByText(words.received).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    assert.equal(loads, 1);
    await page.reload();
    assert.equal(await page.getByLabel(words.name).inputValue(), "Bruno Sala");
    assert.equal(await page.getByLabel(words.what).inputValue(), "");
    const { items } = await ask<{ items: { subject: string; channel: string }[] }>("GET", "/requests");
    assert.deepEqual(
      [items.length, items[0]!.subject, items[0]!.channel],
      [1, "The printer on floor 2 is stuck", "web"],
    );
    assert.deepEqual(problems, []);
  });
});
