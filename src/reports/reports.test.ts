import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { companyWithOwner, newNetwork, outcomeOf, tokenOf } from "../accounts/fixture.ts";
import { addAssets } from "../assets/assets.ts";
import { checkChains, getRequest, listRequests } from "../requests/requests.ts";
import { openFiles } from "../platform/files.ts";
import { served } from "../../test/served.ts";
import { testPlatform } from "../../test/harness.ts";
import { assetReportLink } from "./contract.ts";
import {
  listReportLinks,
  makeReportLink,
  readReportPage,
  revokeReportLink,
  sendReport,
  type SentReport,
} from "./reports.ts";
import { reportRoutes } from "./routes.ts";

const platform = await testPlatform({ poolSize: 10 });
const folder = await mkdtemp(join(tmpdir(), "openbook-reports-"));
after(() => rm(folder, { recursive: true, force: true }));
const tools = { files: openFiles(folder) };
const ask = await served(platform, (mount) => reportRoutes(mount, tools));

async function office() {
  const { companyId, token } = await companyWithOwner(platform);
  const within = <T>(work: Parameters<typeof platform.within<T>>[1]) => platform.within(companyId, work);
  const { link, reportLink } = await within((ctx) => makeReportLink(ctx, { name: "Kitchen" }));
  const send = (text: string, more: Partial<SentReport> = {}) =>
    sendReport(platform, tools, { token: tokenOf(link), id: randomUUID(), text, network: newNetwork(), ...more });
  const requests = () => within(async (ctx) => (await listRequests(ctx, { limit: 50, sort: "reported" })).items);
  return { companyId, token, within, link, reportLink, send, requests };
}

describe("a report without an account", () => {
  test("becomes a request of the channel web, now, written down by the page; the text's first line is its subject", async () => {
    const { send, requests, within } = await office();
    const { number } = await send("The printer on floor 2 is stuck\nSince this morning");
    const [request] = await requests();
    assert.deepEqual(
      [request!.number, request!.subject, request!.channel, request!.reporter, request!.state],
      [number, "The printer on floor 2 is stuck", "web", null, "open"],
    );
    assert.equal(request!.reportedAt, request!.recordedAt);
    const { entries } = await within((ctx) => getRequest(ctx, request!.id));
    assert.equal(entries[0]!.actor.id, "system:report page");
    assert.match(String(entries[0]!.content!["description"]), /Since this morning$/);
  });

  test("from one of the company's own people is theirs; a name nobody has is kept as it was said and becomes nobody", async () => {
    const { send, requests, within, companyId } = await office();
    await send("Mine", { name: " olive OWNER " });
    await send("Whose?", { name: "Mallory Nobody" });
    const [unknown, known] = await requests();
    assert.deepEqual([known!.reporter?.name, unknown!.reporter], ["Olive Owner", null]);
    const by = async (id: string) => (await within((ctx) => getRequest(ctx, id))).entries[0]!.by;
    assert.deepEqual(await by(known!.id), { party: "company", id: known!.reporter!.id, name: "Olive Owner" });
    assert.deepEqual(await by(unknown!.id), { party: "company", id: null, name: "Mallory Nobody" });
    const people = await platform.asSuperuser("select 1 from people where company_id = $1", [companyId]);
    assert.equal(people.length, 1);
    assert.deepEqual((await within((ctx) => checkChains(ctx))).faults, []);
  });

  test("by a label is about that thing; a label of a thing that is gone, or another company's, reports all the same", async () => {
    const { send, requests, within, link } = await office();
    const other = await office();
    const scanner = { name: "Scanner at the door", kind: "other" as const };
    const [mine] = await within((ctx) => addAssets(ctx, [scanner]));
    const [theirs] = await other.within((ctx) => addAssets(ctx, [scanner]));
    const label = (id: string) => assetReportLink(link, id).split(".")[1]!;
    const page = (asset?: string) => readReportPage(platform, { token: tokenOf(link), asset, network: newNetwork() });
    assert.deepEqual(await page(label(mine!)), { company: "Fixture Ltd", asset: scanner.name });
    assert.deepEqual(await page(label(theirs!)), { company: "Fixture Ltd", asset: null });
    await send("Beeps", { asset: label(mine!) });
    await send("Beeps", { asset: label(theirs!) });
    assert.deepEqual(
      (await requests()).map(({ asset }) => asset),
      [null, scanner.name],
    );
  });

  test("sent again, or five times at once, is one", async () => {
    const { send, requests } = await office();
    const id = randomUUID();
    const sent = await Promise.all(Array.from({ length: 5 }, () => send("No network", { id })));
    assert.deepEqual(new Set([...sent, await send("No network", { id })].map(({ number }) => number)).size, 1);
    assert.equal((await requests()).length, 1);
  });

  test("hostile text is kept as it is, and a long line is cut only in the subject", async () => {
    const { send, requests } = await office();
    const hostile = "<svg onload=alert(1)>=cmd|'/c calc'!A1";
    await send(hostile);
    await send("é".repeat(5000));
    const [long, first] = await requests();
    assert.equal(first!.subject, hostile);
    assert.equal([...long!.subject].length, 121);
  });
});

/** Two by one pixels. */
const png = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVR4nGP4z8DAwPAfAAcAAf9Ifn9tAAAAAElFTkSuQmCC";
const filesKept = async () => (await readdir(folder, { recursive: true })).filter((name) => name.length > 20).length;

describe("a photo that comes with a report", () => {
  test("goes with what was reported, once, however often it is sent", async () => {
    const { send, requests, within } = await office();
    const before = await filesKept();
    const id = randomUUID();
    const sent = await Promise.all(Array.from({ length: 3 }, () => send("Look", { id, photo: png })));
    assert.ok(sent.every(({ photoKept }) => photoKept));
    const [request] = await requests();
    const { entries } = await within((ctx) => getRequest(ctx, request!.id));
    const [photo] = entries[0]!.content!["attachments"] as { name: string; width: number }[];
    assert.deepEqual([photo!.name, photo!.width], ["photo.png", 2]);
    assert.equal(await filesKept(), before + 1);
    assert.deepEqual((await within((ctx) => checkChains(ctx))).faults, []);
  });

  test("is refused where it is no picture, and leaves nothing on the disk; also of a link that was revoked", async () => {
    const { send, requests, within, reportLink } = await office();
    const before = await filesKept();
    const page = Buffer.from("<html><script>alert(1)</script></html>").toString("base64");
    assert.equal(await outcomeOf(send("Look", { photo: page })), "invalid_input");
    assert.equal(await outcomeOf(send("Look", { photo: "" })), "invalid_input");
    assert.equal(
      await outcomeOf(send("Look", { photo: Buffer.alloc(700_000, png).toString("base64") })),
      "payload_too_large",
    );
    await within((ctx) => revokeReportLink(ctx, { id: reportLink.id }));
    assert.equal(await outcomeOf(send("Look", { photo: png })), "invalid_link");
    assert.deepEqual([await filesKept(), (await requests()).length], [before, 0]);
  });

  test("for which there is no room does not keep the report from coming", async () => {
    const { link, within, requests } = await office();
    const full = { ...tools, companyBytes: 1 };
    const input = { token: tokenOf(link), id: randomUUID(), text: "Smoke", photo: png, network: newNetwork() };
    assert.equal((await sendReport(platform, full, input)).photoKept, false);
    const [request] = await requests();
    const { entries } = await within((ctx) => getRequest(ctx, request!.id));
    assert.match(String(entries[0]!.content!["description"]), /no room/);
  });
});

test("a report that waited for a connection says so, and counts from when it arrived", async () => {
  const { send, requests, within } = await office();
  await send("No network here", { heldMinutes: 190 });
  const [request] = await requests();
  const { entries } = await within((ctx) => getRequest(ctx, request!.id));
  assert.equal(entries[0]!.content!["description"], "[Written 3 h 10 min before it could be sent.]");
  assert.equal(request!.reportedAt, request!.recordedAt);
});

describe("a link of the report page", () => {
  test("that was revoked is dead at once, as is one of another company or of none: one answer", async () => {
    const { send, within, reportLink, requests, link } = await office();
    const other = await office();
    await within((ctx) => revokeReportLink(ctx, { id: reportLink.id }));
    const mixed = tokenOf(other.link).slice(0, 22) + tokenOf(link).slice(22);
    for (const token of [undefined, mixed, "A".repeat(44), "short token of nothing"]) {
      assert.equal(await outcomeOf(send("Hello", token ? { token } : {})), "invalid_link", `${token}`);
    }
    assert.deepEqual([(await requests()).length, (await other.requests()).length], [0, 0]);
    const [kept] = await within(listReportLinks);
    assert.notEqual(kept!.revokedAt, null);
    const page = readReportPage(platform, { token: tokenOf(link), network: newNetwork() });
    assert.equal(await outcomeOf(page), "invalid_link");
  });

  test("lets nobody see what came by another link with the same id", async () => {
    const { send, within } = await office();
    const second = await within((ctx) => makeReportLink(ctx, { name: "Hall" }));
    const id = randomUUID();
    await send("Mine", { id });
    assert.equal(await outcomeOf(send("Whose?", { id, token: tokenOf(second.link) })), "invalid_link");
  });

  test("cannot be used without end from one network, nor all links of a company in one day", async () => {
    const { send, companyId, reportLink, requests } = await office();
    const network = newNetwork();
    const token = "B".repeat(44);
    for (let n = 0; n < 30; n++) assert.equal(await outcomeOf(send("x", { network, token })), "invalid_link");
    assert.equal(await outcomeOf(send("x", { network })), "too_many_attempts");
    await send("The first");
    const [request] = await requests();
    await platform.asSuperuser(
      `insert into reports (company_id, id, link_id, request_id, created_at)
         select $1, gen_random_uuid(), $2, $3, $4 from generate_series(1, 499)`,
      [companyId, reportLink.id, request!.id, platform.clock()],
    );
    assert.equal(await outcomeOf(send("One too many")), "too_many_attempts");
    assert.equal((await requests()).length, 1);
  });

  test("is made and revoked by the API; the token is told once", async () => {
    const { token, companyId } = await office();
    const path = `/companies/${companyId}/report-links`;
    const made = await ask(token, "POST", path, { name: "Poster" });
    assert.equal(made.status, 201);
    const { link, reportLink } = made.body as { link: string; reportLink: { id: string } };
    const body = { token: tokenOf(link), id: randomUUID(), text: "Broken" };
    assert.equal((await ask(undefined, "POST", "/reports", body)).status, 201);
    assert.equal((await ask(undefined, "POST", "/reports", { ...body, text: " " })).status, 422);
    assert.doesNotMatch((await ask(token, "GET", path)).bytes.toString(), new RegExp(tokenOf(link)));
    assert.equal((await ask(token, "DELETE", `${path}/${reportLink.id}`)).status, 204);
    const late = await ask(undefined, "POST", "/reports", { ...body, id: randomUUID() });
    assert.equal(late.body["code"], "invalid_link");
    assert.doesNotMatch(late.bytes.toString(), /Fixture Ltd/);
  });
});
