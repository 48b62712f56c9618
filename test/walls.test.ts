import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, sep } from "node:path";
import { describe, test } from "node:test";
import { breaches, importsOf } from "./walls.ts";

const root = join(import.meta.dirname, "..");

async function sourcesOf(folder: string): Promise<Map<string, string>> {
  const files = await readdir(join(root, folder), { recursive: true });
  const paths = files.map((file) => [folder, ...file.split(sep)].join("/")).filter((path) => /\.tsx?$/.test(path));
  return new Map(paths.toSorted().map((path) => [path, readFileSync(join(root, path), "utf8")]));
}

test("every wall of the architecture stands", async () => {
  const sources = await sourcesOf("src");
  assert.ok(sources.size > 50);
  assert.deepEqual(breaches(sources), []);
});

test("one line in the real tree is enough to be found", async () => {
  const sources = await sourcesOf("src");
  const path = "src/requests/requests.ts";
  sources.set(path, `import "../accounts/tokens.ts";\n${sources.get(path)}`);
  assert.deepEqual(breaches(sources), [
    `${path}:1: imports src/accounts/tokens.ts: knock at the front, accounts.ts or contract.ts`,
  ]);
});

/** The breaches of a few small files, all beside one that breaks nothing. */
function inFiles(files: Record<string, string>): string[] {
  return breaches(new Map([["src/requests/requests.ts", "export const fine = 1;"], ...Object.entries(files)]));
}
const inFile = (path: string, text: string) => inFiles({ [path]: text });

describe("each wall is guarded", () => {
  test("down only", () => {
    assert.deepEqual(inFile("src/platform/queue.ts", 'import { openRequests } from "../requests/requests.ts";'), [
      "src/platform/queue.ts:1: imports src/requests/requests.ts: down only",
    ]);
    assert.deepEqual(inFile("src/requests/jobs.ts", '\nimport { serve } from "../doors/http.ts";'), [
      "src/requests/jobs.ts:2: imports src/doors/http.ts: down only",
    ]);
    assert.deepEqual(inFile("src/doors/jobs.ts", 'import { start } from "../main.ts";'), [
      "src/doors/jobs.ts:1: imports src/main.ts: down only",
    ]);
    assert.deepEqual(inFile("src/errors.ts", 'import type { Log } from "./platform/log.ts";'), [
      "src/errors.ts:1: imports src/platform/log.ts: down only",
    ]);
    assert.deepEqual(inFile("src/context.ts", 'import type { Log } from "./platform/log.ts";'), []);
    assert.deepEqual(inFile("src/main.ts", 'import { routes } from "./requests/routes.ts";'), []);
  });

  test("the web sees contracts and the web; the server never the web", () => {
    assert.deepEqual(inFile("src/requests/web/Page.tsx", 'import { notFound } from "../../errors.ts";'), [
      "src/requests/web/Page.tsx:1: the web imports src/errors.ts: contract.ts and web/ only",
    ]);
    assert.deepEqual(inFile("src/web/main.tsx", 'import { openRequests } from "../requests/requests.ts";'), [
      "src/web/main.tsx:1: the web imports src/requests/requests.ts: contract.ts and web/ only",
    ]);
    const allowed = `import { route } from "../../contract.ts";\nimport { kinds } from "../../companies/contract.ts";
      \nimport { call } from "../../web/call.ts";\nimport { useState } from "react";`;
    assert.deepEqual(inFile("src/requests/web/Page.tsx", allowed), []);
    assert.deepEqual(inFile("src/doors/pages.ts", 'import { title } from "../web/title.ts";'), [
      "src/doors/pages.ts:1: the server imports src/web/title.ts of the web",
    ]);
    assert.deepEqual(inFile("src/requests/web/Page.tsx", 'import { readFileSync } from "node:fs";'), [
      "src/requests/web/Page.tsx:1: node:fs is imported away from its home",
    ]);
    assert.deepEqual(inFile("src/requests/contract.ts", 'import { AppError } from "../errors.ts";'), [
      "src/requests/contract.ts:1: a contract imports src/errors.ts: both sides read it, so contracts only",
    ]);
  });

  test("knock at the front", () => {
    assert.deepEqual(inFile("src/imports/imports.ts", 'import { seal } from "../requests/ledger.ts";'), [
      "src/imports/imports.ts:1: imports src/requests/ledger.ts: knock at the front, requests.ts or contract.ts",
    ]);
    assert.deepEqual(inFile("src/imports/imports.ts", 'import { routes } from "../requests/routes.ts";').length, 1);
    assert.deepEqual(inFile("src/doors/jobs.ts", 'import { seal } from "../requests/ledger.ts";').length, 1);
    assert.deepEqual(inFile("src/imports/imports.ts", 'import { openRequests } from "../requests/requests.ts";'), []);
    assert.deepEqual(inFile("src/imports/imports.ts", 'export { Kind } from "../requests/contract.ts";'), []);
  });

  test("one home per foreigner, and a home for each", () => {
    assert.deepEqual(inFile("src/requests/requests.ts", 'import { Hono } from "hono";'), [
      "src/requests/requests.ts:1: hono is imported away from its home",
    ]);
    assert.deepEqual(inFile("src/requests/routes.ts", 'import { Hono } from "hono";'), []);
    assert.deepEqual(inFile("src/requests/web/Page.tsx", 'import "@mantine/core/styles.css";'), [
      "src/requests/web/Page.tsx:1: @mantine/core is imported away from its home",
    ]);
    assert.deepEqual(inFile("src/imports/jobs.ts", 'const boss = await import("pg-boss");'), [
      "src/imports/jobs.ts:1: pg-boss is imported away from its home",
    ]);
    assert.deepEqual(inFile("src/platform/postgres.ts", 'import pad from "left-pad";'), [
      "src/platform/postgres.ts:1: left-pad has no home: give it one in test/walls.ts",
    ]);
    assert.deepEqual(inFile("src/platform/postgres.ts", 'import "/srv/a.ts";').length, 1);
  });

  test("the environment is read in config.ts, the clock by nobody but the platform", () => {
    assert.deepEqual(inFile("src/platform/log.ts", "// process.env\nconst a = 1;\nconst b = process.env.HOME;"), [
      "src/platform/log.ts:3: process.env is read by config.ts only",
    ]);
    assert.deepEqual(inFile("src/config.ts", "const b = process.env.HOME;"), []);
    assert.deepEqual(
      inFile(
        "src/requests/acts.ts",
        "const a = Date.now();\nconst b = new Date();\nconst c = new Date(a);\n/* new Date() */",
      ),
      [
        "src/requests/acts.ts:1: Date.now(: a feature never asks the clock, it has ctx.now",
        "src/requests/acts.ts:2: new Date(): a feature never asks the clock, it has ctx.now",
      ],
    );
    assert.deepEqual(inFile("src/main.ts", "const now = new Date();"), []);
  });

  test("each writes its own tables", () => {
    assert.deepEqual(inFile("src/requests/acts.ts", 'db.updateTable("people")\n`delete from sessions where true`'), [
      "src/requests/acts.ts:1: writes people, a table of somebody else",
      "src/requests/acts.ts:2: writes sessions, a table of somebody else",
    ]);
    assert.deepEqual(
      inFile("src/figures/sums.ts", "sql`update requests r\n set state = 'x'`; sql`insert into sums values (1)`"),
      [
        "src/figures/sums.ts:1: writes requests, a table of somebody else",
        "src/figures/sums.ts:2: writes sums, which has no home: give it one in test/walls.ts",
      ],
    );
    assert.deepEqual(inFile("src/figures/sums.ts", 'db.selectFrom("requests")'), []);
  });

  test("no rings of files, and none of features, there of types too", () => {
    const ring = {
      "src/requests/a.ts": 'import { b } from "./b.ts";',
      "src/requests/b.ts": '\nimport {\n  c,\n} from "./c.ts";',
      "src/requests/c.ts": 'export { a } from "./a.ts";',
    };
    assert.deepEqual(inFiles(ring), [
      "src/requests/c.ts:1: imports in a ring: requests/a.ts → requests/b.ts → requests/c.ts → requests/a.ts",
    ]);
    assert.deepEqual(inFiles({ ...ring, "src/requests/c.ts": 'export type { A } from "./a.ts";' }), []);
    assert.deepEqual(inFile("src/requests/d.ts", 'import "./d.ts";'), [
      "src/requests/d.ts:1: imports in a ring: requests/d.ts → requests/d.ts",
    ]);
    const features = {
      "src/money/money.ts": 'import { visit } from "../visits/visits.ts";',
      "src/visits/plan.ts": 'import type { Invoice } from "../money/contract.ts";',
    };
    assert.deepEqual(inFiles(features), ["src/visits/plan.ts:1: imports in a ring: money → visits → money"]);
  });

  test("tests look over the walls, and nothing looks at tests", () => {
    assert.deepEqual(inFile("src/platform/a.test.ts", 'import { x } from "../requests/ledger.ts";'), []);
    assert.deepEqual(inFile("src/platform/a.ts", 'import { x } from "./a-fixture.ts";'), [
      "src/platform/a.ts:1: imports src/platform/a-fixture.ts, which is no part of the program",
    ]);
    assert.deepEqual(inFile("src/platform/a.ts", 'import { testPlatform } from "../../test/harness.ts";').length, 1);
  });
});

test("imports are found in every form, with the line of the name", () => {
  const text = [
    'import a from "a";',
    'import "b";',
    'import type { C } from "c";',
    "import {",
    "  d,",
    '} from "d";',
    'export * from "e";',
    'export { f } from "f";',
    'const g = await import("g");',
    'type H = import("h").H;',
    '// import i from "i";',
    '/* import j from "j"; */',
    'const text = "https://k"; // from "l"',
    'import * as m from "m";',
  ].join("\n");
  assert.deepEqual(
    importsOf(text).map(({ line, specifier }) => `${specifier}${line}`),
    ["a1", "b2", "c3", "d6", "e7", "f8", "g9", "h10", "m14"],
  );
});
