import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import type { Page } from "playwright-core";
import { en } from "../../src/web/text/en.ts";
import { axeFindings, openStage, sideways, type Visitor } from "./browser.ts";

/** Files that go with a call and with what is written, in a real browser. */
const stage = await openStage();
const link = /http\S+\/set-up#\S+/.exec(stage.said)?.[0] ?? "";
const owner = { email: "ana.weber@example.com", password: "vier zufällige Wörter" };
let company = "";

/** Two by one pixels. */
const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVR4nGP4z8DAwPAfAAcAAf9Ifn9tAAAAAElFTkSuQmCC",
  "base64",
);
const file = (name: string, mimeType: string, content: Buffer | string) => ({
  name,
  mimeType,
  buffer: Buffer.from(content),
});

async function setUp({ page }: Visitor): Promise<void> {
  await page.goto(link);
  await page.getByLabel(en["setUp.name"]).fill("Ana Weber");
  await page.getByLabel(en["setUp.email"]).fill(owner.email);
  await page.getByLabel(en["setUp.password"], { exact: true }).fill(owner.password);
  await page.getByLabel(en["setUp.companyName"]).fill("Kestrel Interiors");
  await page.getByRole("button", { name: en["setUp.submit"] }).click();
  await page.waitForURL(/\/c\/[0-9a-f-]{36}/);
  company = /\/c\/([0-9a-f-]{36})/.exec(page.url())![1]!;
  await page.getByText(en["empty.sentence"]).waitFor();
}

const desk = await stage.visitor();
await setUp(desk);

/** A call logged through the API, as the page itself would; opens its page. */
async function openCall(page: Page, subject: string): Promise<void> {
  const number = await page.evaluate(
    async ([at, body]) => {
      const headers = { "content-type": "application/json" };
      const reply = await fetch(at!, { method: "POST", headers, body: body! });
      return ((await reply.json()) as { number: number }).number;
    },
    [`/api/v1/companies/${company}/requests`, JSON.stringify({ subject })],
  );
  await page.goto(`/c/${company}/requests/${number}`);
  await page.getByLabel(en["compose.messageLabel"]).waitFor();
}

/** Drops or pastes files as a person would: the page sees the same event with the same kind of content. */
async function give(page: Page, how: "drop" | "paste", files: ReturnType<typeof file>[], text?: string): Promise<void> {
  const given = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, content: buffer.toString("base64") }));
  await page.evaluate(
    ({ how, given, text }) => {
      const data = new DataTransfer();
      for (const { name, mimeType, content } of given) {
        const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
        data.items.add(new File([bytes], name, { type: mimeType }));
      }
      if (text !== undefined) data.setData("text/plain", text);
      const target = document.activeElement ?? document.body;
      const options = { bubbles: true, cancelable: true };
      if (how === "paste") target.dispatchEvent(new ClipboardEvent("paste", { ...options, clipboardData: data }));
      else {
        target.dispatchEvent(new DragEvent("dragover", { ...options, dataTransfer: data }));
        target.dispatchEvent(new DragEvent("drop", { ...options, dataTransfer: data }));
      }
    },
    { how, given, text },
  );
}

const taken = (page: Page, name: string) =>
  page.getByRole("button", { name: en["files.remove"].replace("{name}", name) });
const shown = (page: Page, name: string) =>
  page.getByRole("button", { name: en["files.open"].replace("{name}", name) });

describe("a call is logged with what there is to show", () => {
  test("a picture is pasted, a file chosen; both stand in the timeline, and come back byte by byte", async () => {
    const { page } = desk;
    await page.keyboard.press("c");
    const dialog = page.getByRole("dialog", { name: en["log.title"] });
    await dialog.getByLabel(en["log.what"]).fill("The scanner shows a strange sign");
    await give(page, "paste", [file("image.png", "image/png", png)]);
    await dialog
      .getByTestId("attach")
      .setInputFiles([file("<b>log<b>.html", "text/html", "<script>alert(1)</script>")]);
    await taken(page, "_b_log_b_.html").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await dialog.getByRole("button", { name: en["log.submit"] }).click();
    await dialog.waitFor({ state: "hidden" });
    await page.goto(`/c/${company}/requests`);
    await page.getByRole("link", { name: /strange sign/ }).click();
    // What was pasted is named by its moment.
    const picture = page.getByRole("button", { name: /Show \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d\.png large/ });
    await picture.waitFor();
    const width = () => picture.locator("img").evaluate((image: HTMLImageElement) => image.naturalWidth);
    await assertSoon(async () => (await width()) === 2);
    assert.deepEqual(await axeFindings(page), []);
    const waiting = page.waitForEvent("download");
    await page.getByRole("link", { name: /log.*\.html/ }).click();
    const download = await waiting;
    assert.equal(await readFile(await download.path(), "utf8"), "<script>alert(1)</script>");
    await picture.click();
    await page.getByRole("dialog").locator("img").waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.keyboard.press("Escape");
    assert.deepEqual(desk.problems, []);
  });
});

async function assertSoon(holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail("it never came to that");
}

describe("what is written takes files along", () => {
  test("dropped anywhere, taken off again, refused in words; a file may speak for itself", async () => {
    const { page } = desk;
    await openCall(page, "Plotter");
    await give(page, "drop", [file("plan.png", "image/png", png), file("nothing.txt", "text/plain", "")]);
    await page.getByText(en["files.empty"]).waitFor();
    await page.getByRole("button", { name: en["compose.send"], exact: true }).click();
    await page.getByText(en["files.failed"]).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await taken(page, "nothing.txt").click();
    await page.getByRole("button", { name: en["compose.send"], exact: true }).click();
    await shown(page, "plan.png").waitFor();
    await assertSoon(async () => (await taken(page, "plan.png").count()) === 0);
    assert.deepEqual(desk.problems, []);
  });

  test("cells of a spreadsheet are pasted as the text that they are", async () => {
    const { page } = desk;
    await openCall(page, "Cells");
    await page.getByLabel(en["compose.messageLabel"]).focus();
    await give(page, "paste", [file("image.png", "image/png", png)], "a\tb");
    await give(page, "drop", [file("after.txt", "text/plain", "x")]);
    await taken(page, "after.txt").waitFor();
    assert.equal(await page.getByRole("listitem").filter({ hasText: ".png" }).count(), 0);
  });

  test("a line that breaks is said, and tried again; pressed too early, it goes when the last file is there", async () => {
    const { page } = desk;
    await openCall(page, "Slow line");
    const { promise: opened, resolve: open } = Promise.withResolvers<void>();
    let attempts = 0;
    await page.route("**/attachments?*", async (route) => {
      attempts++;
      if (attempts === 1) return route.abort();
      await opened;
      return route.continue();
    });
    await page.getByTestId("attach").setInputFiles([file("report.txt", "text/plain", "All is well.")]);
    await page.getByText(en["error.network"]).waitFor();
    await page.getByRole("button", { name: en["files.again"] }).click();
    await page.getByLabel(en["compose.messageLabel"]).fill("The report");
    await page.getByRole("button", { name: en["compose.send"], exact: true }).click();
    open();
    await page.getByRole("link", { name: /report\.txt/ }).waitFor();
    await page.getByText("The report", { exact: true }).waitFor();
    assert.deepEqual(desk.problems, []);
  });

  test("what has arrived is still there after the page is left and opened again", async () => {
    const { page } = desk;
    await openCall(page, "Interrupted");
    await page.getByTestId("attach").setInputFiles([file("kept.png", "image/png", png)]);
    await taken(page, "kept.png").waitFor();
    await page.getByText("72 bytes", { exact: true }).waitFor();
    await page.reload();
    await taken(page, "kept.png").waitFor();
    await page.getByRole("button", { name: en["compose.send"], exact: true }).click();
    await shown(page, "kept.png").waitFor();
  });
});

test("on a phone: the camera, one thumb, nothing sideways", async () => {
  const visitor = await stage.visitor({ width: 390, height: 844 });
  const { page } = visitor;
  await visitor.context.addCookies(await desk.context.cookies());
  await page.goto("/");
  await openCall(page, "From the phone");
  const camera = page.getByTestId("camera");
  assert.deepEqual(
    [await camera.getAttribute("capture"), await camera.getAttribute("accept")],
    ["environment", "image/*"],
  );
  const long = "a very long name of a file that somebody took from a system which writes sentences.png";
  await camera.setInputFiles([file(long, "image/png", png)]);
  await taken(page, long).waitFor();
  assert.equal(await sideways(page), 0);
  await page.getByRole("button", { name: en["compose.send"], exact: true }).click();
  await shown(page, long).waitFor();
  assert.equal(await sideways(page), 0);
});
