import assert from "node:assert/strict";
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Hono } from "hono";
import { checkReachable } from "../config.ts";
import type { App } from "./http.ts";
import { listen } from "./http-server.ts";
import { openStatic } from "./http-static.ts";
import { silentLog } from "./log.ts";

const options = { host: "127.0.0.1", port: 0, publicUrl: undefined, log: silentLog };

/** A server whose one route answers when `answer` is called. */
async function slowServer(graceMs?: number) {
  const app: App = new Hono();
  const waiting: (() => void)[] = [];
  let began = () => {};
  const begun = new Promise<void>((resolve) => (began = resolve));
  app.get("/slow", async () => {
    began();
    await new Promise<void>((resolve) => waiting.push(resolve));
    return new Response("done");
  });
  const server = await listen(app, { ...options, graceMs });
  return { server, begun, answer: () => waiting.forEach((resolve) => resolve()) };
}

test("a port that is taken is a clear refusal", async () => {
  const { server } = await slowServer();
  const error = { code: "port_in_use", message: new RegExp(`Port ${server.port} .*Nothing was started`) };
  await assert.rejects(listen(new Hono(), { ...options, port: server.port }), error);
  await assert.rejects(listen(new Hono(), { ...options, host: "203.0.113.1" }), { code: "host_not_available" });
  await server.stop();
});

test("stopping lets the request under way finish and takes no new one", async () => {
  const { server, begun, answer } = await slowServer();
  const reply = fetch(`${server.url}/slow`);
  await begun;
  const stopped = server.stop();
  await assert.rejects(fetch(`${server.url}/slow`));
  answer();
  assert.equal(await (await reply).text(), "done");
  await stopped;
  await server.stop();
});

test("what does not finish in time is ended", async () => {
  const { server, begun } = await slowServer(50);
  const reply = fetch(`${server.url}/slow`);
  await begun;
  await server.stop();
  await assert.rejects(reply);
});

test("every reply carries the headers of a careful server; HSTS only under https", async () => {
  for (const publicUrl of [undefined, "https://openbook.example.com"]) {
    const server = await listen(new Hono(), { ...options, publicUrl });
    const { headers } = await fetch(`${server.url}/nothing`);
    await server.stop();
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("referrer-policy"), "no-referrer");
    assert.equal(headers.get("cross-origin-opener-policy"), "same-origin");
    assert.match(headers.get("content-security-policy")!, /^default-src 'none'/);
    assert.equal(headers.has("strict-transport-security"), publicUrl !== undefined);
  }
});

test("on loopback it answers to this machine's own names; behind a public address the proxy decides", async () => {
  const status = async (publicUrl: string | undefined, host: string) => {
    const server = await listen(new Hono(), { ...options, publicUrl });
    const request = get({ host: "127.0.0.1", port: server.port, path: "/", headers: { host }, agent: false });
    const [reply] = (await once(request, "response")) as [IncomingMessage];
    reply.resume();
    await server.stop();
    return reply.statusCode;
  };
  for (const host of ["localhost", "LOCALHOST:4320", "127.0.0.1:4320", "127.9.9.9", "[::1]:4320", "a.localhost"]) {
    assert.equal(await status(undefined, host), 404, host);
  }
  for (const host of ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:4320", "192.0.2.7", "[::2]"]) {
    assert.equal(await status(undefined, host), 421, host);
  }
  assert.equal(await status("https://openbook.example.com", "10.0.0.5:4320"), 404);
});

test("plain http is for this machine alone", () => {
  const start = (host: string, publicUrl?: string) => () => checkReachable({ host, publicUrl });
  for (const good of [
    start("127.0.0.1"),
    start("::1"),
    start("localhost", "http://localhost:4320"),
    start("0.0.0.0", "https://openbook.example.com"),
    start("0.0.0.0", "http://127.0.0.1:4320"),
  ])
    good();
  for (const bad of [start("0.0.0.0"), start("::"), start("192.0.2.7"), start("127.0.0.1", "http://openbook.lan")]) {
    assert.throws(bad, { code: "invalid_configuration", message: /https.*Nothing was started/ });
  }
});

test("a client that breaks off ends nothing but itself", async () => {
  const { server, begun, answer } = await slowServer();
  const request = get(`${server.url}/slow`).on("error", () => {});
  await begun;
  request.destroy();
  const socket = connect(server.port, "127.0.0.1").on("error", () => {});
  socket.resume().end("NOT HTTP\r\n\r\n");
  await new Promise((resolve) => socket.once("close", resolve));
  answer();
  assert.equal((await fetch(`${server.url}/nothing`)).status, 404);
  await server.stop();
});

test("static files: listed once, compressed, hashed names for ever, no way out of the folder", async () => {
  const folder = await mkdtemp(join(tmpdir(), "openbook-static-"));
  after(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "assets"));
  const script = "const a = 1;\n".repeat(500);
  await writeFile(join(folder, "assets", "index-B3f9aQx1.js"), script);
  await writeFile(join(folder, "icon.svg"), "<svg/>");
  await writeFile(join(folder, "secret.key"), "no");
  const files = await openStatic(folder);
  const path = "/assets/index-B3f9aQx1.js";
  const packed = (await files.respond(path, { "accept-encoding": "gzip;q=0, deflate, br" }))!;
  assert.equal(packed.headers.get("content-encoding"), "br");
  assert.equal(packed.headers.get("cache-control"), "public, max-age=31536000, immutable");
  assert.ok((await packed.arrayBuffer()).byteLength < 200);
  const plain = (await files.respond(path, {}))!;
  assert.equal(await plain.text(), script);
  const icon = (await files.respond("/icon.svg", {}))!;
  assert.deepEqual(
    [icon.headers.get("cache-control"), icon.headers.get("content-type")],
    ["no-cache", "image/svg+xml"],
  );
  assert.equal((await files.respond("/icon.svg", { "if-none-match": icon.headers.get("etag")! }))!.status, 304);
  for (const other of ["/secret.key", "/../etc/passwd", "/assets", "/assets/", "/__proto__"]) {
    assert.equal(files.respond(other, {}), undefined, other);
  }
});
