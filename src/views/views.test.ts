import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { addMember } from "../accounts/accounts.ts";
import { companyWithOwner, givePassword, tokenFor } from "../accounts/fixture.ts";
import { testPlatform } from "../../test/harness.ts";
import { served } from "../../test/served.ts";
import { viewRoutes } from "./routes.ts";

const platform = await testPlatform();
const ask = await served(platform, viewRoutes);

async function company() {
  platform.clock.set("2026-11-24T09:00:00.000Z");
  const { companyId, token } = await companyWithOwner(platform);
  const as = (who: string) => async (method: string, path: string, body?: unknown, ifMatch?: string) => {
    const { status, body: reply } = await ask(
      who,
      method,
      `/companies/${companyId}/views${path}`,
      body,
      ifMatch ? { "if-match": ifMatch } : {},
    );
    return { status, reply: reply as Record<string, unknown> };
  };
  const member = async (role: "coordinator" | "auditor") => {
    const email = `${role}-${companyId}@example.com`;
    await platform.within(companyId, (ctx) => addMember(ctx, { name: `A ${role}`, email, role }));
    await givePassword(platform, email);
    return as(await tokenFor(platform, email));
  };
  return { owner: as(token), member };
}
type Ask = Awaited<ReturnType<typeof company>>["owner"];

const lastMonth = { name: "Mail last month", page: "requests", search: { category: "Mail, calendar", reportedIn: "last_month" } }; // prettier-ignore
const named = async (who: Ask) => ((await who("GET", "")).reply["items"] as { name: string }[]).map(({ name }) => name);

describe("a view", () => {
  test("is kept by its name with its filters, a period by its name among them; renamed, changed, removed, brought back", async () => {
    const { owner } = await company();
    const made = await owner("POST", "", lastMonth);
    assert.equal(made.status, 201);
    const { search, shared, mine, mayChange, version } = made.reply;
    assert.deepEqual({ search, shared, mine, mayChange, version }, { search: lastMonth.search, shared: false, mine: true, mayChange: true, version: 1 }); // prettier-ignore
    const at = `/${made.reply["id"] as string}`;
    assert.equal((await owner("PATCH", at, { name: "Mail" }, '"1"')).reply["name"], "Mail");
    assert.equal((await owner("PATCH", at, { name: "Post" }, '"1"')).status, 412, "somebody else was faster");
    assert.equal((await owner("PATCH", at, { search: { state: "open" } }, '"2"')).reply["version"], 3);
    assert.equal((await owner("DELETE", at, undefined, '"2"')).status, 412);
    assert.equal((await owner("DELETE", at, undefined, '"3"')).status, 204);
    assert.deepEqual(await named(owner), []);
    assert.equal((await owner("POST", `${at}/restoration`)).status, 201);
    assert.deepEqual(await named(owner), ["Mail"]);
  });

  test("is one's own until it is shared; an auditor keeps views too, and shares none", async () => {
    const { owner, member } = await company();
    const [coordinator, auditor] = [await member("coordinator"), await member("auditor")];
    const own = `/${(await auditor("POST", "", lastMonth)).reply["id"] as string}`;
    assert.deepEqual(await named(owner), []);
    for (const [method, path] of [
      ["PATCH", own],
      ["DELETE", own],
      ["POST", `${own}/restoration`],
    ] as const) {
      // prettier-ignore
      assert.equal((await owner(method, path, method === "PATCH" ? { name: "Mine" } : undefined)).status, 404);
    }
    assert.equal((await auditor("POST", "", { ...lastMonth, name: "For all", shared: true })).status, 403);
    assert.equal((await auditor("PATCH", own, { shared: true })).status, 403);

    const shared = `/${(await coordinator("POST", "", { ...lastMonth, name: "For all", shared: true })).reply["id"] as string}`; // prettier-ignore
    assert.deepEqual(await named(auditor), ["For all", "Mail last month"]);
    const [seen] = (await auditor("GET", "")).reply["items"] as Record<string, unknown>[];
    assert.deepEqual([seen!["mine"], seen!["mayChange"], seen!["savedBy"]], [false, false, "A coordinator"]);
    assert.equal((await auditor("PATCH", shared, { name: "Mine" })).status, 403);
    assert.equal((await owner("PATCH", shared, { name: "For everybody" })).status, 200, "who may share may tidy up");
    assert.equal((await coordinator("PATCH", shared, { shared: false })).status, 200);
    assert.deepEqual(await named(owner), []);
    // Who may tidy up may also say that it is not for everybody; from then on it is not for them either.
    const back = await coordinator("PATCH", shared, { shared: true });
    assert.equal(back.status, 200);
    const taken = await owner("PATCH", shared, { shared: false });
    assert.deepEqual([taken.status, taken.reply["shared"], taken.reply["mayChange"]], [200, false, false]);
    assert.deepEqual([await named(owner), await named(coordinator)], [[], ["For everybody"]]);
  });

  test("with a name one has already is refused, also when it is brought back to it; another's may have it", async () => {
    const { owner, member } = await company();
    const first = `/${(await owner("POST", "", lastMonth)).reply["id"] as string}`;
    const twin = await owner("POST", "", { ...lastMonth, name: " mail LAST month" });
    assert.deepEqual([twin.status, twin.reply["code"]], [422, "view_exists"]);
    assert.equal((await (await member("auditor"))("POST", "", lastMonth)).status, 201);
    await owner("DELETE", first);
    assert.equal((await owner("POST", "", lastMonth)).status, 201);
    assert.equal((await owner("POST", `${first}/restoration`)).status, 422);
  });

  test("removed more than a day ago is gone", async () => {
    const { owner } = await company();
    const at = `/${(await owner("POST", "", lastMonth)).reply["id"] as string}`;
    await owner("DELETE", at);
    platform.clock.advance({ hours: 25 });
    assert.equal((await owner("POST", `${at}/restoration`)).status, 404);
    await owner("POST", "", { ...lastMonth, name: "Another" });
    assert.deepEqual((await platform.asSuperuser("select from saved_views where id = $1", [at.slice(1)])).length, 0);
  });

  test("keeps nothing that its page does not know: it would show something else than it says", async () => {
    const { owner } = await company();
    const fields = async (page: string, search: Record<string, string>) => {
      const { status, reply } = await owner("POST", "", { name: "x", page, search });
      assert.equal(status, 422, JSON.stringify(search));
      return Object.keys(reply["fields"] as object);
    };
    assert.deepEqual(await fields("requests", { colour: "red" }), ["search.colour"]);
    assert.deepEqual(await fields("requests", { state: "boiled" }), ["search.state.0"]);
    assert.deepEqual(await fields("requests", { __proto__x: "1" }), ["search.__proto__x"]);
    assert.deepEqual(await fields("by", { period: "last_month" }), ["search.dimension"]);
    assert.deepEqual(await fields("overview", { dimension: "supplier" }), ["search.dimension"]);
    assert.equal((await owner("POST", "", { name: "x", page: "overview", search: { period: "last_month", compare: "year" } })).status, 201); // prettier-ignore
    assert.equal((await owner("POST", "", { name: "y", page: "by", search: { dimension: "weekday", sort: "-reported" } })).status, 201); // prettier-ignore
  });

  test("of two hundred is the last", async () => {
    const { owner } = await company();
    const first = (await owner("POST", "", lastMonth)).reply["id"] as string;
    await platform.asSuperuser(
      `insert into saved_views
       select company_id, gen_random_uuid(), member_id, name, 'view ' || i, page, search, shared, version, created_at, changed_at
       from saved_views, generate_series(2, 200) i where id = $1`,
      [first],
    );
    assert.deepEqual((await owner("POST", "", { ...lastMonth, name: "More" })).reply["code"], "too_many_views");
  });
});
