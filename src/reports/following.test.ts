import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { describe, test } from "node:test";
import { companyWithOwner, newNetwork, outcomeOf, tokenOf } from "../accounts/fixture.ts";
import { addSupplier } from "../companies/companies.ts";
import { openFiles } from "../platform/files.ts";
import {
  actOnRequests,
  checkChains,
  getRequest,
  listRequests,
  mergeRequests,
  openRequests,
} from "../requests/requests.ts";
import { testPlatform } from "../../test/harness.ts";
import { served } from "../../test/served.ts";
import {
  actOnFollowed,
  listFollowLinks,
  makeReportLink,
  readFollowed,
  revokeFollowLink,
  sendReport,
  type FollowAct,
} from "./reports.ts";
import { reportRoutes } from "./routes.ts";

const platform = await testPlatform({ poolSize: 10 });
const tools = { files: openFiles("/nowhere") };
const ask = await served(platform, (mount) => reportRoutes(mount, tools));

/** Somebody reported from their own device, and follows. */
async function reporter(name?: string) {
  const { companyId, token } = await companyWithOwner(platform);
  const within = <T>(work: Parameters<typeof platform.within<T>>[1]) => platform.within(companyId, work);
  await within((ctx) => addSupplier(ctx, { name: "Nordlicht IT" }));
  const { link } = await within((ctx) => makeReportLink(ctx, { name: "Kitchen" }));
  const follow = randomBytes(32).toString("base64url");
  const report = { token: tokenOf(link), id: randomUUID(), text: "The printer is stuck", name, follow };
  await sendReport(platform, tools, { ...report, network: newNetwork() });
  const { items } = await within((ctx) => listRequests(ctx, { limit: 10, sort: "reported" }));
  const requestId = items[0]!.id;
  const act = (kind: FollowAct["kind"], text?: string, id: string = randomUUID()) =>
    actOnFollowed(platform, { token: follow, id, kind, text, network: newNetwork() });
  const look = (held = follow) => readFollowed(platform, { token: held, network: newNetwork() });
  const supplierDoes = (...entries: Parameters<typeof actOnRequests>[1][number]["entry"][]) =>
    within((ctx) =>
      actOnRequests(
        ctx,
        entries.map((entry) => ({ requestId, entry })),
      ),
    );
  const request = () => within((ctx) => getRequest(ctx, requestId));
  return { companyId, token, within, follow, report, requestId, act, look, supplierDoes, request };
}

describe("whoever reported without an account", () => {
  test("sees how it stands and what was said for everyone, and never a note", async () => {
    const { look, supplierDoes } = await reporter("Olive Owner");
    const by = { party: "supplier" as const, name: "Tom Tech" };
    await supplierDoes(
      { kind: "message", text: "On my way", by },
      { kind: "note", text: "SECRET: she always says that" },
      { kind: "promised", party: "supplier", text: "new roller", dueAt: "2099-01-08T10:00:00Z", by },
      { kind: "changed", to: { priority: "high" } },
    );
    const seen = await look();
    assert.deepEqual(
      seen.entries.map(({ kind, who, yours, text }) => [kind, who, yours, text]),
      [
        ["reported", "Olive Owner", true, "The printer is stuck"],
        ["message", "Tom Tech", false, "On my way"],
        ["promised", "Tom Tech", false, "new roller"],
      ],
    );
    assert.deepEqual([seen.promise?.text, seen.you, seen.state], ["new roller", "Olive Owner", "open"]);
    assert.doesNotMatch(JSON.stringify(seen), /SECRET/);
  });

  test("confirms what the supplier says is done, and it is closed as confirmed by them", async () => {
    const { act, look, supplierDoes, request, within } = await reporter("Olive Owner");
    await supplierDoes({ kind: "resolved", text: "New roller" });
    assert.deepEqual((await look()).may, { confirm: true, reopen: true, followUp: false });
    assert.equal((await act("confirmed")).outcome, "confirmed");
    const { state, outcome, entries } = await request();
    const last = entries.at(-1)!;
    assert.deepEqual(
      [state, outcome, last.actor.id, last.by?.name],
      ["closed", "confirmed", "system:follow link", "Olive Owner"],
    );
    assert.deepEqual((await within((ctx) => checkChains(ctx))).faults, []);
  });

  test("says that it is not fixed, with what is wrong, and it is open again; a word is needed", async () => {
    const { act, supplierDoes, request } = await reporter("Somebody Unknown");
    await supplierDoes({ kind: "resolved" });
    assert.equal(await outcomeOf(act("reopened")), "invalid_input");
    assert.equal((await act("reopened", "Still stuck")).state, "open");
    const { entries, reopenCount } = await request();
    assert.deepEqual([reopenCount, entries.at(-1)!.by?.name], [1, "Somebody Unknown"]);
    assert.equal(await outcomeOf(act("reopened", "Again")), "request_already_open");
  });

  test("adds a word once, however often their device sends it", async () => {
    const { act, request } = await reporter();
    const id = randomUUID();
    await Promise.all(Array.from({ length: 5 }, () => act("message", "It also smells", id)));
    const seen = await act("message", "It also smells", id);
    assert.equal((await request()).entryCount, 2);
    assert.deepEqual([seen.entries[1]!.yours, seen.you], [true, null]);
  });
});

describe("a follow link", () => {
  test("opens its one request until it is revoked; then there is one answer, as for any that is none", async () => {
    const one = await reporter();
    const other = await reporter();
    const [made] = await one.within((ctx) => listFollowLinks(ctx, { requestId: one.requestId }));
    await one.look();
    const wrong = { requestId: other.requestId, id: made!.id };
    assert.equal(await outcomeOf(one.within((ctx) => revokeFollowLink(ctx, wrong))), "not_found");
    await one.within((ctx) => revokeFollowLink(ctx, { requestId: one.requestId, id: made!.id }));
    const answers = await Promise.all(
      [one.look(), one.act("message", "Hello"), one.look("A".repeat(43)), one.look(one.report.token)].map((asked) =>
        asked.then(String, (error: Error) => error.message),
      ),
    );
    assert.equal(new Set(answers).size, 1);
    assert.match(answers[0]!, /withdrawn/);
    assert.equal((await one.request()).entryCount, 1);
    assert.equal((await other.look()).number, 1);
  });

  test("is no sign-in, no report link and no reset: a token is good for what it was made for", async () => {
    const { follow, token, look, companyId } = await reporter();
    assert.equal(await outcomeOf(look(token)), "invalid_link");
    assert.equal((await ask(follow, "GET", `/companies/${companyId}/report-links`)).status, 401);
    assert.equal((await ask(undefined, "POST", "/follow", { token: follow })).status, 200);
    assert.equal((await ask(undefined, "POST", "/follow", { token: `${follow}x` })).status, 422);
  });

  test("follows what theirs was merged into: how it stands, their own words there, and nobody else's", async () => {
    const { act, look, within, requestId } = await reporter("Olive Owner");
    const [other] = await within((ctx) => openRequests(ctx, [{ subject: "SECRET of another", description: "SECRET" }]));
    const say = (text: string) => within((ctx) => actOnRequests(ctx, [{ requestId: other!, entry: { kind: "message", text } }])); // prettier-ignore
    await say("SECRET before");
    await within((ctx) => mergeRequests(ctx, [{ requestId, intoId: other! }]));
    await say("SECRET after");
    const seen = await act("message", "Mine squeaks too");
    assert.deepEqual(
      [seen.number, seen.state, seen.may],
      [1, "open", { confirm: false, reopen: false, followUp: false }],
    );
    assert.equal(seen.entries.at(-1)!.text, "Mine squeaks too");
    assert.doesNotMatch(JSON.stringify(await look()), /SECRET/);
    assert.equal(await outcomeOf(act("confirmed")), "forbidden");
    const { entries } = await within((ctx) => getRequest(ctx, other!));
    assert.ok(entries.some(({ from, content }) => from === null && content?.["text"] === "Mine squeaks too"));
  });
  test("goes on in a new request when theirs ended long ago: linked, and their link shows it from then on", async () => {
    const { act, look, within, requestId, follow } = await reporter("Olive Owner");
    await act("confirmed");
    assert.equal(await outcomeOf(act("followed_up", "It is stuck again")), "follow_up_too_early");
    platform.clock.advance({ hours: 24 * 15 });
    assert.deepEqual((await look()).may, { confirm: false, reopen: false, followUp: true });
    assert.equal(await outcomeOf(act("reopened", "It is stuck again")), "reopening_too_late");
    const id = randomUUID();
    const seen = await act("followed_up", "It is stuck again", id);
    const again = await act("followed_up", "It is stuck again", id);
    assert.deepEqual([seen.number, again.number, seen.state], [2, 2, "open"]);
    assert.match(seen.entries[0]!.text!, /It is stuck again/);
    const old = await within((ctx) => getRequest(ctx, requestId));
    assert.deepEqual(
      old.links.map(({ relation, request }) => [relation, request.number]),
      [["followed_by", 2]],
    );
    assert.equal((await look(follow)).number, 2);
    assert.equal((await within((ctx) => listRequests(ctx, { limit: 10, sort: "reported" }))).items.length, 2);
  });
  test("is not had by sending another's report again, nor with a secret that is somebody's already", async () => {
    const { report, follow, within, requestId } = await reporter();
    const mine = randomBytes(32).toString("base64url");
    await sendReport(platform, tools, { ...report, follow: mine, network: newNetwork() });
    assert.equal(await outcomeOf(readFollowed(platform, { token: mine, network: newNetwork() })), "invalid_link");
    const again = { ...report, id: randomUUID(), follow, network: newNetwork() };
    assert.equal(await outcomeOf(sendReport(platform, tools, again)), "invalid_input");
    assert.equal((await within((ctx) => listFollowLinks(ctx, { requestId }))).length, 1);
  });

  test("of the coordinator acts as the reporter; its secret is told once and stands nowhere", async () => {
    const { token, companyId, requestId, request } = await reporter("Olive Owner");
    const path = `/companies/${companyId}/requests/${requestId}/follow-links`;
    const made = await ask(token, "POST", path);
    assert.equal(made.status, 201);
    const secret = tokenOf(made.body["link"] as string);
    const body = { token: secret, id: randomUUID(), kind: "message", text: "From her desk" };
    assert.equal((await ask(undefined, "POST", "/follow/entries", body)).status, 201);
    assert.equal((await request()).entries.at(-1)!.by?.name, "Olive Owner");
    const listed = (await ask(token, "GET", path)).bytes.toString();
    assert.doesNotMatch(listed, new RegExp(secret));
    const rows = await platform.asSuperuser<{ t: string }>(
      "select t::text from tokens t where kind = 'follow' union all select f::text from follow_links f",
    );
    assert.doesNotMatch(JSON.stringify(rows), new RegExp(secret));
  });

  test("cannot be used without end", async () => {
    const { act, requestId, companyId, within } = await reporter();
    const [link] = await within((ctx) => listFollowLinks(ctx, { requestId }));
    await platform.asSuperuser(
      `insert into follow_acts (company_id, id, link_id, created_at)
       select $1, gen_random_uuid(), $2, $3 from generate_series(1, 100)`,
      [companyId, link!.id, platform.clock()],
    );
    assert.equal(await outcomeOf(act("message", "One too many")), "too_many_attempts");
  });
});
