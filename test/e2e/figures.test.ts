import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { en } from "../../src/web/text/en.ts";
import { axeFindings, openStage, sideways, type Visitor } from "./browser.ts";
import { pdfLinks, pdfPages, pressed } from "./pdf-text.ts";

/** An owner looks closer: figures told apart, beside an earlier period, kept by name, printed, taken along. */
const stage = await openStage();
const visitor = await stage.visitor();
await visitor.context.grantPermissions(["clipboard-read", "clipboard-write"]);
const company = await found(visitor);
await fill(visitor, company);

/** A new company; its address. */
async function found({ page }: Visitor): Promise<string> {
  await page.goto(/http\S+\/set-up#\S+/.exec(stage.said)![0]);
  await page.getByLabel(en["setUp.name"]).fill("Ana Weber");
  await page.getByLabel(en["setUp.email"]).fill("ana@example.com");
  await page.getByLabel(en["setUp.password"], { exact: true }).fill("vier zufällige Wörter");
  await page.getByLabel(en["setUp.companyName"]).fill("Kestrel Interiors");
  await page.getByRole("button", { name: en["setUp.submit"] }).click();
  await page.waitForURL(/\/c\/[0-9a-f-]{36}/);
  return /\/c\/[0-9a-f-]{36}/.exec(page.url())![0];
}

/** Calls of last week and of the week before. */
async function fill(of: Visitor, address: string): Promise<void> {
  const today = Temporal.Now.plainDateISO("Europe/Berlin");
  const lastWeek = today.subtract({ days: today.dayOfWeek - 1 + 7 });
  const at = (days: number) => `${lastWeek.add({ days }).toString()}T09:00:00Z`;
  const calls = [
    { subject: "Mail is down", category: "Mail, calendar", reporter: { name: "Bruno Sala" }, reportedAt: at(0) },
    { subject: "Mail is slow", category: "Mail, calendar", reporter: { name: "Bruno Sala" }, reportedAt: at(1) },
    { subject: "Plotter prints half", category: "Printing", reporter: { name: "Ana Weber" }, reportedAt: at(1) },
    { subject: "No idea what", reportedAt: at(2), priority: "high" },
    { subject: "Mail was down", category: "Mail, calendar", reportedAt: at(-5) },
    { subject: "First of all", category: "Printing", reportedAt: at(-20) },
  ];
  await logged(of, address, calls);
}

/** Through the API, as a script would log them. */
async function logged({ page }: Visitor, address: string, calls: object[]): Promise<void> {
  const statuses = await page.evaluate(
    async ([path, bodies]) =>
      Promise.all(
        bodies.map(async (body) => {
          const headers = { "content-type": "application/json", "idempotency-key": crypto.randomUUID() };
          return (await fetch(path, { method: "POST", headers, body: JSON.stringify(body) })).status;
        }),
      ),
    [`/api/v1/companies/${address.slice(3)}/requests`, calls] as const,
  );
  assert.deepEqual(new Set(statuses), new Set([201]));
}

test("the owner's first screen asks for at most 220 KB of compressed script", async () => {
  const page = await visitor.context.newPage();
  const scripts: Promise<number>[] = [];
  page.on("response", (response) => {
    if (!new URL(response.url()).pathname.endsWith(".js")) return;
    scripts.push(response.body().then((body) => gzipSync(body).length));
  });
  await page.goto(company);
  await page.locator("#numbers").waitFor();
  await page.locator("svg [data-point], svg [ecmeta_data_index]").first().waitFor({ state: "attached" });
  const bytes = (await Promise.all(scripts)).reduce((sum, size) => sum + size, 0);
  assert.ok(bytes < 220_000, `${bytes} bytes`);
  assert.ok(bytes > 100_000, "something was loaded");
  await page.close();
});

describe("figures by", () => {
  test("from the overview: who calls about what, each number opens its rows, ordered by any column", async () => {
    const { page, problems } = visitor;
    await page.goto(company);
    await page.getByText(/3 more than the week before/).waitFor();
    await page.getByRole("link", { name: en["by.category"], exact: true }).click();
    await page.getByRole("heading", { level: 1, name: en["by.title.category"] }).waitFor();
    const names = () => page.locator("tbody tr th").allInnerTexts();
    await page.getByText(en["by.none.category"]).waitFor();
    assert.deepEqual(await names(), ["Mail, calendar", "Printing", en["by.none.category"], en["by.total"]]);
    await page.getByRole("button", { name: en["by.category"] }).click();
    await page.getByRole("button", { name: en["by.category"] }).click();
    await page.locator('th[aria-sort="descending"]').waitFor();
    assert.deepEqual(await names(), ["Printing", "Mail, calendar", en["by.none.category"], en["by.total"]]);
    assert.deepEqual(await axeFindings(page), []);
    await page.getByRole("row", { name: /^Mail, calendar/ }).getByRole("link", { name: "2", exact: true }).first().click(); // prettier-ignore
    await page.getByRole("heading", { level: 1, name: /^2 requests: category Mail, calendar/ }).waitFor();
    await page.goBack();
    await page.getByRole("row", { name: /^No category/ }).getByRole("link", { name: "1", exact: true }).first().click(); // prettier-ignore
    await page.getByRole("heading", { level: 1, name: /^1 request: no category recorded/ }).waitFor();
    assert.deepEqual(problems, []);
  });

  test("on a phone and in the dark; days without calls say what to do; a word that is no figure is no page", async () => {
    const { page } = visitor;
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: "dark" });
    await page.goto(`${company}/by/weekday?period=everything`);
    await page.getByRole("row", { name: /^Monday/ }).waitFor();
    assert.equal(await sideways(page), 0);
    assert.deepEqual(await axeFindings(page), []);
    for (const at of [company, `${company}/requests`]) {
      await page.goto(at);
      for (const label of [en["compare.label"], en["views.label"]]) {
        const button = page.getByRole("button", { name: label, exact: true });
        if (at !== company && label === en["compare.label"]) continue;
        await button.click();
        await page.locator("[data-align]").waitFor();
        assert.equal(await sideways(page), 0, `${label} unfolded at ${at}`);
        await page.keyboard.press("Escape");
      }
    }
    await page.goto(`${company}/by/reporter?from=2020-01-06&to=2020-01-12`);
    await page.getByText(en["by.empty.title"]).waitFor();
    await page.getByRole("link", { name: en["by.empty.action"] }).click();
    await page.getByRole("row", { name: /^Bruno Sala/ }).waitFor();
    await page.goto(`${company}/by/shoe-size`);
    await page.getByRole("heading", { name: en["missing.title"] }).waitFor();
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: "light" });
  });
});

describe("beside an earlier period", () => {
  test("the week before stands beside the figures; a year before the record began is not compared, and it says so", async () => {
    const { page, problems } = visitor;
    await page.goto(company);
    await page.getByText(/3 more than the week before/).waitFor();
    await page.getByRole("columnheader", { name: "The week before" }).waitFor();
    await page.getByRole("button", { name: en["compare.label"] }).click();
    await page.getByRole("link", { name: en["compare.year"] }).click();
    await page.getByText(/Not compared with a year before .* the record begins on/).waitFor();
    assert.match(page.url(), /compare=year/);
    assert.equal(await page.getByRole("columnheader", { name: en["compare.change"] }).count(), 0);
    await page.getByRole("button", { name: en["compare.label"] }).click();
    await page.getByRole("link", { name: en["compare.none"] }).click();
    await page.getByText(/Not compared/).waitFor({ state: "detached" });
    assert.deepEqual(await axeFindings(page), []);
    assert.deepEqual(problems, []);
  });
});

describe("the sentence taken along", () => {
  test("is copied as plain words, and with its numbers as links that open the rows", async () => {
    const { page } = visitor;
    await page.goto(company);
    await page.getByRole("button", { name: en["sentence.copy"] }).click();
    await page.getByText(en["sentence.copied"], { exact: true }).waitFor();
    const kept = await page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      const read = async (type: string) => (await item!.getType(type)).text();
      return { text: await read("text/plain"), html: await read("text/html") };
    });
    assert.match(kept.text, /^Last week you called 4 times\..*\n3 more than the week before .*\nKestrel Interiors, /);
    const links = [...kept.html.matchAll(/<a [^>]*href="([^"]+)"[^>]*>([^<]+)<\/a>/g)];
    const [address] = links.filter(([, , number]) => number === "4").map(([, href]) => href!.replaceAll("&amp;", "&"));
    await page.goto(address!);
    await page.getByRole("heading", { level: 1, name: /^4 requests/ }).waitFor();
  });
});

describe("a view kept by its name", () => {
  const menu = (label: string) => visitor.page.getByRole("button", { name: label, exact: true });

  test("kept from the list, opened from the overview, its days moving; renamed; removed, and back again", async () => {
    const { page, problems } = visitor;
    await page.goto(`${company}/requests?category=Mail,%20calendar&reportedIn=last_week`);
    await page.getByRole("heading", { level: 1, name: /^2 requests: category Mail, calendar, reported last week/ }).waitFor(); // prettier-ignore
    await menu(en["views.label"]).click();
    await page.getByRole("button", { name: en["views.save"] }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(en["common.name"]).fill("Mail last week");
    await dialog.getByLabel(en["views.share"]).check();
    await dialog.getByText(en["views.movingDays"]).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await dialog.getByRole("button", { name: en["common.save"] }).click();
    await dialog.waitFor({ state: "hidden" });

    await page.goto(company);
    await menu(en["views.label"]).click();
    await page.getByRole("link", { name: /^Mail last week/ }).click();
    await page.getByRole("heading", { level: 1, name: /^2 requests: category Mail, calendar, reported last week/ }).waitFor(); // prettier-ignore

    await menu(en["views.label"]).click();
    assert.ok(
      await page.getByRole("link", { name: /^Mail last week/ }).getAttribute("aria-current"),
      "it is shown now",
    );
    await page.getByRole("button", { name: en["views.manage"] }).click();
    await dialog.getByRole("button", { name: "Rename “Mail last week”" }).click();
    await dialog.getByLabel(en["common.name"]).fill("Mail");
    await dialog.getByRole("button", { name: en["common.save"] }).click();
    await dialog.getByRole("button", { name: "Remove “Mail”" }).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await dialog.getByRole("button", { name: "Remove “Mail”" }).click();
    await dialog.getByText(en["views.none"]).waitFor();
    await page.getByRole("button", { name: en["common.undo"] }).click();
    await dialog.getByRole("button", { name: "Rename “Mail”" }).waitFor();
    await page.keyboard.press("Escape");
    assert.deepEqual(problems, []);
  });

  test("the same name again replaces it; found in the palette", async () => {
    const { page, problems } = visitor;
    await page.goto(`${company}/requests?state=open`);
    await menu(en["views.label"]).click();
    await page.getByRole("button", { name: en["views.save"] }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(en["common.name"]).fill("mail");
    await dialog.getByText(en["views.replaceHint"]).waitFor();
    await dialog.getByRole("button", { name: en["views.replace"] }).click();
    await dialog.waitFor({ state: "hidden" });
    await page.goto(`${company}/by/supplier`);
    await page.getByRole("row", { name: new RegExp(en["by.none.supplier"]) }).waitFor();
    await page.keyboard.press("Control+k");
    await page.getByPlaceholder(en["palette.placeholder"]).fill("Mail");
    await page.getByText("Mail", { exact: true }).click();
    await page.getByRole("heading", { level: 1, name: /^6 requests: open/ }).waitFor();
    assert.deepEqual(problems, []);
  });
});

describe("on paper", () => {
  /** Printed by Chromium on A4, from a screen in the dark. */
  async function printed(path: string, loaded: string): Promise<{ pages: string[]; links: string[]; pdf: Buffer }> {
    const { page } = visitor;
    await page.emulateMedia({ colorScheme: "dark" });
    await page.goto(path);
    await page.getByText(loaded).first().waitFor();
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    await page.emulateMedia({ colorScheme: "light" });
    return { pages: pdfPages(pdf), links: pdfLinks(pdf), pdf };
  }
  const holds = (text: string, ...parts: string[]) => {
    for (const part of parts) assert.ok(text.includes(pressed(part)), `${part} is missing in ${text}`);
  };
  const lacks = (text: string, ...parts: string[]) => {
    for (const part of parts) assert.ok(!text.includes(pressed(part)), `${part} does not belong on paper`);
  };
  const columns = (...keys: (keyof typeof en)[]) => keys.map((key) => en[key] as string);
  const controls = columns("sentence.copy", "views.label", "compare.label", "period.own", "nav.log");

  test("the overview: whose, of which days, as of when, the sentence with its links; nothing to press, black on white", async () => {
    const { pages, links, pdf } = await printed(company, "3 more than the week before");
    holds(pages[0]!, "Kestrel Interiors", "As the record stood on", "Last week you called 4 times.", en["overview.statement"]); // prettier-ignore
    holds(pages.join(""), en["numbers.title"], `1/${pages.length}`);
    lacks(pages.join(""), ...controls);
    assert.ok(links.some((address) => /\/requests\?reportedFrom=/.test(address)));
    const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf.toString("latin1"))!;
    assert.ok(Math.abs(Number(width) - 595.3) < 1 && Math.abs(Number(height) - 841.9) < 1.5, "A4 in points");
    await visitor.page.emulateMedia({ colorScheme: "dark", media: "print" });
    await visitor.page.waitForFunction(() => {
      const { backgroundColor, color } = getComputedStyle(document.body);
      return backgroundColor === "rgb(255, 255, 255)" && color === "rgb(0, 0, 0)";
    });
    await visitor.page.emulateMedia({ colorScheme: "light", media: null });
  });

  test("long tables: the heading on every sheet, no row lost; one request with its whole story", async () => {
    const names = Array.from({ length: 45 }, (_, n) => `Caller ${String.fromCodePoint(65 + (n % 26))}${n}`);
    const calls = names.map((name, n) => ({ subject: `Call of ${name}, with words that take a line more`, reporter: { name }, reportedAt: `2026-01-0${1 + (n % 9)}T09:00:00Z` })); // prettier-ignore
    await logged(visitor, company, calls);
    const list = await printed(`${company}/requests?reportedFrom=2026-01-01&reportedTo=2026-01-10`, "45 requests");
    assert.ok(list.pages.length > 1);
    const heading = columns("column.number", "column.subject", "column.state", "column.reporter", "column.priority", "column.reported").join(""); // prettier-ignore
    for (const sheet of list.pages) holds(sheet, heading);
    holds(list.pages.join(""), ...calls.map(({ subject }) => subject));
    lacks(list.pages.join(""), ...controls);

    const by = await printed(`${company}/by/reporter?period=everything`, en["by.total"]);
    assert.ok(by.pages.length > 1);
    for (const sheet of by.pages) holds(sheet, en["by.reporter"] + en["by.reported"] + en["by.confirmed"]);
    holds(by.pages[0]!, "Kestrel Interiors", en["by.title.reporter"], "As the record stood on");
    lacks(by.pages.join(""), ...controls);

    const one = await printed(`${company}/requests/1`, en["request.timeline"]);
    holds(one.pages.join(""), "Kestrel Interiors", "#1", en["request.timeline"], en["request.facts"]);
    lacks(one.pages.join(""), ...controls);
  });
});
