import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request as plainRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { request, type RequestOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { rm } from "node:fs/promises";
import { after, describe, test, type TestContext } from "node:test";
import { en } from "../../src/web/text/en.ts";
import { openStage } from "./browser.ts";
import { withDevice } from "./device-in-page.ts";
import { freePort, makeCertificate, proxies, publicName, startProxy } from "./proxies.ts";

/**
 * The office reaches Openbook over https, through the reverse proxies whose samples lie in deploy/: the real programs
 * with the real samples. Where one is not installed its part says so.
 */
const certificate = await makeCertificate();
const installed = proxies.filter(({ program }) => program);
const missing = !certificate
  ? "openssl is not installed"
  : installed.length === 0
    ? `none of these is installed: ${proxies.map(({ debian }) => debian).join(", ")}`
    : false;
after(async () => certificate && rm(certificate.folder, { recursive: true, force: true }));

const password = "vier zufällige Wörter";
const https = await freePort();
const http = await freePort();
const publicUrl = `https://${publicName}:${https}`;
const stage = missing
  ? undefined
  : await openStage({ publicUrl, browserArgs: [`--host-resolver-rules=MAP ${publicName} 127.0.0.1`] });
const upstream = stage?.server.port ?? 0;

interface Asked {
  status: number;
  headers: IncomingMessage["headers"];
  body: string;
}

const target = { host: "127.0.0.1", port: https, servername: publicName, ca: certificate?.authority ?? "" };

/** Through the proxy, as a client that is no browser. */
function ask(path: string, options: RequestOptions = {}, body?: string | Buffer): Promise<Asked> {
  const headers = { host: `${publicName}:${https}`, ...(options.headers as Record<string, string>) };
  return replyOf(request({ ...target, agent: false, ...options, path, headers }), body);
}

async function replyOf(sent: ReturnType<typeof request>, body?: string | Buffer): Promise<Asked> {
  const replied = once(sent, "response") as Promise<[IncomingMessage]>;
  // A refusal may come, and the connection end, while the body is still on its way.
  sent.on("error", () => {});
  sent.end(body);
  const [reply] = await replied;
  const chunks: Buffer[] = [];
  for await (const chunk of reply) chunks.push(chunk as Buffer);
  return { status: reply.statusCode!, headers: reply.headers, body: Buffer.concat(chunks).toString() };
}

const json = { "content-type": "application/json" };
const code = (reply: Asked) => (JSON.parse(reply.body) as { code: string }).code;

/** What the story in the browser leaves to the tests after it. */
let cookie = "";
let company = "";

test(
  "over https somebody sets Openbook up, gets a cookie of this host alone, and signs in with a passkey",
  { skip: missing },
  async (t) => {
    t.after(await startProxy(installed[0]!, certificate!, { http, https, upstream }));
    const { page, context, problems } = await stage!.visitor();
    await withDevice(page);
    const link = new RegExp(`${publicUrl}/set-up#\\S+`).exec(stage!.said)?.[0];
    assert.ok(link, "the one-time link begins with the public address");
    await page.goto(link);
    await page.getByLabel(en["setUp.name"]).fill("Ana Weber");
    await page.getByLabel(en["setUp.email"]).fill("ana@example.com");
    await page.getByLabel(en["setUp.password"], { exact: true }).fill(password);
    await page.getByLabel(en["setUp.companyName"]).fill("Kestrel Interiors");
    await page.getByRole("button", { name: en["setUp.submit"] }).click();
    await page.getByText(en["empty.sentence"]).waitFor();
    assert.ok(await page.evaluate(() => isSecureContext), "camera, passkeys and offline pages want one");
    const [kept, ...others] = await context.cookies();
    assert.deepEqual(others, []);
    assert.deepEqual(
      [kept!.name, kept!.domain, kept!.path, kept!.secure, kept!.httpOnly, kept!.sameSite],
      ["__Host-openbook_session", publicName, "/", true, true, "Lax"],
    );

    await page.goto("/account");
    await page.getByRole("button", { name: en["account.passkeyAdd"] }).click();
    await page.getByLabel(en["account.passkeyName"]).fill("Ana’s phone");
    await page.getByRole("dialog").getByRole("button", { name: en["account.passkeyAdd"] }).click();
    await page.getByText(en["account.codesTitle"]).waitFor();
    await page.getByRole("button", { name: en["account.codesKept"] }).click();
    await page.getByText("Ana’s phone").waitFor();
    await context.clearCookies();
    await page.goto("/sign-in");
    await page.getByRole("button", { name: en["signIn.passkey"] }).click();
    await page.waitForURL(/\/c\//);
    company = /\/c\/([0-9a-f-]{36})/.exec(page.url())![1]!;
    cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
    assert.deepEqual(problems, []);
  },
);

for (const proxy of proxies) {
  const skip = missing || (!proxy.program && `${proxy.debian} is not installed`);
  describe(`behind ${proxy.name}`, { skip }, () => {
    const serving = async (t: TestContext, port: number) =>
      t.after(await startProxy(proxy, certificate!, { http, https, upstream: port }));

    test("pages, the API and refusals come through as they are; http leads to https", async (t) => {
      await serving(t, upstream);
      const page = await ask("/sign-in");
      assert.equal(page.status, 200);
      assert.match(page.body, /<div id="root">/);
      assert.equal(page.headers["strict-transport-security"], "max-age=31536000");
      assert.match(String(page.headers["content-security-policy"]), /^default-src 'none'; script-src 'self';/);
      const script = /src="(\/assets\/[^"]+\.js)"/.exec(page.body)![1]!;
      const packed = await ask(script, { headers: { "accept-encoding": "br" } });
      assert.deepEqual([packed.status, packed.headers["content-encoding"]], [200, "br"]);
      const insecure = await replyOf(
        plainRequest({ host: "127.0.0.1", port: http, path: "/c/1?a=b", headers: { host: publicName } }),
      );
      assert.ok([301, 308].includes(insecure.status), String(insecure.status));
      // Caddy leaves the port away, which outside of a test there is none of.
      assert.equal(insecure.headers.location!.replace(`:${https}`, ""), `https://${publicName}/c/1?a=b`);
      for (const path of ["/api/v1//me", "/api/v1/%2e%2e/health", "/api/v1/companies/a%2fb", "/%5c/health"]) {
        const reply = await ask(path, { headers: { cookie } });
        assert.ok([400, 404].includes(reply.status), `${path}: ${reply.status}`);
      }
      assert.equal((await ask("/api/v1/me", { headers: { cookie } })).status, 200);
    });

    test("a change is asked for by the public origin and no other, also not by the address behind the proxy", async (t) => {
      await serving(t, upstream);
      const log = (origin: Record<string, string>) => {
        const headers = { ...json, cookie, ...origin };
        return ask(`/api/v1/companies/${company}/requests`, { method: "POST", headers }, '{"subject":"Over https"}');
      };
      assert.equal((await log({ origin: publicUrl, "sec-fetch-site": "same-origin" })).status, 201);
      assert.equal((await log({ origin: publicUrl })).status, 201);
      for (const origin of [stageOrigin(), `https://${publicName}`, `http://${publicName}:${https}`, "null"]) {
        const reply = await log({ origin });
        assert.deepEqual([reply.status, code(reply)], [403, "cross_site_request"], origin);
      }
      const forged = await ask(`/api/v1/companies/${company}/requests`, {
        method: "POST",
        headers: { ...json, cookie, origin: "https://evil.example", "x-forwarded-host": "evil.example" },
      });
      assert.equal(forged.status, 403);
    });

    test("files of the greatest size go up and come down again; what is too large is refused in our words", async (t) => {
      await serving(t, upstream);
      const path = `/api/v1/companies/${company}/attachments?fileName=scan.bin`;
      const send = (bytes: number, more: Record<string, string> = {}) => {
        const headers = { cookie, origin: publicUrl, "content-type": "application/octet-stream", ...more };
        return ask(path, { method: "POST", headers }, Buffer.alloc(bytes, 7));
      };
      const most = 25 * 1024 * 1024;
      const kept = await send(most);
      assert.equal(kept.status, 201, kept.body);
      const id = (JSON.parse(kept.body) as { id: string }).id;
      const down = await ask(`/api/v1/companies/${company}/attachments/${id}`, { headers: { cookie } });
      assert.equal(down.body.length, most);
      for (const more of [{}, { "transfer-encoding": "chunked" }] as Record<string, string>[]) {
        const refused = await send(most + 1, more);
        assert.deepEqual([refused.status, code(refused)], [413, "payload_too_large"]);
      }
    });

    test("a visitor cannot choose the address that limits count by", async (t) => {
      await serving(t, upstream);
      const email = `nobody-${proxy.debian}@example.com`;
      const statuses = [];
      for (let n = 1; n <= 11; n++) {
        const headers = {
          ...json,
          origin: publicUrl,
          "x-forwarded-for": `198.51.100.${n}`,
          forwarded: `for=198.51.100.${n}`,
        };
        const reply = await ask("/api/v1/sessions", { method: "POST", headers }, JSON.stringify({ email, password }));
        statuses.push(reply.status);
      }
      assert.deepEqual(statuses, [...Array.from({ length: 10 }, () => 401), 429]);
    });

    test("what goes on is passed on as it comes, both ways, and nothing of the visitor's own words on their address", async (t) => {
      const met: IncomingMessage["headers"][] = [];
      let tellMore = () => {};
      let arrived: (part: string) => void = () => {};
      const standIn = createServer((incoming: IncomingMessage, outgoing: ServerResponse) => {
        met.push(incoming.headers);
        if (incoming.method === "POST") return void incoming.once("data", (chunk) => arrived(String(chunk)));
        outgoing.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
        outgoing.write("data: first\n\n");
        tellMore = () => outgoing.end("data: second\n\n");
      }).listen(0, "127.0.0.1");
      await once(standIn, "listening");
      t.after(() => {
        standIn.closeAllConnections();
        standIn.close();
      });
      await serving(t, (standIn.address() as AddressInfo).port);

      const listening = request({
        ...target,
        agent: false,
        path: "/api/v1/events",
        headers: { host: publicName, "x-forwarded-for": "198.51.100.1" },
      });
      const replied = once(listening.end(), "response") as Promise<[IncomingMessage]>;
      const [reply] = await replied;
      const told: string[] = [];
      for await (const chunk of reply) {
        told.push(String(chunk));
        // Said only once the first has come through: a proxy that collects never gets here.
        tellMore();
      }
      assert.deepEqual(told.join(""), "data: first\n\ndata: second\n\n");
      assert.equal(met[0]!["x-forwarded-for"], "127.0.0.1");
      assert.equal(met[0]!.upgrade, undefined);

      const first = new Promise<string>((resolve) => (arrived = resolve));
      const sending = request({ ...target, agent: false, method: "POST", path: "/", headers: { host: publicName } });
      // Apache collects the first 16 KB of a body.
      sending.on("error", () => {}).write(`the first part${" ".repeat(64 * 1024)}`);
      assert.match(await first, /the first part/);
      sending.destroy();
    });
  });
}

const stageOrigin = () => `http://127.0.0.1:${upstream}`;
