import assert from "node:assert/strict";
import { test } from "node:test";
import { wayBack } from "./way-back.ts";

const origin = "https://openbook.example";

test("after signing in one comes back to the page that was asked for", () => {
  assert.equal(wayBack("/c/1/requests?q=a%26b#search", origin), "/c/1/requests?q=a%26b#search");
  assert.equal(wayBack(undefined, origin), undefined);
});

test("and to no other site, however its address is written", () => {
  const elsewhere = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n\\evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "/..//evil.example",
    "//openbook.example:444/",
    "//user@evil.example/",
  ];
  for (const back of elsewhere) assert.equal(wayBack(back, origin), undefined, back);
});
