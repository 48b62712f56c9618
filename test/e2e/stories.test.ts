import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { en } from "../../src/web/text/en.ts";
import { axeFindings, openStage, sideways, type Visitor } from "./browser.ts";

/** What people do, in a real browser, on a server started as people start it. One company grows from story to story. */
const stage = await openStage();
const link = /http\S+\/set-up#\S+/.exec(stage.said)?.[0] ?? "";
const owner = { email: "ana.weber@example.com", password: "vier zufällige Wörter" };

async function signIn(visitor: Visitor): Promise<void> {
  const { page } = visitor;
  await page.goto("/sign-in");
  await page.getByLabel(en["signIn.email"], { exact: true }).fill(owner.email);
  await page.getByLabel(en["signIn.password"], { exact: true }).fill(owner.password);
  await page.getByRole("button", { name: en["signIn.submit"] }).click();
  await page.waitForURL(/\/c\/[0-9a-f-]{36}/);
}

describe("from the first start to a sentence", () => {
  test("the one-time link makes the company; the empty page says what to do next", async () => {
    const { page, problems } = await stage.visitor();
    await page.goto(link);
    await page.getByLabel(en["setUp.name"]).fill("Ana Weber");
    await page.getByLabel(en["setUp.email"]).fill(owner.email);
    await page.getByLabel(en["setUp.password"], { exact: true }).fill(owner.password);
    await page.getByLabel(en["setUp.companyName"]).fill("Kestrel Interiors");
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("button", { name: en["setUp.submit"] }).click();
    await page.getByText(en["empty.sentence"]).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    assert.deepEqual(problems, []);
  });

  test("the link works once: who comes second is told so, and makes nothing", async () => {
    const { page } = await stage.visitor();
    await page.goto(link);
    await page.getByLabel(en["setUp.name"]).fill("Mallory");
    await page.getByLabel(en["setUp.email"]).fill("mallory@example.com");
    await page.getByLabel(en["setUp.password"], { exact: true }).fill("correct horse battery");
    await page.getByLabel(en["setUp.companyName"]).fill("Mine now");
    await page.getByRole("button", { name: en["setUp.submit"] }).click();
    await page.getByText(/link has been used/).waitFor();
  });
});

describe("one call, from the telephone to confirmed", () => {
  test("logged by keyboard, answered, resolved by the supplier, confirmed; the sentence counts it", async () => {
    const visitor = await stage.visitor();
    const { page, problems } = visitor;
    await signIn(visitor);
    await page.getByText(en["empty.sentence"]).waitFor();
    // Typed on at once, while the form is still on its way: "g r" in it is no shortcut.
    await page.route(/\/LogCallDialog/, async (route) => {
      await setTimeout(300);
      await route.continue();
    });
    await page.keyboard.press("c");
    await page.keyboard.type("The plotter: big drawings, only half is printed");
    const dialog = page.getByRole("dialog", { name: en["log.title"] });
    const what = dialog.getByLabel(en["log.what"]);
    await what.waitFor();
    await page.waitForFunction(() => document.activeElement?.matches("[role=dialog] textarea"));
    assert.equal(await what.inputValue(), "The plotter: big drawings, only half is printed");
    await what.fill("The plotter prints only half of the plan");
    await dialog.getByRole("combobox", { name: en["log.who"] }).fill("Bruno Sala");
    assert.deepEqual(await axeFindings(page), []);
    await dialog.getByRole("button", { name: en["log.submit"] }).click();
    await dialog.waitFor({ state: "hidden" });
    await page.keyboard.press("g");
    await page.keyboard.press("r");
    await page.getByRole("link", { name: /plotter prints only half/ }).click();
    await page.getByRole("heading", { name: /plotter prints only half/ }).waitFor();
    assert.deepEqual(await axeFindings(page), []);

    await page.getByRole("button", { name: en["act.resolve"], exact: true }).click();
    await page.getByRole("dialog").getByLabel(en["act.resolve.text"]).fill("A new driver.");
    await page.getByRole("dialog").getByRole("button", { name: en["act.resolve.submit"] }).click();
    await page.getByText(en["request.promise.confirmation"]).first().waitFor();

    await page.getByRole("button", { name: en["act.confirm"], exact: true }).click();
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("dialog").getByRole("button", { name: en["act.confirm.submit"] }).click();
    await page.getByText(en["state.closed.confirmed"]).first().waitFor();

    await page.getByRole("link", { name: en["nav.overview"] }).first().click();
    await page
      .getByText(/you called once/i)
      .first()
      .waitFor();
    assert.deepEqual(problems, []);
  });

  test("found by a word of what was written, from the list and from the palette, and when it is told again", async () => {
    const visitor = await stage.visitor();
    const { page, problems } = visitor;
    await signIn(visitor);
    await page
      .getByText(/you called once/i)
      .first()
      .waitFor();
    await page.keyboard.press("/");
    const field = page.getByRole("searchbox", { name: en["requests.search"] });
    await field.waitFor();
    await page.waitForFunction(() => document.activeElement?.matches("input[type=search]"));
    await page.keyboard.type("drivers");
    const row = page.getByRole("row", { name: /plotter prints only half/ });
    await row.locator("mark", { hasText: "driver" }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await field.fill("zeppelin");
    await page.getByText(/Nothing was found for “zeppelin”/).waitFor();
    assert.deepEqual(await axeFindings(page), []);

    await page.keyboard.press("Control+k");
    await page.keyboard.type("driver");
    await page.getByRole("dialog").locator("mark", { hasText: "driver" }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: /plotter prints only half/ }).waitFor();

    await page.keyboard.press("c");
    const dialog = page.getByRole("dialog", { name: en["log.title"] });
    await dialog.getByLabel(en["log.what"]).fill("Plotter prints half again");
    const earlier = dialog.getByRole("list", { name: en["log.similarBefore"] });
    await earlier.getByRole("link", { name: /plotter prints only half/ }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    assert.deepEqual(problems, []);
  });

  test("reopened: it is open again, and says so", async () => {
    const visitor = await stage.visitor({ width: 390, height: 844 });
    const { page } = visitor;
    await signIn(visitor);
    await page.goto(
      `${page
        .url()
        .replace(/[?#].*/, "")
        .replace(/\/$/, "")}/requests`,
    );
    await page.getByRole("link", { name: /plotter prints only half/ }).click();
    await page.getByRole("button", { name: en["act.reopen"], exact: true }).click();
    await page.getByRole("dialog").getByLabel(en["act.reopen.text"]).fill("Half again.");
    await page.getByRole("dialog").getByRole("button", { name: en["act.reopen.submit"] }).click();
    await page.getByText(en["state.open"], { exact: true }).first().waitFor();
    assert.equal(await sideways(page), 0);
  });

  test("work is timed over a closed tab and written down; a slip is undone, a wrong word corrected, all by keyboard", async () => {
    const visitor = await stage.visitor();
    const { page, problems } = visitor;
    await signIn(visitor);
    await page.goto(`${/.*\/c\/[0-9a-f-]{36}/.exec(page.url())![0]}/requests/1`);
    const kind = (name: string) => page.locator("section[aria-labelledby=compose]").getByText(name, { exact: true });
    await kind(en["compose.worked"]).click();
    await page.getByRole("button", { name: en["timer.start"] }).press("Enter");
    await page.getByText(/Running since/).waitFor();
    const address = page.url();
    await page.goto("about:blank");
    await page.goto(address);
    await page.getByRole("link", { name: /clock is running for #1/ }).waitFor();
    await page.getByRole("button", { name: en["timer.stop"] }).press("Enter");
    await page.getByLabel(en["compose.minutes"]).fill("0:45");
    await page.getByLabel(en["compose.place"]).selectOption("onsite");
    await page.getByLabel(en["compose.workedLabel"]).fill("A new roller for Bruna");
    assert.deepEqual([await axeFindings(page), await sideways(page)], [[], 0]);
    await page.getByLabel(en["compose.workedLabel"]).press("Control+Enter");
    await page.getByText("45 min, on site").waitFor();
    assert.equal(await page.getByRole("link", { name: /clock is running/ }).count(), 0);

    const line = page.locator("li[data-kind=worked]");
    await line.getByRole("button", { name: en["correct.do"] }).press("Enter");
    const dialog = page.getByRole("dialog", { name: en["correct.title"] });
    await dialog.getByLabel(en["correct.text"]).fill("A new roller for Bruno");
    await dialog.getByLabel(en["compose.minutes"]).fill("1:15");
    assert.deepEqual(await axeFindings(page), []);
    await dialog.getByLabel(en["correct.text"]).press("Control+Enter");
    await line.getByText("A new roller for Bruno").waitFor();
    await line.getByText(/Corrected by Ana Weber/).click();
    await line.locator("s", { hasText: "A new roller for Bruna" }).waitFor();
    await page.locator("section[aria-labelledby=times]").getByText("1 h 15 min").waitFor();

    await page.getByRole("button", { name: en["act.resolve"], exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: en["act.resolve.submit"] }).click();
    const told = page.getByRole("status").filter({ hasText: en["act.resolve.done"] });
    await told.getByRole("button", { name: en["undo.do"] }).press("Enter");
    await page.getByText(/Taken back by Ana Weber/).waitFor();
    await page.getByText(en["state.open"], { exact: true }).first().waitFor();
    assert.deepEqual([await axeFindings(page), await sideways(page)], [[], 0]);
    assert.deepEqual(problems, []);
  });
});
