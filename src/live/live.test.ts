import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, test } from "node:test";
import { served } from "../../test/served.ts";
import { testPlatform } from "../../test/harness.ts";
import { addMember, createKey, endMember, revokeKey } from "../accounts/accounts.ts";
import { companyWithOwner, givePassword, tokenFor } from "../accounts/fixture.ts";
import { addSupplier } from "../companies/companies.ts";
import { asOperator, inCompany } from "../context.ts";
import { checkedPosition, currentPosition, readEvents } from "../platform/events-reading.ts";
import { recordEvents } from "../platform/events.ts";
import { actOnRequests, openRequests } from "../requests/requests.ts";
import { openLive } from "./live.ts";
import { liveRoutes } from "./routes.ts";

const platform = await testPlatform({ poolSize: 8 });
const live = openLive(platform);
after(() => live.close());
const ask = await served(platform, (mount) => liveRoutes(mount, { live }));

interface Heard {
  id: string;
  event: string;
  data: { events?: { type: string; subjectId: string }[] };
}

/** Listens until told to stop; what arrives is read message by message. */
async function listening(company: string, who: string, more: Record<string, string> = {}) {
  const leaving = new AbortController();
  after(() => leaving.abort());
  const auth: Record<string, string> = who.startsWith("ob_")
    ? { authorization: `Bearer ${who}` }
    : { cookie: `openbook_session=${who}` };
  const reply = await fetch(`${ask.url}/api/v1/companies/${company}/events`, {
    headers: { ...auth, ...more },
    signal: leaving.signal,
  });
  assert.equal(reply.status, 200);
  const reader = reply.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  /** The next message with data; undefined: the stream has ended. */
  const next = async (): Promise<Heard | undefined> => {
    for (;;) {
      const end = text.indexOf("\n\n");
      if (end >= 0) {
        const lines = text.slice(0, end).split("\n");
        text = text.slice(end + 2);
        const of = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? "";
        if (of("data") && of("event") !== "here")
          return { id: of("id"), event: of("event"), data: JSON.parse(of("data")) };
        continue;
      }
      const { done, value } = await reader.read();
      if (done) return undefined;
      text += value;
    }
  };
  return { next, headers: reply.headers, leave: () => leaving.abort() };
}

/** Ids only, in the order told. */
const subjects = (heard: Heard | undefined) => heard?.data.events?.map(({ subjectId }) => subjectId);

test("a call that somebody logs is heard at once by whoever listens in the company, as type and id, and by nobody else", async () => {
  const [own, foreign] = [await companyWithOwner(platform), await companyWithOwner(platform)];
  const [mine, theirs] = [await listening(own.companyId, own.token), await listening(foreign.companyId, foreign.token)];
  assert.match(mine.headers.get("content-type")!, /^text\/event-stream/);
  assert.equal(mine.headers.get("x-accel-buffering"), "no");
  const [id] = await platform.within(own.companyId, (ctx) => openRequests(ctx, [{ subject: "The plotter" }]));
  assert.deepEqual((await mine.next())?.data, { events: [{ type: "request.opened", subjectId: id }] });
  const [other] = await platform.within(foreign.companyId, (ctx) => openRequests(ctx, [{ subject: "Theirs" }]));
  assert.deepEqual(subjects(await theirs.next()), [other]);
});

test("whoever was away goes on from the last message; a position that is none, or too old, means to load anew", async () => {
  const { companyId, token } = await companyWithOwner(platform);
  const open = async (subject: string) =>
    (await platform.within(companyId, (ctx) => openRequests(ctx, [{ subject }])))[0];
  const before = await listening(companyId, token);
  await open("seen");
  const { id } = (await before.next())!;
  before.leave();
  const missed = await open("missed");
  assert.deepEqual(subjects(await (await listening(companyId, token, { "last-event-id": id })).next()), [missed]);
  for (const position of ["nonsense", "9:5:;1", id.replace(/;.*/, ";1000"), id.replace(/:\d+:/, ":999999999999:")]) {
    const away = await listening(companyId, token, { "last-event-id": position });
    assert.equal((await away.next())?.event, "reload", position);
  }
});

test("a change that is committed late is not skipped, and holds nothing back", async () => {
  const { companyId } = await companyWithOwner(platform);
  const reading = <T>(work: Parameters<typeof platform.within<T>>[1]) =>
    inCompany(platform, companyId, asOperator(), work, "read");
  const started = await reading(currentPosition);
  const [written, let_go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const [early, late] = [randomUUID(), randomUUID()];
  const slow = platform.within(companyId, async (ctx) => {
    await recordEvents(ctx, [{ type: "thing.late", subjectId: late }]);
    written.resolve();
    await let_go.promise;
  });
  await written.promise;
  await platform.within(companyId, (ctx) => recordEvents(ctx, [{ type: "thing.early", subjectId: early }]));
  const since = (from: string) =>
    reading(async (ctx) => ({
      ids: (await readEvents(ctx, checkedPosition(from, ctx.now)!))!.map(({ subjectId }) => subjectId),
      here: await currentPosition(ctx),
    }));
  const first = await since(started);
  assert.deepEqual(first.ids, [early]);
  let_go.resolve();
  await slow;
  const second = await since(first.here);
  assert.deepEqual(second.ids, [late]);
  assert.deepEqual((await since(second.here)).ids, []);
});

test("a stream ends with the membership, the session or the key it was opened by", async () => {
  const { companyId, token, email } = await companyWithOwner(platform);
  const within = <T>(work: Parameters<typeof platform.within<T>>[1]) => platform.within(companyId, work);
  const leaver = `leaver-${companyId}@example.com`;
  const { member } = await within((ctx) => addMember(ctx, { name: "Lea", email: leaver, role: "coordinator" }));
  await givePassword(platform, leaver);
  const { apiKey, key } = await within((ctx) => createKey(ctx, { name: "board", memberEmail: email }));
  const streams = {
    member: await listening(companyId, await tokenFor(platform, leaver)),
    key: await listening(companyId, key),
    session: await listening(companyId, token),
  };
  const ended = async ({ next }: { next(): Promise<Heard | undefined> }) => {
    while (await next());
  };
  await within((ctx) => endMember(ctx, { id: member.id }));
  await ended(streams.member);
  await within((ctx) => revokeKey(ctx, { id: apiKey.id }));
  await ended(streams.key);
  await platform.asSuperuser(
    "delete from sessions where account_id = (select account_id from members where company_id = $1 and role = 'owner')",
    [companyId],
  );
  await ended(streams.session);
});

test("a supplier's technician is not told of another's requests nor of the company's own notes", async () => {
  const { companyId } = await companyWithOwner(platform);
  const within = <T>(work: Parameters<typeof platform.within<T>>[1]) => platform.within(companyId, work);
  const ours = await within((ctx) => addSupplier(ctx, { name: "Northwind IT" }));
  const other = await within((ctx) => addSupplier(ctx, { name: "Fabrikam" }));
  const email = `tech-${companyId}@example.com`;
  const { member } = await within((ctx) => addMember(ctx, { name: "Tom", email, role: "auditor" }));
  // Somebody of a supplier with a role that reads requests.
  await platform.asSuperuser("update people set supplier_id = $2 where id = $1", [member.personId, ours.id]);
  await givePassword(platform, email);
  const { next } = await listening(companyId, await tokenFor(platform, email));
  const [seen] = await within((ctx) =>
    openRequests(ctx, [
      { subject: "ours", supplierId: ours.id },
      { subject: "not", supplierId: other.id },
    ]),
  );
  assert.deepEqual((await next())?.data, { events: [{ type: "request.opened", subjectId: seen }] });
  await within((ctx) => actOnRequests(ctx, [{ requestId: seen!, entry: { kind: "note", text: "slow again" } }]));
  await within((ctx) => addSupplier(ctx, { name: "Contoso" }));
  const [last] = await within((ctx) => openRequests(ctx, [{ subject: "again", supplierId: ours.id }]));
  assert.deepEqual((await next())?.data, { events: [{ type: "request.opened", subjectId: last }] });
});

test("who looks at a request, and who writes, is told to those who are there: never between two suppliers", async () => {
  const { companyId, token } = await companyWithOwner(platform);
  const within = <T>(work: Parameters<typeof platform.within<T>>[1]) => platform.within(companyId, work);
  const [ours, other] = await within(async (ctx) => [
    await addSupplier(ctx, { name: "Northwind IT" }),
    await addSupplier(ctx, { name: "Fabrikam" }),
  ]);
  const person = async (name: string, supplierId: string | null) => {
    const email = `${name}-${companyId}@example.com`.toLowerCase();
    const { member } = await within((ctx) => addMember(ctx, { name, email, role: "coordinator" }));
    // A supplier's person who may write, without the second factor that a technician's session needs.
    await platform.asSuperuser("update people set supplier_id = $2 where id = $1", [member.personId, supplierId]);
    await givePassword(platform, email);
    return { member, token: await tokenFor(platform, email) };
  };
  const [tom, fay] = [await person("Tom", ours!.id), await person("Fay", other!.id)];
  const [id, elsewhere] = await within((ctx) =>
    openRequests(ctx, [
      { subject: "ours", supplierId: ours!.id },
      { subject: "theirs", supplierId: other!.id },
    ]),
  );
  const [tabs, path] = [[randomUUID(), randomUUID(), randomUUID()], `/companies/${companyId}/requests/${id}/attention`];
  const share = async (who: string, tab: string, writing = false, here = true, to = path) => {
    const reply = await fetch(`${ask.url}/api/v1${to}`, {
      method: "POST",
      headers: { cookie: `openbook_session=${who}`, "content-type": "application/json", origin: ask.url },
      body: JSON.stringify({ tab, here, writing }),
    });
    return { status: reply.status, body: (await reply.json()) as { others: { name: string; writing: boolean }[] } };
  };
  const presence = async (stream: { next(): Promise<Heard | undefined> }) => {
    for (;;) {
      const heard = await stream.next();
      if (heard?.event === "presence") return (heard.data as unknown as { others: { name: string }[] }).others;
    }
  };
  const toms = await listening(companyId, tom.token);
  assert.deepEqual((await share(tom.token, tabs[0]!)).body, { others: [] });
  assert.deepEqual(await presence(toms), []);
  assert.deepEqual(
    (await share(token, tabs[1]!, true)).body.others.map(({ name, writing }) => ({ name, writing })),
    [{ name: "Tom", writing: false }],
  );
  assert.equal((await presence(toms)).length, 1);
  // Somebody of another supplier may not see the request at all, so nobody is told of them, nor they of anybody.
  assert.equal((await share(fay.token, tabs[2]!)).status, 404);
  assert.equal((await share(tom.token, tabs[0]!, false, true, path.replace(id!, elsewhere!))).status, 404);
  assert.deepEqual((await share(token, tabs[1]!)).body.others.length, 1);
  // Handed over: from now on Tom learns nothing, and nobody of him.
  await within((ctx) =>
    actOnRequests(ctx, [{ requestId: id!, entry: { kind: "changed", to: { supplierId: other!.id } } }]),
  );
  assert.equal((await share(tom.token, tabs[0]!)).status, 404);
  assert.deepEqual(
    (await share(fay.token, tabs[2]!)).body.others.map(({ name }) => name),
    ["Olive Owner"],
  );
  // Whoever leaves, or says nothing for 45 seconds, is gone.
  await share(fay.token, tabs[2]!, false, false);
  live.attentions.sweep(platform.clock().getTime() + 45_000);
  assert.deepEqual(live.attentions.membersAt({ companyId, requestId: id! }), []);
});

test("nobody keeps more than thirty streams of one company open", async () => {
  const { companyId, token } = await companyWithOwner(platform);
  const streams = await Promise.all(Array.from({ length: 30 }, () => listening(companyId, token)));
  const url = `${ask.url}/api/v1/companies/${companyId}/events`;
  const refused = await fetch(url, { headers: { cookie: `openbook_session=${token}` } });
  assert.equal(refused.status, 429);
  assert.match(await refused.text(), /too_many_streams/);
  streams[0]!.leave();
  const again = async (): Promise<number> => {
    const reply = await fetch(url, { headers: { cookie: `openbook_session=${token}` } });
    await reply.body?.cancel();
    return reply.status === 429 ? again() : reply.status;
  };
  assert.equal(await again(), 200);
});
