import assert from "node:assert/strict";
import { test } from "node:test";
import type { Asset } from "../contract.ts";
import { aboutOf, offered } from "./asset-value.ts";

const asset = (id: string, name: string, place: string) => ({ id, name, place }) as Asset;
const placeOf = (one: Asset) => one.place!;

test("two assets of one name are told apart, and picking one means that one", () => {
  const offers = offered([asset("1", "Printer", "Hall"), asset("2", "Printer", "Attic")], [], "", placeOf);
  assert.deepEqual(
    offers.map(({ value, id }) => [value, id]),
    [
      ["Printer · Hall", "1"],
      ["Printer · Attic", "2"],
    ],
  );
});

test("words that were used before are offered after the assets, each once", () => {
  const offers = offered([asset("1", "Printer 2", "Hall")], ["Printer 2", "old printer", "VPN"], "Print", placeOf);
  assert.deepEqual(
    offers.map(({ value, id }) => [value, id]),
    [
      ["Printer 2", "1"],
      ["old printer", undefined],
    ],
  );
});

test("what was picked is sent as itself, what was typed as words, nothing as nothing", () => {
  assert.deepEqual(aboutOf({ name: "Printer", id: "1" }), { assetId: "1" });
  assert.deepEqual(aboutOf({ name: " the scanner " }), { asset: "the scanner" });
  assert.deepEqual(aboutOf({ name: " " }), { asset: null });
});
