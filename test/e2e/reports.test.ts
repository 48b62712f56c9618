import assert from "node:assert/strict";
import { describe, test } from "node:test";
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
