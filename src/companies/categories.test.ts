import assert from "node:assert/strict";
import { test } from "node:test";
import { freshCompany, testPlatform } from "../../test/harness.ts";
import { getChoices, openRequests } from "../requests/requests.ts";
import { addCategories, changeCategory, listCategories, orderCategories } from "./companies.ts";

const platform = await testPlatform();

async function newCompany() {
  const company = await freshCompany(platform);
  const within = <T>(work: Parameters<typeof platform.within<T>>[1]) => platform.within(company, work);
  const add = (...names: string[]) => within((ctx) => addCategories(ctx, { names }));
  const change = (id: string, to: { name?: string; ended?: boolean }) =>
    within((ctx) => changeCategory(ctx, { id, ...to }));
  const order = (...ids: string[]) => within((ctx) => orderCategories(ctx, { ids }));
  const offered = async () => (await within((ctx) => getChoices(ctx))).categories;
  const log = (category: string) => within((ctx) => openRequests(ctx, [{ subject: "It beeps", category }]));
  return { company, within, add, change, order, offered, log };
}

test("the company's own categories are offered in its order, then other words that calls were given", async () => {
  const { add, order, offered, log } = await newCompany();
  const list = await add("Printing", " Mail ", "printing", "Network");
  assert.deepEqual(
    list.map(({ name }) => name),
    ["printing", "Mail", "Network"],
  );
  await order(list[2]!.id);
  await log("Mail");
  await log("Coffee machine");
  assert.deepEqual(await offered(), ["Network", "printing", "Mail", "Coffee machine"]);
});

test("one that ended is not offered, though calls have it, and is offered again in its place", async () => {
  const { add, change, offered, log } = await newCompany();
  const [printing] = await add("Printing", "Mail");
  await log("Printing");
  await change(printing!.id, { ended: true });
  assert.deepEqual(await offered(), ["Mail"]);
  await add("printing");
  assert.deepEqual(await offered(), ["Printing", "Mail"]);
});

test("a new name is offered from then on; a name that another one has is refused and nothing changes", async () => {
  const { within, add, change, offered, log } = await newCompany();
  const [printing, mail] = await add("Printing", "Mail");
  await log("Printing");
  await change(printing!.id, { name: "Printers and paper" });
  assert.deepEqual(await offered(), ["Printers and paper", "Mail", "Printing"], "calls keep the word they have");
  await assert.rejects(change(mail!.id, { name: "printers  and PAPER" }), { code: "category_exists" });
  await assert.rejects(change(mail!.id, { name: " " }), { code: "invalid_input" });
  assert.equal((await within((ctx) => listCategories(ctx))).length, 2);
  await change(mail!.id, { name: "MAIL" });
});

test("a list has room for 200, and more are refused whole", async () => {
  const { within, add } = await newCompany();
  await add(...Array.from({ length: 200 }, (_, n) => `Category ${n}`));
  await assert.rejects(add("One more"), { code: "invalid_input" });
  assert.equal((await within((ctx) => listCategories(ctx))).length, 200);
});

test("nobody else's category can be changed or brought into an order", async () => {
  const [here, there] = [await newCompany(), await newCompany()];
  const [theirs] = await there.add("Theirs");
  await here.add("Mine");
  await assert.rejects(here.change(theirs!.id, { name: "Mine too" }), { code: "not_found" });
  assert.equal((await here.order(theirs!.id)).length, 1);
  assert.deepEqual(await there.offered(), ["Theirs"]);
});
