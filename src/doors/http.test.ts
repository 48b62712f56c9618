import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { exampleOf } from "../../test/example.ts";
import { declaredRoutes, generateDocument } from "../../test/generate.ts";
import { testPlatform } from "../../test/harness.ts";
import { takesBody } from "../platform/http-input.ts";
import { openFiles } from "../platform/files.ts";
import { AppError } from "../errors.ts";
import { serveHttp } from "./http.ts";

const platform = await testPlatform();
const web = await mkdtemp(join(tmpdir(), "openbook-web-"));
after(() => rm(web, { recursive: true, force: true }));
await mkdir(join(web, "assets"));
await writeFile(join(web, "index.html"), '<meta name="csp-nonce" content="__CSP_NONCE__"><i>__CSP_NONCE__</i>');
await writeFile(join(web, "assets", "index-B3f9aQx1.js"), "start()");

await writeFile(join(web, "assets", "report-Qx1B3f9a.css"), "h1 { color: red }");
await writeFile(join(web, "scheme.js"), "before();");
await writeFile(
  join(web, "report.html"),
  '<script src="/scheme.js"></script><link rel="stylesheet" crossorigin href="/assets/report-Qx1B3f9a.css"><link rel="stylesheet" href="/assets/gone.css">',
);

const nobody = () => {
  throw new AppError("unauthenticated", "Sign in.");
};
const door = {
  platform,
  config: { host: "127.0.0.1", port: 0, publicUrl: undefined },
  proofs: { session: nobody, key: nobody, account: nobody },
  files: openFiles(join(web, "files")),
  mounts: [],
};
const server = await serveHttp({ ...door, web: { dir: web } });
after(() => server.stop());
const get = (path: string, init?: RequestInit) => fetch(server.url + path, init);

describe("pages", () => {
  test("a page's address gets the page, with a nonce of its own in it and in the policy", async () => {
    const nonces = new Set<string>();
    for (const path of ["/", "/companies/1/requests?q=a", "/set-up"]) {
      const response = await get(path);
      const text = await response.text();
      const nonce = /content="([^"]+)"/.exec(text)![1]!;
      nonces.add(nonce);
      assert.equal(text, `<meta name="csp-nonce" content="${nonce}"><i>${nonce}</i>`);
      const policy = response.headers.get("content-security-policy")!;
      assert.ok(policy.includes(`style-src 'self' 'nonce-${nonce}';`));
      assert.match(policy, /^default-src 'none'; script-src 'self';.*require-trusted-types-for 'script'/);
      assert.doesNotMatch(policy, /unsafe|https?:|\*/);
      assert.equal(response.headers.get("cache-control"), "no-store");
    }
    assert.equal(nonces.size, 3);
  });

  test("the page of a report comes whole, and its policy lets in what stands in it and nothing else", async () => {
    const response = await get("/r");
    const policy = response.headers.get("content-security-policy")!;
    const nonce = /'nonce-([^']+)'/.exec(policy)![1]!;
    assert.equal(
      await response.text(),
      `<script>before();</script><style nonce="${nonce}">h1 { color: red }</style><link rel="stylesheet" href="/assets/gone.css">`,
    );
    const digest = createHash("sha256").update("before();").digest("base64");
    assert.match(policy, /^default-src 'none'; script-src 'self' 'sha256-[\w+/=]+';/);
    assert.ok(policy.includes(`'sha256-${digest}'`));
    assert.doesNotMatch(policy, /unsafe|https?:|\*/);
  });

  test("a file is itself; a file that is not there is not the page", async () => {
    assert.equal(await (await get("/assets/index-B3f9aQx1.js")).text(), "start()");
    const head = await get("/assets/index-B3f9aQx1.js", { method: "HEAD" });
    assert.deepEqual([head.status, await head.text()], [200, ""]);
    for (const path of ["/assets/old-B3f9aQx1.js", "/index.php", "/api/v1/nothing", "/api/", "/health/x"]) {
      const response = await get(path);
      assert.equal(response.status, 404, path);
      assert.match(response.headers.get("content-type")!, /^application\/problem\+json/);
    }
    assert.equal((await get("/", { method: "POST" })).status, 404);
  });

  test("pages built anew under a running server: what is gone is missing, and loading again gets the new ones", async () => {
    const folder = await mkdtemp(join(tmpdir(), "openbook-web-"));
    after(() => rm(folder, { recursive: true, force: true }));
    const build = async (name: string, content: string) => {
      await rm(join(folder, "assets"), { recursive: true, force: true });
      await mkdir(join(folder, "assets"));
      await writeFile(join(folder, "assets", name), content);
      await writeFile(join(folder, "index.html"), `<script src="/assets/${name}"></script>`);
    };
    await build("index-Old9aQx1.js", "old()");
    const running = await serveHttp({ ...door, web: { dir: folder } });
    const text = async (path: string) => (await fetch(running.url + path)).text();
    assert.match(await text("/"), /Old9aQx1/);
    await build("index-New9aQx1.js", "fresh()");
    const gone = await fetch(`${running.url}/assets/index-Old9aQx1.js`);
    assert.deepEqual([gone.status, gone.headers.get("content-type")], [404, "application/problem+json"]);
    assert.match(await text("/"), /New9aQx1/);
    assert.equal(await text("/assets/index-New9aQx1.js"), "fresh()");
    assert.equal((await fetch(`${running.url}/assets/index-Old9aQx1.js`)).status, 404);
    await running.stop();
  });

  test("before the pages are built it says so, and the API works", async () => {
    const bare = await serveHttp({ ...door, web: { dir: join(web, "nothing") } });
    const page = await fetch(bare.url);
    assert.deepEqual([page.status, /npm run build/.test(await page.text())], [503, true]);
    assert.equal((await fetch(`${bare.url}/api/v1/openapi.json`)).status, 200);
    await bare.stop();
  });
});

test("health tells up or down and nothing else", async () => {
  const up = await get("/health");
  assert.deepEqual([up.status, await up.text()], [200, '{"status":"up"}']);
  const ended = { ...platform.database, pool: { query: () => Promise.reject(new Error("secret")) } as never };
  const dark = await serveHttp({ ...door, platform: { ...platform, database: ended }, web: { dir: web } });
  const down = await fetch(`${dark.url}/health`);
  assert.deepEqual([down.status, await down.text()], [503, '{"status":"down"}']);
  await dark.stop();
});

describe("the document", () => {
  test("docs/openapi.json is what the contracts say", async () => {
    const path = join(import.meta.dirname, "..", "..", "docs", "openapi.json");
    assert.ok((await generateDocument()) === (await readFile(path, "utf8")), "npm run generate makes another one");
  });

  test("every reference leads somewhere, and an example made from each body is accepted by its route", async () => {
    const text = await generateDocument();
    const document = JSON.parse(text);
    const { schemas } = document.components;
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) assert.ok(schemas[name!], name!);
    for (const route of (await declaredRoutes()).filter(takesBody)) {
      const { schema } = document.paths[route.path][route.method].requestBody.content["application/json"];
      const result = route.body.safeParse(exampleOf(schema, schemas));
      assert.ok(result.success, `${route.id}: ${result.error?.message}`);
    }
  });
});
