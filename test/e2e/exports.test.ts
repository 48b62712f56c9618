import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Page } from "playwright-core";
import { en } from "../../src/web/text/en.ts";
import { axeFindings, openStage, sideways } from "./browser.ts";

/** Somebody takes the record with them and proves it on a machine that has no installation. */
const stage = await openStage();
const link = /http\S+\/set-up#\S+/.exec(stage.said)?.[0] ?? "";
const folder = await mkdtemp(join(tmpdir(), "openbook-taken-"));
after(() => rm(folder, { recursive: true, force: true }));

/** What the first story took away, for the second. */
let takenFile = "";

function openbook(...args: string[]) {
  const command = ["bin/openbook.js", ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    encoding: "utf8",
    cwd: join(import.meta.dirname, "../.."),
  });
  return { status, said: stdout + stderr };
}

async function setUp(page: Page, address: string, company: string): Promise<void> {
  await page.goto(address);
  await page.getByLabel(en["setUp.name"]).fill("Ana Weber");
  await page.getByLabel(en["setUp.email"]).fill("ana.weber@example.com");
  await page.getByLabel(en["setUp.password"], { exact: true }).fill("vier zufällige Wörter");
  await page.getByLabel(en["setUp.companyName"]).fill(company);
  await page.getByRole("button", { name: en["setUp.submit"] }).click();
  await page.getByText(en["empty.sentence"]).waitFor();
}

test("the record is asked for, made, downloaded and proven; the list's table too", async () => {
  const visitor = await stage.visitor();
  const { page, problems } = visitor;
  await setUp(page, link, "Kestrel Interiors");
  await page.keyboard.press("c");
  const dialog = page.getByRole("dialog", { name: en["log.title"] });
  await dialog.getByLabel(en["log.what"]).fill("=The plotter prints only half");
  await dialog.getByRole("combobox", { name: en["log.who"] }).fill("Bruno Sala");
  await dialog.getByRole("button", { name: en["log.submit"] }).click();
  await dialog.waitFor({ state: "hidden" });

  await page.goto(`${/\/c\/[0-9a-f-]{36}/.exec(page.url())![0]}/settings/exports`);
  await page.getByText(en["exports.earlier.none"]).waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await page.getByRole("radio", { name: en["exports.format.json"] }).check();
  await page.getByLabel(en["exports.attachments"]).check();
  await page.getByRole("button", { name: en["exports.make"] }).click();
  const taken = page.getByRole("link", { name: /^Download: The whole record, JSON/ });
  await taken.waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await page.setViewportSize({ width: 390, height: 800 });
  assert.equal(await sideways(page), 0);
  await page.setViewportSize({ width: 1280, height: 900 });
  const [download] = await Promise.all([page.waitForEvent("download"), taken.click()]);
  assert.match(download.suggestedFilename(), /^Kestrel Interiors record \d{4}-\d\d-\d\d\.zip$/);
  const path = join(folder, download.suggestedFilename());
  await download.saveAs(path);
  takenFile = path;
  const { status, said } = openbook("verify", path);
  assert.equal(status, 0, said);
  assert.match(said, /1 chain of 1 entry hold/);

  await page.getByRole("link", { name: en["nav.requests"] }).first().click();
  await page.getByRole("button", { name: en["exports.these"] }).click();
  const these = page.getByRole("dialog", { name: en["exports.these.title"] });
  assert.deepEqual(await axeFindings(page), []);
  await these.getByRole("button", { name: en["exports.these.submit"] }).click();
  const table = these.getByRole("link", { name: /^Download: A table of requests, a workbook/ });
  await table.waitFor();
  assert.deepEqual(await axeFindings(page), []);
  const [workbook] = await Promise.all([page.waitForEvent("download"), table.click()]);
  assert.match(workbook.suggestedFilename(), /^Kestrel Interiors requests \d{4}-\d\d-\d\d\.xlsx$/);
  assert.deepEqual(problems, []);
});

test("it is dropped on the import page of another installation, comes back, and is opened", async () => {
  const other = await openStage();
  const { page, problems } = await other.visitor();
  await setUp(page, /http\S+\/set-up#\S+/.exec(other.said)?.[0] ?? "", "New House");
  await page.goto(`${/\/c\/[0-9a-f-]{36}/.exec(page.url())![0]}/imports`);
  await page.getByTestId("file").setInputFiles(takenFile);
  await page.getByText(/This is no list, but the record of Kestrel Interiors/).waitFor({ timeout: 60_000 });
  await page.getByRole("button", { name: en["exports.return"] }).click();
  const returns = page.getByRole("region", { name: en["exports.returns"] });
  await returns.getByRole("progressbar").waitFor({ timeout: 60_000 });
  await returns.getByText("The record of Kestrel Interiors is back: 1 request.").waitFor({ timeout: 60_000 });
  assert.deepEqual(await axeFindings(page), []);
  await page.setViewportSize({ width: 390, height: 800 });
  assert.equal(await sideways(page), 0);
  await page.setViewportSize({ width: 1280, height: 900 });
  await returns.getByRole("link", { name: en["exports.return.open"] }).click();
  await page.getByRole("link", { name: en["nav.requests"] }).first().click();
  await page.getByText("=The plotter prints only half").first().waitFor();
  assert.deepEqual(problems, []);
});
