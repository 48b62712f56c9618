import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Page } from "playwright-core";
import { assetReportLink } from "../../src/reports/contract.ts";
import { en } from "../../src/web/text/en.ts";
import { follow } from "../../src/web/text/en/follow.ts";
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
      return (reply.status === 204 ? undefined : await reply.json()) as T;
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
    await stranger.page.getByText(/Nothing was sent/).waitFor();
    assert.equal(await stranger.page.getByLabel(words.what).inputValue(), "Anybody there?", "the text is kept");
    assert.deepEqual([...problems, ...stranger.problems], []);
  });
});

describe("what the coordinator hands out", () => {
  test("labels whose codes fill the thing in; ended, they lead on to sign in", async () => {
    const { page, problems } = desk;
    const asset = await ask<{ id: string }>("POST", "/assets", { name: "Printer floor 2", kind: "printer" });
    await page.goto(`/c/${company}/assets/labels?asset=${asset.id}`);
    const answer = page.waitForResponse((reply) => reply.url().endsWith("/report-links"));
    await page.getByRole("button", { name: "Make 1 label" }).click();
    const made = (await (await answer).json()) as { link: string; reportLink: { id: string } };
    await page.getByRole("button", { name: "Print 1 label" }).waitFor();
    await page.getByText("Something wrong? Scan.").waitFor();
    assert.deepEqual(await axeFindings(page), []);

    const label = assetReportLink(made.link, asset.id);
    const visitor = await stage.visitor(phone);
    await visitor.page.goto(label);
    await visitor.page.getByText(`${words.about} Printer floor 2`).waitFor();
    await ask("DELETE", `/report-links/${made.reportLink.id}`);
    await visitor.page.reload();
    await visitor.page.getByText(words.noLink).waitFor();
    const on = visitor.page.getByRole("link", { name: words.member });
    assert.equal(await on.getAttribute("href"), `/c/${company}/requests/new?asset=${asset.id}`);
    assert.deepEqual(await axeFindings(visitor.page), []);
    await visitor.context.close();
    assert.deepEqual(problems, []);
  });

  test("a link to follow, copied from the request's page, seen as opened, and ended", async () => {
    const { page, problems } = desk;
    const request = await ask<{ number: number }>("POST", "/requests", {
      subject: "No sound",
      reporter: { name: "Bo" },
    });
    await page.goto(`/c/${company}/requests/${request.number}`);
    await page.getByRole("button", { name: en["followLinks.open"] }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(en["followLinks.none"]).waitFor();
    await dialog.getByRole("button", { name: en["followLinks.make"] }).click();
    const link = await dialog.getByLabel(en["followLinks.link"], { exact: true }).inputValue();
    assert.match(link, /\/follow#[\w-]{43}$/);
    const visitor = await stage.visitor(phone);
    await visitor.page.goto(link);
    await visitor.page.getByRole("heading", { name: "No sound" }).waitFor();
    await dialog.getByRole("button", { name: en["reporting.revoke"] }).click();
    await dialog.getByText(en["followLinks.opened"]).waitFor();
    await dialog.getByText(en["followLinks.ended"], { exact: true }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await visitor.page.reload();
    await visitor.page.getByText(follow.noLink).waitFor();
    await visitor.context.close();
    assert.deepEqual(problems, []);
  });
});

/** What stands on the paper. */
async function printedWords(page: Page): Promise<string> {
  await page.emulateMedia({ media: "print" });
  const text = await page.evaluate(() => document.body.innerText);
  await page.emulateMedia({ media: "screen" });
  return text;
}

/** A picture of a camera's size, drawn in the page: its bytes are no matter, its measures are. */
async function takePhoto(page: Page): Promise<Buffer> {
  const text = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(3000, 2000);
    const context = canvas.getContext("2d")!;
    for (let n = 0; n < 400; n++) {
      context.fillStyle = `hsl(${n} 80% 50%)`;
      context.fillRect((n * 97) % 3000, (n * 61) % 2000, 200, 150);
    }
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: "image/jpeg" })).arrayBuffer());
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  });
  return Buffer.from(text, "latin1");
}

const listed = async () =>
  (await ask<{ items: { id: string; number: number; subject: string; channel: string }[] }>("GET", "/requests")).items;
const numbered = async (subject: string) => (await listed()).filter((request) => request.subject === subject);
const send = (page: Page) => page.getByRole("button", { name: words.send, exact: true }).click();

test("staff who sign in come to one field, send a photo with it, and say that it is fixed", async () => {
  const { link } = await ask<{ link: string }>("POST", "/invitations", {
    name: "Sam Staff",
    email: "sam@kestrel.example",
    role: "staff",
  });
  const visitor = await stage.visitor(phone);
  const { page, problems } = visitor;
  await page.goto(link);
  await page.getByLabel(en["setUp.password"], { exact: true }).fill("vier zufällige Wörter");
  await page.getByRole("button", { name: en["invitation.accept"] }).click();
  await page.waitForURL(/\/mine$/);
  await page.getByText(en["own.none"]).waitFor();
  await page.getByLabel(en["own.what"]).fill("The beamer shows green");
  await page.getByLabel(en["own.photo"]).setInputFiles({
    name: "IMG_0002.jpg",
    mimeType: "image/jpeg",
    buffer: await takePhoto(page),
  });
  await page.getByAltText(en["own.photoAlt"]).waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await page.getByRole("button", { name: en["own.send"], exact: true }).click();
  await page.getByText(/Received as #/).waitFor();
  const [request] = await numbered("The beamer shows green");
  await ask("POST", `/requests/${request!.id}/resolution`, { text: "A cable.", by: { party: "supplier" } });
  await page.reload();
  await page.getByRole("link", { name: /The beamer shows green/ }).click();
  await page.getByText("A cable.").waitFor();
  await page.getByText("With it: photo.jpg").waitFor();
  assert.deepEqual(await axeFindings(page), []);
  await page.getByRole("button", { name: en["own.broken"] }).click();
  await page.getByText(en["own.needWord"]).waitFor();
  await page.getByRole("main").getByRole("link", { name: en["own.back"] }).click();
  await page.getByRole("button", { name: en["own.fixed"] }).click();
  await page.getByText(follow.closed.confirmed).waitFor();
  assert.equal(await sideways(page), 0);
  assert.deepEqual(await axeFindings(page), []);
  const whole = await ask<{ state: string; reporter: { name: string } }>("GET", `/requests/${request!.id}`);
  assert.deepEqual([whole.state, whole.reporter.name], ["closed", "Sam Staff"]);
  assert.deepEqual(problems, []);
  await visitor.context.close();
});

describe("a report from a phone, without an account", () => {
  test("one page load, one field, a photo, and the rest of three taps; then by link to confirmed", async () => {
    const visitor = await stage.visitor(phone);
    const { page, problems } = visitor;
    let loads = 0;
    page.on("request", (request) => void (loads += Number(request.isNavigationRequest())));
    await page.goto(poster);
    await page.getByText("Kestrel Interiors").waitFor();
    // One: the field. Two: the photo. Three: Send.
    await page.getByLabel(words.what).fill("The printer on floor 2 is stuck");
    await page.getByLabel(words.photo).setInputFiles({
      name: "IMG_0001.jpg",
      mimeType: "image/jpeg",
      buffer: await takePhoto(page),
    });
    await page.getByAltText(words.photoAlt).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    assert.equal(await sideways(page), 0);
    await send(page);
    await page.getByText(words.received).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    assert.equal(loads, 1);
    const [request] = await numbered("The printer on floor 2 is stuck");
    assert.equal(request!.channel, "web");
    const whole = await ask<{ entries: { content: { attachments: { width: number; type: string }[] } }[] }>(
      "GET",
      `/requests/${request!.id}`,
    );
    const [photo] = whole.entries[0]!.content.attachments;
    assert.deepEqual([photo!.type, photo!.width], ["image/jpeg", 1600]);

    const resolution = { text: "A new roller.", by: { party: "supplier", name: "Tom Tech" } };
    await ask("POST", `/requests/${request!.id}/resolution`, resolution);
    await page.getByRole("link", { name: words.follow }).click();
    await page.getByRole("heading", { name: "The printer on floor 2 is stuck" }).waitFor();
    await page.getByText("A new roller.").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    assert.equal(await sideways(page), 0);
    await page.getByRole("button", { name: follow.broken }).click();
    await page.getByText(follow.needWord).waitFor();
    await page.getByRole("button", { name: follow.fixed }).click();
    await page.getByText(follow.closed.confirmed).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    const after = await ask<{ state: string; outcome: string }>("GET", `/requests/${request!.id}`);
    assert.deepEqual([after.state, after.outcome], ["closed", "confirmed"]);
    assert.deepEqual(problems, []);
    await visitor.context.close();
  });

  test("opens and is written without a connection, and arrives once; also when its answer was lost", async () => {
    const visitor = await stage.visitor(phone);
    const { page, context, problems } = visitor;
    await page.goto(poster);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await context.setOffline(true);
    await page.reload();
    await page.getByText("Kestrel Interiors").waitFor();
    await page.getByLabel(words.what).fill("No network in the cellar");
    await page.getByLabel(words.name).fill("Bruno Sala");
    await send(page);
    await page.getByText(words.waits).waitFor();
    await page.reload();
    await page.getByText(words.waiting).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    assert.equal((await numbered("No network in the cellar")).length, 0);
    // The first answer is lost on its way: it has arrived, and the device does not know.
    await page.evaluate(() => {
      const { fetch } = window;
      let lost = 0;
      window.fetch = async (...asked) => {
        const reply = await fetch(...asked);
        if (asked[0] === "/api/v1/reports" && lost++ === 0) throw new TypeError("the connection was reset");
        return reply;
      };
    });
    await context.setOffline(false);
    await page.getByRole("link", { name: /No network in the cellar/ }).waitFor();
    assert.equal((await numbered("No network in the cellar")).length, 1);
    await page.reload();
    assert.equal(await page.getByLabel(words.name).inputValue(), "Bruno Sala");
    assert.equal(await page.getByLabel(words.what).inputValue(), "");
    assert.equal((await numbered("No network in the cellar")).length, 1);
    assert.deepEqual(problems, []);
    await visitor.context.close();
  });
});
