import assert from "node:assert/strict";
import { test } from "node:test";
import { generateSync } from "otplib";
import type { Page } from "playwright-core";
import { en } from "../../src/web/text/en.ts";
import { axeFindings, openStage, sideways } from "./browser.ts";
import { withDevice } from "./device-in-page.ts";

/**
 * An owner invites a technician, who comes in on a phone, adds an authenticator and a passkey, signs in with each, and
 * works through the queue.
 */
const stage = await openStage();
// Browsers know passkeys by a name and never by a number.
const at = (path: string) => `${stage.server.url.replace("127.0.0.1", "localhost")}${path}`;
const link = /http\S+(\/set-up#\S+)/.exec(stage.said)?.[1] ?? "";
const password = "vier zufällige Wörter";

test("an invitation becomes a technician with a second factor, who is out at once when the membership ends", async () => {
  const owner = await stage.visitor();
  owner.problems.length = 0;
  const { page } = owner;
  await page.goto(at(link));
  await page.getByLabel(en["setUp.name"]).fill("Ana Weber");
  await page.getByLabel(en["setUp.email"]).fill("ana.weber@example.com");
  await page.getByLabel(en["setUp.password"], { exact: true }).fill(password);
  await page.getByLabel(en["setUp.companyName"]).fill("Kestrel Interiors");
  await page.getByRole("button", { name: en["setUp.submit"] }).click();
  await page.getByText(en["empty.sentence"]).waitFor();
  const company = /\/c\/[0-9a-f-]{36}/.exec(page.url())![0];
  await page.goto(at(`${company}/settings/suppliers`));
  await page.getByRole("button", { name: en["suppliers.add"] }).click();
  await page.getByRole("dialog").getByLabel(en["common.name"]).fill("Northwind IT");
  await page.getByRole("dialog").getByRole("button", { name: en["common.save"] }).click();
  await page.getByRole("dialog").waitFor({ state: "hidden" });

  await page.goto(at(`${company}/settings/members`));
  await page.getByRole("button", { name: en["members.invite"] }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(en["common.name"]).fill("Tom Tech");
  await dialog.getByLabel(en["common.email"]).fill("tom@northwind.example");
  await dialog.getByLabel(en["members.role"]).selectOption("technician");
  assert.deepEqual(await axeFindings(page), []);
  await dialog.getByRole("button", { name: en["members.makeLink"] }).click();
  const invitation = await dialog.getByLabel(en["members.link"]).inputValue();
  assert.match(invitation, /\/invitation#[\w-]{43}$/);
  await page.keyboard.press("Escape");
  await page.getByRole("heading", { name: en["members.invited"] }).waitFor();
  assert.deepEqual(await axeFindings(page), []);

  const phone = await stage.visitor({ width: 390, height: 844 });
  const tom = phone.page;
  await withDevice(tom);
  await tom.goto(invitation);
  await tom.getByText("Ana Weber asks you to join Kestrel Interiors as Technician.").waitFor();
  assert.ok(!tom.url().includes("#"), "the token stays in no history");
  assert.deepEqual(await axeFindings(tom), []);
  await tom.getByLabel(en["setUp.password"], { exact: true }).fill(password);
  await tom.getByRole("button", { name: en["invitation.accept"] }).click();
  await tom.getByText(en["account.required"]).waitFor();
  assert.deepEqual(await axeFindings(tom), []);
  assert.equal(await sideways(tom), 0);

  await tom.getByRole("button", { name: en["account.totpAdd"] }).click();
  const secret = await tom.getByLabel(en["account.totpSecret"]).inputValue();
  assert.deepEqual(await axeFindings(tom), []);
  await tom
    .getByRole("dialog")
    .getByLabel(en["signIn.code"])
    .fill(generateSync({ secret, epoch: now() - 30 }));
  await tom.getByRole("dialog").getByRole("button", { name: en["account.totpAdd"] }).click();
  await tom.getByText(en["account.codesTitle"]).waitFor();
  const codes = await tom.getByRole("dialog").getByRole("listitem").allTextContents();
  assert.equal(codes.length, 10);
  await tom.getByRole("button", { name: en["account.codesKept"] }).click();

  await tom.getByRole("button", { name: en["account.passkeyAdd"] }).click();
  await tom.getByLabel(en["account.passkeyName"]).fill("Tom’s phone");
  await tom.getByRole("dialog").getByRole("button", { name: en["account.passkeyAdd"] }).click();
  await tom.getByText("Tom’s phone").waitFor();
  assert.deepEqual(await axeFindings(tom), []);

  // The code of the authenticator, then a recovery code, then the passkey alone.
  await signedOut(tom);
  await firstStep(tom);
  await tom.getByLabel(en["signIn.code"]).fill(generateSync({ secret, epoch: now() }));
  await tom.getByRole("button", { name: en["signIn.submit"] }).click();
  await tom.waitForURL(/\/queue$/);
  await signedOut(tom);
  await firstStep(tom);
  assert.deepEqual(await axeFindings(tom), []);
  await tom.getByRole("button", { name: en["signIn.useRecovery"] }).click();
  await tom.getByLabel(en["signIn.recoveryCode"]).fill(codes[0]!);
  await tom.getByRole("button", { name: en["signIn.submit"] }).click();
  await tom.waitForURL(/\/queue$/);
  await signedOut(tom);
  await tom.goto(at("/sign-in"));
  await tom.getByRole("button", { name: en["signIn.passkey"] }).click();
  await tom.waitForURL(/\/queue$/);
  await worksThroughTheQueue(tom, page, company);

  // A word of the company's own note finds nothing for the supplier's people, and neither does it stand anywhere.
  const path = `/api/v1/companies/${company.slice(3)}/requests`;
  const made = await page.evaluate(async (to) => {
    const post = (where: string, body: object) =>
      fetch(where, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    const { id } = (await (await post(to, { subject: "The scanner hums" })).json()) as { id: string };
    return (await post(`${to}/${id}/entries`, { kind: "note", text: "Overpriced scanner", audience: "company" }))
      .status;
  }, path);
  assert.equal(made, 201);
  await tom.goto(at(`${company}/requests?q=scanner`));
  await tom.getByRole("link", { name: "The scanner hums" }).waitFor();
  assert.equal(await tom.getByText("Overpriced").count(), 0);
  await tom.goto(at(`${company}/requests?q=overpriced`));
  await tom.getByText("Nothing was found for “overpriced”").waitFor();

  await page.goto(at(`${company}/settings/members`));
  const row = page.getByRole("row", { name: /Tom Tech/ });
  await row.getByRole("button", { name: en["members.end"] }).click();
  await page.getByRole("dialog").getByRole("button", { name: en["members.endConfirm"] }).click();
  await page.getByText("The membership of Tom Tech has ended.").waitFor();
  const refused = await tom.evaluate(
    async (path) => (await fetch(path)).status,
    `/api/v1/companies/${company.slice(3)}`,
  );
  assert.equal(refused, 404);
  await tom.goto(at("/queue"));
  await tom.getByText(en["queue.none"]).or(tom.getByText(en["noCompany.title"])).first().waitFor();
  assert.deepEqual(
    [...owner.problems, ...phone.problems].filter((one) => !one.includes("a request to elsewhere")),
    [],
  );
});

/** What a company asks for is in the queue; it is opened by a tap, answered and said to be done; the company sees it. */
async function worksThroughTheQueue(tom: Page, page: Page, company: string): Promise<void> {
  await tom.getByText(en["queue.empty"]).waitFor();
  assert.deepEqual(await axeFindings(tom), []);
  const asked = { subject: "The plotter prints half of the plan", description: "Since Monday", priority: "high" };
  const log = (given: object) =>
    page.evaluate(
      async ([path, body]) =>
        (await fetch(path!, { method: "POST", headers: { "content-type": "application/json" }, body: body! })).status,
      [`/api/v1/companies/${company.slice(3)}/requests`, JSON.stringify(given)],
    );
  assert.equal(await log(asked), 201);
  await log({
    subject: "A screen stays black",
    promise: { text: "", dueAt: new Date(Date.now() - 60_000).toISOString() },
  });
  await tom.reload();
  const rows = tom.getByRole("list", { name: en["queue.label"] }).getByRole("listitem");
  await rows.nth(1).waitFor();
  const [late, next] = await rows.allInnerTexts();
  assert.match(late!, /^A screen stays black\s+Kestrel Interiors\s+#2[\s\S]+You promised[\s\S]+past due: /);
  assert.match(next!, /^The plotter prints half of the plan\s+Kestrel Interiors\s+#1[\s\S]+You owe an answer/);
  assert.equal(await sideways(tom), 0);
  assert.deepEqual(await axeFindings(tom), []);
  await tom.keyboard.press("d");
  await tom.waitForURL(/overdue=true/);
  await rows.nth(1).waitFor({ state: "detached" });
  await tom.keyboard.press("d");
  await rows.nth(1).waitFor();
  await tom.keyboard.press("ArrowDown");
  await tom.keyboard.press("j");
  await tom.keyboard.press("Enter");
  await tom.getByRole("heading", { name: asked.subject }).waitFor();
  await tom.getByText(asked.description).waitFor();
  assert.equal(await tom.getByRole("button", { name: en["act.confirm"] }).count(), 0, "that is for the company to say");
  assert.equal(await tom.getByRole("link", { name: en["nav.overview"] }).count(), 0);
  assert.deepEqual(await axeFindings(tom), []);
  assert.equal(await sideways(tom), 0);
  await tom.getByLabel(en["compose.messageLabel"]).fill("I come at two");
  await tom.getByRole("button", { name: en["compose.send"] }).click();
  await tom.getByText("I come at two").waitFor();
  await tom.getByRole("button", { name: en["act.resolve.own"] }).click();
  const dialog = tom.getByRole("dialog");
  await dialog.getByLabel(en["act.resolve.text"]).fill("A new driver");
  await dialog.getByRole("button", { name: en["act.resolve.ownSubmit"] }).click();
  await dialog.waitFor({ state: "hidden" });
  await page.goto(at(`${company}/requests/1`));
  await page.getByText("A new driver").waitFor();
  await page.getByText("I come at two").waitFor();
  await page.getByRole("button", { name: en["act.confirm"] }).waitFor();
  await tom.getByRole("link", { name: en["nav.queue"] }).click();
  await rows.nth(1).waitFor({ state: "detached" });
  assert.equal(await rows.count(), 1);
}

const now = () => Math.floor(Date.now() / 1000);

async function signedOut(page: Page): Promise<void> {
  await page.context().clearCookies();
}

async function firstStep(page: Page): Promise<void> {
  await page.goto(at("/sign-in"));
  await page.getByLabel(en["signIn.email"]).fill("tom@northwind.example");
  await page.getByLabel(en["signIn.password"], { exact: true }).fill(password);
  await page.getByRole("button", { name: en["signIn.submit"] }).click();
  await page.getByText(en["signIn.secondIntro"]).waitFor();
}
