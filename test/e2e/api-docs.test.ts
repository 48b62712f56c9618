import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { en } from "../../src/web/text/en.ts";
import { openStage, sideways } from "./browser.ts";

/** Somebody who writes a script reads what there is, and tries it out with the session they are signed in with. */
const stage = await openStage();
/** A megabyte and a half of script, which draws the whole document: on a busy machine that takes its time. */
const patienceMs = 90_000;

test("the API is read without an account, and no text of the document becomes markup", async () => {
  const { page, problems } = await stage.visitor({ width: 390 });
  page.setDefaultTimeout(patienceMs);
  const reply = await page.goto("/api/docs#/requests/listRequests");
  const policy = reply!.headers()["content-security-policy"]!;
  assert.match(policy, /script-src 'self';/);
  assert.match(policy, /require-trusted-types-for 'script'; trusted-types dompurify$/);
  assert.doesNotMatch(policy, /unsafe/);
  await page.locator("#operations-requests-listRequests").getByText("Requests, the latest reported first").waitFor();
  await page.locator("#operations-requests-listRequests").getByText("Default value").first().waitFor();
  assert.equal(await page.locator("#api .markdown :not(p):not(code)").count(), 0);
  assert.equal(await sideways(page), 0);
  assert.deepEqual(problems, [], "nothing refused by the policy, nothing asked of another host");
});

test("a signed-in reader tries a route out: the company stands there already, the reply is the real one", async () => {
  const { page, problems } = await stage.visitor({ dark: true });
  page.setDefaultTimeout(patienceMs);
  await page.goto(/http\S+\/set-up#\S+/.exec(stage.said)![0]);
  await page.getByLabel(en["setUp.name"]).fill("Ana Weber");
  await page.getByLabel(en["setUp.email"]).fill("ana@example.com");
  await page.getByLabel(en["setUp.password"], { exact: true }).fill("vier zufällige Wörter");
  await page.getByLabel(en["setUp.companyName"]).fill("Kestrel Interiors");
  await page.getByRole("button", { name: en["setUp.submit"] }).click();
  await page.waitForURL(/\/c\/[0-9a-f-]{36}/);
  const company = /\/c\/([0-9a-f-]{36})/.exec(page.url())![1]!;
  await page.getByText(en["empty.sentence"]).waitFor();
  await page.goto("/api/docs#/companies/getCompany");
  const operation = page.locator("#operations-companies-getCompany");
  await operation.getByRole("button", { name: "Try it out" }).click();
  await operation.locator(`input[placeholder="company"][value="${company}"]`).waitFor();
  await operation.getByRole("button", { name: "Execute" }).click();
  await operation.locator(".live-responses-table").getByText("Kestrel Interiors").waitFor();
  assert.deepEqual(problems, []);
});

test("nobody is told that it was installed, and no other page loads it", async () => {
  const root = new URL("../../", import.meta.url);
  const settings = JSON.parse(await readFile(new URL("package.json", root), "utf8")) as Record<string, never>;
  assert.deepEqual(settings["scarfSettings"], { enabled: false });
  assert.equal(settings["allowScripts"]!["@scarf/scarf"], false);
  const { page } = await stage.visitor();
  const asked: string[] = [];
  page.on("request", (request) => void asked.push(request.url()));
  await page.goto("/sign-in");
  await page.getByLabel(en["common.email"], { exact: true }).waitFor();
  assert.deepEqual(asked.filter((url) => url.includes("api-docs")), []); // prettier-ignore
});
