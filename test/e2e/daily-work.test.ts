import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { en } from "../../src/web/text/en.ts";
import { instantOf, localDate } from "../../src/web/zone.ts";
import { axeFindings, beyondTab, openStage, sideways, type Visitor } from "./browser.ts";

const zone = "Europe/Berlin";

/** The coordinator's day with the list and the page of a request. One company grows from story to story. */
const stage = await openStage();
const visitor = await stage.visitor();
const { page, problems } = visitor;
const company = await setUp(visitor);

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

/** Through the API, one after the other, as a script would. @returns what the last one answered */
async function sent(path: string, bodies: object[]): Promise<{ id: string; number: number }> {
  const reply = await page.evaluate(
    async ([url, all]) => {
      let said = "";
      for (const body of all) {
        const headers = { "content-type": "application/json", "idempotency-key": crypto.randomUUID() };
        const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
        said = await answer.text();
        if (answer.status !== 201) throw new Error(said);
      }
      return said;
    },
    [`/api/v1/companies/${company.slice(3)}${path}`, bodies] as const,
  );
  return JSON.parse(reply) as { id: string; number: number };
}

const top = (page: Page, text: string) =>
  page.getByText(text, { exact: true }).evaluate((element) => element.getBoundingClientRect().top);

test("a long request opens with its beginning and its latest; earlier ones come in above without moving what is read", async () => {
  // Over a midnight: a heading for another day comes in with what is earlier.
  const midnight = instantOf(`${localDate(new Date(Date.now() - 86_400_000), zone)}T00:00`, zone).instant.getTime();
  const at = (minute: number) => new Date(midnight + (minute - 5) * 60_000).toISOString();
  const { id, number } = await sent("/requests", [{ subject: "The line drops every hour", reportedAt: at(0) }]);
  const messages = Array.from({ length: 79 }, (_, n) => ({
    kind: "message",
    text: `Word ${n + 1}`,
    happenedAt: at(n + 1),
  }));
  await sent(`/requests/${id}/entries`, messages);

  await page.goto(`${company}/requests/${number}`);
  await page.getByText("Word 79", { exact: true }).waitFor();
  assert.equal(await page.getByText("Word 29", { exact: true }).count(), 0);
  await page.getByText("29 entries between these are not shown.").waitFor();
  assert.deepEqual([await axeFindings(page), await sideways(page)], [[], 0]);

  await page.getByRole("button", { name: /to the latest of 80/i }).press("Enter");
  await page.waitForFunction(() => document.activeElement?.id === "entry-80");
  await page.getByRole("button", { name: en["request.toFirst"] }).press("Enter");
  await page.waitForFunction(() => document.activeElement?.id === "entry-1");

  await page.getByText("Word 30", { exact: true }).scrollIntoViewIfNeeded();
  await page.getByRole("button", { name: en["request.showEarlier"] }).focus();
  const before = await top(page, "Word 30");
  await page.keyboard.press("Enter");
  await page.getByText("Word 1", { exact: true }).waitFor({ state: "attached" });
  const moved = (await top(page, "Word 30")) - before;
  assert.ok(Math.abs(moved) < 2, `what was read stays where it was, not ${moved} px from it`);
  assert.equal(await page.evaluate(() => document.activeElement?.id), "entry-31");
  assert.equal(await page.getByText(/between these are not shown/).count(), 0);
  assert.deepEqual(problems, []);
});

test("the list by keyboard alone: rows are chosen, tagged with a preview, taken back, and found by their tag", async () => {
  await sent("/requests", [
    { subject: "Printer on the second floor", tags: ["printer"] },
    { subject: "Printer in dispatch" },
    { subject: "Scanner in dispatch" },
  ]);
  await page.goto(company);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await page.getByRole("link", { name: "Scanner in dispatch" }).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.waitForFunction(() => document.activeElement?.textContent === "Printer in dispatch");
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("X");
  await page.getByText("2 chosen").waitFor();
  assert.deepEqual([await axeFindings(page), await sideways(page)], [[], 0]);
  assert.deepEqual(await beyondTab(page), []);

  await page.keyboard.press("e");
  const dialog = page.getByRole("dialog", { name: "Change 2 requests" });
  await dialog.getByLabel(en["bulk.field"]).selectOption("tagsAdded");
  await dialog.getByRole("combobox", { name: en["request.fact.tags"] }).press("p");
  await page.keyboard.type("rinter");
  await page.keyboard.press("Enter");
  await dialog.getByText("1 of 2 changes; 1 is so already.").waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await dialog.getByRole("button", { name: "Change 1 request" }).press("Enter");
  await page.getByText("1 request changed.").waitFor();
  await page.goto(`${company}/requests?tag=printer`);
  await page.getByRole("heading", { name: /2 requests.*tagged printer/i }).waitFor();

  await page.keyboard.press("j");
  await page.keyboard.press("o");
  await page.getByText("none → printer").waitFor();
  await page.keyboard.press("l");
  await page.waitForFunction(() => document.activeElement?.id === "entry-2");
  await page.keyboard.press("k");
  await page.waitForFunction(() => document.activeElement?.id === "entry-1");
  await page.keyboard.press("m");
  await page.keyboard.type("Typed without a mouse");
  await page.keyboard.press("Control+Enter");
  await page.locator("#entry-3").getByText("Typed without a mouse").waitFor();
  assert.deepEqual(await beyondTab(page), []);

  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: en["shortcut.title"] }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.deepEqual([await axeFindings(page), problems], [[], []]);
});

test("one change to many is taken back as one", async () => {
  await page.goto(`${company}/requests`);
  await page
    .getByLabel(/Choose #/)
    .first()
    .check();
  await page
    .getByLabel(/Choose #/)
    .nth(2)
    .click({ modifiers: ["Shift"] });
  await page.getByText("3 chosen").waitFor();
  await page.getByRole("button", { name: en["bulk.change"] }).click();
  const dialog = page.getByRole("dialog", { name: "Change 3 requests" });
  await dialog.getByLabel(en["bulk.to"]).selectOption("high");
  await dialog.getByText("3 of 3 change.").waitFor();
  await dialog.getByRole("button", { name: "Change 3 requests" }).click();
  await page.getByRole("button", { name: en["common.undo"] }).click();
  await page.getByText("3 requests are as they were.").waitFor();
  assert.deepEqual(problems, []);
});
