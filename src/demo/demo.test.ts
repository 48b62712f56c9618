import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { freshCompany, testPlatform, type TestPlatform } from "../../test/harness.ts";
import { signIn } from "../accounts/accounts.ts";
import { entered } from "../accounts/fixture.ts";
import { allAssets } from "../assets/assets.ts";
import { openFiles } from "../platform/files.ts";
import { brokenAttachments, listAttachments } from "../requests/requests.ts";
import { publicHolidays } from "./calendar.ts";
import { topics } from "./calls.ts";
import { company, colleagues } from "./company.ts";
import { seedDemo, worldOf, yearUntil } from "./demo.ts";
import { addSuppliers, setCalendar } from "./founding.ts";
import { planYear } from "./plan.ts";
import type { Story, World } from "./world.ts";

const [one, again] = [await testPlatform(), await testPlatform()];
const folder = await mkdtemp(join(tmpdir(), "openbook-demo-"));
const files = openFiles(folder);
after(() => rm(folder, { recursive: true, force: true }));

/** A Tuesday morning. */
const now = new Date("2026-11-24T10:17:00.000Z");
const few = { now, requests: 16, seed: 7 };

/** All that was recorded, without ids and without the random bytes of the chain. */
async function record(platform: TestPlatform): Promise<unknown[]> {
  return platform.asSuperuser(`
    with who as (select id, name from people union select id, name from suppliers)
    select r.number, r.kind, r.subject, r.state, r.outcome, r.priority, r.category, r.channel, r.asset, r.reported_at,
      r.recorded_at, r.response_minutes, r.resolution_minutes, r.waited_minutes, r.promise_kind, r.promise_due_at,
      s.name as supplier, p.name as reporter, t.name as technician,
      (select json_agg(json_build_array(e.seq, e.kind, e.happened_at, e.recorded_at, a.name, b.name, e.audience,
          c.content - 'by' - 'technician' - 'asset_id' - 'from' - 'to' - 'attachments',
          jsonb_path_query_array(c.content, '$.attachments[*].sha256')) order by e.seq)
        from entries e join entry_contents c using (company_id, request_id, seq)
        left join who a on e.actor = 'person:' || a.id
        left join who b on b.id = (c.content -> 'by' ->> 'id')::uuid
        where e.request_id = r.id) as entries
    from requests r left join who s on s.id = r.supplier_id
      left join who p on p.id = r.reporter_id left join who t on t.id = r.technician_id
    order by r.number`);
}

test("the same seed tells the same year, with other ids; whoever is named can sign in", async () => {
  const [made] = await Promise.all([
    seedDemo(one, { ...few, password: "a long enough password", files }),
    seedDemo(again, { ...few, files }),
  ]);
  const told = await record(one);
  assert.equal(told.length, few.requests);
  assert.deepEqual(await record(again), told);
  await checkFiles(made.companyId);
  await checkInventory(made.companyId);

  one.clock.set(now.toISOString());
  const [owner] = made.logins;
  assert.equal(owner?.role, "owner");
  const { account } = await entered(signIn(one, { email: owner!.email, password: owner!.password, network: "test" }));
  assert.deepEqual(
    account.memberships.map((m) => [m.company.id, m.role]),
    [[made.companyId, "owner"]],
  );
});

/** Whatever a call names is in the list of equipment: machines by their own name, notebooks with who has them. */
async function checkInventory(companyId: string): Promise<void> {
  const assets = await one.within(companyId, allAssets);
  assert.equal(new Set(assets.map(({ name }) => name)).size, assets.length);
  const notebooks = assets.filter(({ name }) => name.startsWith("NB-"));
  const desks = colleagues.filter(({ laptop, newcomer }) => laptop && !newcomer);
  assert.deepEqual(
    notebooks.map(({ name, owner }) => `${name} ${owner?.name}`).sort(),
    desks.map(({ name, laptop }) => `${laptop} ${name}`).sort(),
  );
  const known = new Set(assets.map(({ name }) => name));
  const named = topics.flatMap((topic) => [topic.assets, topic.cases.map(({ asset }) => asset)]).flat(2);
  const unknown = named.filter((name) => name && name !== "{me}" && name !== "Server room" && !known.has(name));
  assert.deepEqual(unknown, []);
}

/** A picture, a log or a paper at least; whole on the disk, and what their names say. */
async function checkFiles(companyId: string): Promise<void> {
  const attached = await one.within(companyId, (ctx) => listAttachments(ctx, { limit: 100 }));
  assert.ok(attached.length >= 3, `${attached.length} files`);
  const endings = { "image/png": /\.png$/, "application/pdf": /\.pdf$/, "text/plain": /\.(?:log|txt)$/ };
  for (const { name, type, size } of attached) {
    assert.match(name, endings[type as keyof typeof endings]);
    assert.ok(size > 100 && size < 20_000, `${name}: ${size}`);
  }
  assert.deepEqual(await Array.fromAsync(brokenAttachments(one, files, companyId)), []);
}

/** What the entries of a story are, without the database. */
function kindsOf(story: Story): string[] {
  return story.steps.map((step) => step.entry((name) => name).kind);
}

/** The demo's hours and holidays, from a company that keeps them. */
async function clocksOf(platform: TestPlatform): Promise<World["clocks"]> {
  const companyId = await freshCompany(platform, company.timeZone);
  return platform.within(companyId, async (ctx) => {
    const supplierIds = await addSuppliers(ctx);
    return setCalendar(ctx, supplierIds, { shortFridaysFrom: "2026-07-01", years: [2024, 2025, 2026, 2027, 2028] });
  });
}

test("whenever the year ends, it reads like a year: endings, times, nothing said too often", async () => {
  const clocks = await clocksOf(one);
  const subjects = (seed: number) => planYear(worldOf(yearUntil(now), seed, clocks), 30).map((s) => s.call.subject);
  assert.notDeepEqual(subjects(1), subjects(2), "another seed is another year");
  for (let day = 0; day < 365; day += 26) {
    const end = new Date(now.getTime() - day * 86_400_000 + day * 17 * 60_000);
    const world = worldOf(yearUntil(end), 1 + day, clocks);
    const stories = planYear(world);
    assert.equal(stories.length, 600, end.toISOString());
    checkWords(stories);
    checkTimes(stories, end.getTime(), world.newcomersFrom);
    checkEndings(stories);
  }
});

function checkWords(stories: Story[]): void {
  const bySubject = Map.groupBy(stories, ({ call }) => call.subject.toLowerCase());
  const most = [...bySubject].toSorted((a, b) => b[1].length - a[1].length)[0]!;
  assert.ok(most[1].length <= 8, `"${most[0]}" ${most[1].length} times`);
  const said = stories.flatMap(({ call, steps }) => [
    call.subject,
    ...steps.map((s) => JSON.stringify(s.entry(String))),
  ]);
  assert.deepEqual(
    said.filter((text) => /\{\w+\}|undefined|null/.test(text)),
    [],
    "no blank is left open",
  );
}

function checkTimes(stories: Story[], end: number, newcomersFrom: number): void {
  for (const { call, recordedAt, steps } of stories) {
    assert.ok(call.at <= recordedAt && recordedAt <= end, call.subject);
    assert.ok(!call.reporter.newcomer || recordedAt > newcomersFrom, "nobody calls before they are there");
    let last = recordedAt;
    for (const step of steps) {
      assert.ok(step.recordedAt >= last && step.recordedAt <= end, call.subject);
      assert.ok(Date.parse(step.entry(String).happenedAt!) <= step.recordedAt, call.subject);
      last = step.recordedAt;
    }
  }
  const late = stories.filter(({ call, recordedAt }) => recordedAt - call.at > 12 * 3_600_000);
  assert.ok(late.length > 20, "some calls are logged later than they happened");
}

function checkEndings(stories: Story[]): void {
  const share = (wanted: (kinds: string[]) => boolean) =>
    stories.filter((s) => wanted(kindsOf(s))).length / stories.length;
  const confirmed = share((kinds) => kinds.at(-1) === "confirmed");
  const reopened = share((kinds) => kinds.includes("reopened"));
  const open = share((kinds) => !kinds.some((kind) => ["resolved", "cancelled"].includes(kind)));
  assert.ok(confirmed > 0.7 && confirmed < 0.88, `confirmed ${confirmed}`);
  assert.ok(reopened > 0.02 && reopened < 0.09, `reopened ${reopened}`);
  assert.ok(open > 0.003 && open < 0.03, `open ${open}`);
}

test("40 people; the public holidays of Ireland", () => {
  assert.equal(colleagues.length, 40);
  assert.ok(colleagues.every(({ email }) => !email || email.endsWith(`@${company.domain}`)));
  // https://www.citizensinformation.ie/en/employment/employment-rights-and-conditions/leave-and-holidays/public-holidays-in-ireland/
  assert.deepEqual(
    publicHolidays(2026).map(({ date }) => date),
    [
      "2026-01-01",
      "2026-02-02",
      "2026-03-17",
      "2026-04-06",
      "2026-05-04",
      "2026-06-01",
      "2026-08-03",
      "2026-10-26",
      "2026-12-25",
      "2026-12-26",
    ],
  );
  assert.equal(publicHolidays(2030)[1]!.date, "2030-02-01", "Saint Brigid's Day on a Friday");
  assert.equal(publicHolidays(2024)[3]!.date, "2024-04-01");
});
