import assert from "node:assert/strict";
import { test } from "node:test";
import { en } from "../../src/web/text/en.ts";
import { axeFindings, openStage, sideways } from "./browser.ts";

/** Three calls about one printer: two are the same told twice, one has the same cause. A fourth matter is split off. */
const stage = await openStage();

test("a coordinator merges what was told twice, links what has the same cause, and takes the merging back", async () => {
  const { page } = await stage.visitor();
  await page.goto(/http\S+\/set-up#\S+/.exec(stage.said)![0]);
  await page.getByLabel(en["setUp.name"]).fill("Ana Weber");
  await page.getByLabel(en["setUp.email"]).fill("ana@example.com");
  await page.getByLabel(en["setUp.password"], { exact: true }).fill("vier zufällige Wörter");
  await page.getByLabel(en["setUp.companyName"]).fill("Kestrel Interiors");
  await page.getByRole("button", { name: en["setUp.submit"] }).click();
  await page.waitForURL(/\/c\/[0-9a-f-]{36}/);
  const company = /\/c\/[0-9a-f-]{36}/.exec(page.url())![0];
  const statuses = await page.evaluate(
    async (path) => {
      const found: number[] = [];
      for (const subject of ["Printer on floor 2 jams", "Printer floor 2 jams again", "Toner on floor 2 smears"]) {
        const headers = { "content-type": "application/json", "idempotency-key": crypto.randomUUID() };
        found.push((await fetch(path, { method: "POST", headers, body: JSON.stringify({ subject }) })).status);
      }
      return found;
    },
    `/api/v1/companies/${company.slice(3)}/requests`,
  );
  assert.deepEqual(statuses, [201, 201, 201]);

  await page.goto(new URL(`${company}/requests/2`, page.url()).href);
  const links = page.getByRole("region", { name: en["links.title"] });
  const dialog = page.getByRole("dialog");

  // By number and by keyboard: the same cause as #3.
  await links.getByRole("button", { name: en["links.add"] }).press("Enter");
  await dialog.getByLabel(en["links.which"]).fill("3");
  await dialog.getByRole("radio", { name: /^#3 / }).press("Space");
  await dialog.getByLabel(en["links.which"]).press("Enter");
  await links.getByRole("link", { name: /#3 Toner/ }).waitFor();

  // The one that sounds alike is offered before anything is typed.
  await links.getByRole("button", { name: en["links.add"] }).click();
  await dialog.getByRole("radio", { name: /^#1 / }).check();
  await dialog.getByLabel(en["links.how"]).selectOption("merge");
  assert.deepEqual(await axeFindings(page), []);
  await dialog.getByRole("button", { name: en["links.merge"], exact: true }).click();
  await page
    .getByText(en["links.goesOn"])
    .getByRole("link", { name: /#1 Printer/ })
    .click();
  await page.waitForURL(/\/requests\/1$/);
  const timeline = page.getByRole("region", { name: en["request.timeline"] });
  await timeline.getByRole("link", { name: "in #2" }).first().waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await page.setViewportSize({ width: 390, height: 844 });
  assert.equal(await sideways(page), 0);
  await page.setViewportSize({ width: 1280, height: 900 });
  if (process.env["OPENBOOK_PICTURES"])
    await page.screenshot({ path: `${process.env["OPENBOOK_PICTURES"]}/merged.png`, fullPage: true });

  await links.getByRole("button", { name: "Take back the merging with #2" }).click();
  await timeline.getByRole("link", { name: "in #2" }).first().waitFor({ state: "detached" });
  await page.goto(new URL(`${company}/requests/2`, page.url()).href);
  await page.getByRole("button", { name: en["act.confirm"] }).waitFor();
  await links.getByRole("link", { name: /#3 Toner/ }).waitFor();

  // Another matter that was told with it becomes a request of its own, by keyboard.
  await links.getByRole("link", { name: /#3 Toner/ }).press("Enter");
  await page.waitForURL(/\/requests\/3$/);
  await page.getByLabel(en["compose.messageLabel"]).fill("And the scanner beside it stays dark");
  await page.keyboard.press("Control+Enter");
  await page
    .getByRole("listitem")
    .filter({ hasText: "And the scanner beside it stays dark" })
    .last()
    .getByRole("button", { name: en["act.split"] })
    .press("Enter");
  await dialog.getByRole("button", { name: en["act.split.submit"] }).waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await dialog.getByRole("button", { name: en["act.split.submit"] }).press("Enter");
  await page.getByRole("heading", { name: "And the scanner beside it stays dark" }).waitFor();
  await links.getByRole("link", { name: /#3 Toner/ }).waitFor();
});
