import assert from "node:assert/strict";
import { test } from "node:test";
import { en } from "../../src/web/text/en.ts";
import { axeFindings, openStage, sideways } from "./browser.ts";

/** What comes again and again is written down once, and logged in a few keys. */
const stage = await openStage();

test("a request becomes a template; typing its beginning offers it, one press fills in the call, another takes it back", async () => {
  const { page } = await stage.visitor();
  await page.goto(/http\S+\/set-up#\S+/.exec(stage.said)![0]);
  await page.getByLabel(en["setUp.name"]).fill("Ana Weber");
  await page.getByLabel(en["setUp.email"]).fill("ana@example.com");
  await page.getByLabel(en["setUp.password"], { exact: true }).fill("vier zufällige Wörter");
  await page.getByLabel(en["setUp.companyName"]).fill("Kestrel Interiors");
  await page.getByRole("button", { name: en["setUp.submit"] }).click();
  await page.waitForURL(/\/c\/[0-9a-f-]{36}/);
  const company = /\/c\/[0-9a-f-]{36}/.exec(page.url())![0];
  const at = (path: string) => page.goto(new URL(`${company}${path}`, page.url()).href);
  const what = page.getByLabel(en["log.what"]);

  await at("/settings/templates");
  await page.getByText(en["templates.none"]).waitFor();
  await at("/requests/new");
  await what.fill("Toner is empty");
  await page.getByRole("button", { name: en["log.more"] }).click();
  await page.getByRole("combobox", { name: en["log.category"] }).fill("Printing");
  await page.locator("input").and(page.getByLabel(en["request.fact.tags"])).fill("toner");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: en["log.submit"] }).click();
  await page.getByRole("button", { name: en["templates.make"] }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(en["common.name"]).fill("Toner");
  await dialog.getByRole("button", { name: en["common.save"] }).click();
  await dialog.waitFor({ state: "hidden" });

  await at("/settings/templates");
  await page.getByRole("row", { name: /Toner/ }).waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  assert.equal(await sideways(page), 0);
  assert.deepEqual(await axeFindings(page), []);

  await at("/requests/new");
  await what.fill("ton");
  await page.getByRole("button", { name: "Toner", exact: true }).press("Enter");
  assert.equal(await what.inputValue(), "Toner is empty");
  await page.getByRole("button", { name: en["common.undo"] }).click();
  assert.equal(await what.inputValue(), "ton");
  await page.getByLabel(en["templates.use"]).selectOption("Toner");
  assert.equal(await what.inputValue(), "ton", "what was typed stays");
  await page.getByRole("button", { name: en["log.more"] }).click();
  assert.equal(await page.getByRole("combobox", { name: en["log.category"] }).inputValue(), "Printing");
  assert.deepEqual(await axeFindings(page), []);
  await page.getByRole("button", { name: en["log.submit"] }).click();
  await page.getByRole("link", { name: /toner$/ }).waitFor();
});
