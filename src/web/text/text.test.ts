import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { entryKinds, outcomes, parties, channels, kinds, recordable, states } from "../../requests/contract.ts";
import { priorities } from "../../companies/contract.ts";
import { figureNames, pictures } from "../../figures/contract.ts";
import { en } from "./en.ts";
import { type Catalogue, isTextKey, setTextLocale, t } from "./text.ts";

test("plurals follow the language, numbers the company's locale", () => {
  assert.equal(t("requests.count", { n: 1 }), "1 request");
  assert.equal(t("requests.count", { n: 1234 }), "1,234 requests");
  setTextLocale("de-DE");
  assert.equal(t("requests.count", { n: 1234 }), "1.234 requests");
  setTextLocale("en-GB");
});

test("each plural has the form that every language has, and counts in it or is told to", () => {
  for (const [key, message] of Object.entries(en)) {
    if (typeof message === "string") assert.notEqual(message.trim(), "", key);
    else assert.notEqual(String(message.other).trim(), "", key);
  }
});

test("a catalogue in a further language that lacks a text, or has one too many, does not compile", () => {
  const { "nav.requests": left, ...rest } = en;
  // @ts-expect-error: a text is missing
  const lacking: Catalogue = rest;
  // @ts-expect-error: nobody shows this one
  const more: Catalogue = { ...rest, "nav.requests": left, "nav.nowhere": "" };
  const whole: Catalogue = { ...rest, "nav.requests": left };
  assert.deepEqual(Object.keys(whole).toSorted(), Object.keys(en).toSorted());
  assert.notEqual(Object.keys(lacking).length, Object.keys(more).length);
});

test("every state, outcome, priority, kind and figure of the contracts has its words", () => {
  const wanted = [
    ...states.flatMap((one) => [`phrase.state.${one}`, `filterState.${one}`]),
    ...outcomes.flatMap((one) => [`phrase.outcome.${one}`, `state.closed.${one}`, `entry.closed.${one}`]),
    ...priorities.map((one) => `priority.${one}`),
    ...kinds.flatMap((one) => [`kind.${one}`, `phrase.kind.${one}`]),
    ...channels.map((one) => `channel.${one}`),
    ...parties.flatMap((one) => [`party.${one}`, `phrase.promiseParty.${one}`]),
    ...recordable.flatMap((one) => [`phrase.without.${one}`, `filter.without.${one}`, `phrase.${one}Not`]),
    ...entryKinds.map((one) => `entry.${one}`),
    ...figureNames.map((one) => `figure.${one}`),
    ...pictures.map((one) => `picture.title.${one}`),
  ];
  assert.deepEqual(
    wanted.filter((key) => !isTextKey(key)),
    [],
  );
});

/** Words between tags, and words given to the attributes that people read or hear. */
const prose = [
  />\s*([A-Z][a-z]+ [a-z][^<>{}=]*)</,
  /\b(?:label|title|placeholder|aria-label|alt)="([^"]*[a-z] [a-z][^"]*)"/,
];

test("components hold no prose of their own", () => {
  const src = join(import.meta.dirname, "..", "..");
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((path) => /\bweb\b.*\.tsx$/.test(path));
  assert.ok(files.length > 50);
  for (const path of files) {
    const source = readFileSync(join(src, path), "utf8");
    for (const pattern of prose) assert.equal(pattern.exec(source)?.[1], undefined, path);
  }
});
