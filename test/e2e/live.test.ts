import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { en } from "../../src/web/text/en.ts";
import { axeFindings, openStage } from "./browser.ts";

/** Two at one request, in two browsers: what each sees of the other, and that nobody writes over anybody. */
const stage = await openStage();
/** What two people see of each other is there within this; a page that only asks now and then takes half a minute. */
const soon = { timeout: 10_000 };

async function posted(page: Page, path: string, body: object): Promise<Record<string, string>> {
  const text = await page.evaluate(
    async ([url, sent]) => {
      const headers = { "content-type": "application/json", "idempotency-key": crypto.randomUUID() };
      const answer = await fetch(`/api/v1${url}`, { method: "POST", headers, body: JSON.stringify(sent) });
      if (answer.status >= 300) throw new Error(await answer.text());
      return answer.text();
    },
    [path, body] as const,
  );
  return JSON.parse(text) as Record<string, string>;
}

async function setUp(page: Page): Promise<string> {
  await page.goto(/http\S+\/set-up#\S+/.exec(stage.said)![0]);
  await page.getByLabel(en["setUp.name"]).fill("Ana Weber");
  await page.getByLabel(en["setUp.email"]).fill("ana@example.com");
  await page.getByLabel(en["setUp.password"], { exact: true }).fill("vier zufällige Wörter");
  await page.getByLabel(en["setUp.companyName"]).fill("Kestrel Interiors");
  await page.getByRole("button", { name: en["setUp.submit"] }).click();
  await page.waitForURL(/\/c\/[0-9a-f-]{36}/);
  return /\/c\/([0-9a-f-]{36})/.exec(page.url())![1]!;
}

const said = (key: "conflict.mine" | "conflict.now" | "conflict.fact.mine" | "presence.here") => en[key];
const hears = (page: Page) => page.locator("output[data-live]").waitFor({ state: "attached", ...soon });

test("two see each other at one request: who is there, who writes, what is new; and neither writes over the other", async () => {
  const [ana, ben] = [await stage.visitor(), await stage.visitor({ width: 390, height: 800 })];
  const company = await setUp(ana.page);
  const invited = await posted(ana.page, `/companies/${company}/invitations`, {
    name: "Ben Okafor",
    email: "ben@example.com",
    role: "coordinator",
  });
  await ben.page.goto("/sign-in");
  const token = invited["link"]!.slice(invited["link"]!.indexOf("#") + 1);
  await posted(ben.page, "/invitations/accept", { token, name: "Ben Okafor", password: "vier andere Wörter hier" });

  // A call that one logs stands in the other's list.
  await ben.page.goto(`/c/${company}/requests`);
  await hears(ben.page);
  const request = await posted(ana.page, `/companies/${company}/requests`, { subject: "The plotter prints stripes" });
  await ben.page.getByRole("link", { name: "The plotter prints stripes" }).waitFor(soon);
  await ben.page.getByRole("link", { name: "The plotter prints stripes" }).click();
  await ben.page.getByRole("heading", { name: "The plotter prints stripes" }).waitFor();

  // Who else is here, and that they write.
  await ana.page.goto(`/c/${company}/requests/${request["number"]}`);
  await hears(ana.page);
  await ana.page.getByText(said("presence.here").replace("{names}", "Ben Okafor")).waitFor(soon);
  await ben.page.getByText(said("presence.here").replace("{names}", "Ana Weber")).waitFor(soon);
  const field = (page: Page) => page.getByLabel(en["compose.messageLabel"]);
  await field(ben.page).fill("They come on Thursday.");
  await ana.page.getByText(en["presence.writing"].replace("{names}", "Ben Okafor")).waitFor(soon);
  assert.deepEqual(await axeFindings(ana.page), []);

  // What one writes stands on the other's page, which keeps what is typed there and does not move it.
  await field(ana.page).fill("I have asked for a date");
  const top = () => field(ana.page).evaluate((element) => element.getBoundingClientRect().top);
  const before = await top();
  await ben.page.getByRole("button", { name: en["compose.send"] }).click();
  await ana.page.locator("li[data-new]", { hasText: "They come on Thursday." }).waitFor(soon);
  assert.ok(Math.abs((await top()) - before) < 2);
  assert.equal(await field(ana.page).inputValue(), "I have asked for a date");
  await ana.page.getByText(en["presence.writing"].replace("{names}", "Ben Okafor")).waitFor({ state: "hidden" });

  // A closed tab keeps what was typed, and says so.
  await ana.page.close();
  const again = await ana.context.newPage();
  await again.goto(`/c/${company}/requests/${request["number"]}`);
  await again.getByText(en["log.draft"]).waitFor();
  assert.equal(await field(again).inputValue(), "I have asked for a date");
  await hears(again);

  // Both change one fact: whoever is later sees both and chooses.
  const change = async (page: Page, words: string) => {
    const name = en["common.editThing"].replace("{thing}", en["request.fact.category"]);
    await page.getByRole("button", { name }).click();
    await page.getByRole("combobox", { name: en["request.fact.category"] }).fill(words);
  };
  await change(ben.page, "Printing");
  await change(again, "Plotters");
  await again.getByRole("button", { name: en["common.save"] }).click();
  const both = ben.page.locator("dl", { hasText: said("conflict.now") }).last();
  await both.waitFor(soon);
  assert.match(await both.innerText(), /What you wrote\s+Printing\s+What is there now\s+Plotters/);
  assert.deepEqual(await axeFindings(ben.page), []);
  await ben.page.getByRole("button", { name: said("conflict.fact.mine") }).click();
  await again.locator("#facts, section", { hasText: "Printing" }).first().waitFor(soon);

  // Whoever is signed out elsewhere is out here too.
  await ben.page.evaluate(() => fetch("/api/v1/sessions/current", { method: "DELETE" }));
  await ben.page.waitForURL(/\/sign-in/, soon);
  assert.deepEqual([...ana.problems, ...ben.problems], []);
});
