import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

/** The real commands as real processes: what an operator types, killed as operators' machines are. */
const launcher = fileURLToPath(new URL("../bin/openbook.js", import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "openbook-start-"));
const data = join(folder, "data");
const started = new Set<ChildProcess>();

after(async () => {
  for (const child of started) child.kill("SIGKILL");
  // A command is the last one out after a killed server: it stops the orphaned PostgreSQL.
  await openbook(
    "figures",
    "--company",
    "00000000-0000-0000-0000-000000000000",
    "--from",
    "2026-01-01",
    "--to",
    "2026-01-01",
  );
  await rm(folder, { recursive: true, force: true });
});

interface Server {
  child: ChildProcess;
  url: string;
  setUpToken: string | undefined;
}

async function startServer(): Promise<Server> {
  const child = spawn(process.execPath, [launcher, "start", "--data", data, "--port", "0"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.add(child);
  let said = "";
  let complained = "";
  child.stderr.on("data", (chunk: Buffer) => (complained += chunk.toString()));
  for await (const chunk of child.stdout) {
    said += String(chunk);
    const url = /ready at (http:\S+)/.exec(said)?.[1];
    const settled = said.endsWith("\n") && (said.includes("set-up#") || !said.includes("Nobody"));
    if (url && settled) return { child, url, setUpToken: /set-up#(\S+)/.exec(said)?.[1] };
  }
  throw new Error(`The server ended before it was ready:\n${said}${complained}`);
}

async function kill(child: ChildProcess, signal: "SIGKILL" | "SIGTERM"): Promise<void> {
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}

async function openbook(
  ...args: string[]
): Promise<{ status: number; json: Record<string, unknown>; complaint: string }> {
  const child = spawn(process.execPath, [launcher, ...args, "--data", data, "--json"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  let complaint = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  const [status] = (await once(child, "close")) as [number];
  assert.equal(said.trim().split("\n").length, 1, `one object on standard output, not: ${said}`);
  return { status, json: JSON.parse(said) as Record<string, unknown>, complaint };
}

async function post(server: Server, key: string, company: string, subject: string): Promise<number> {
  const headers = {
    authorization: `Bearer ${key}`,
    "content-type": "application/json",
    "idempotency-key": `k-${subject.replaceAll(" ", "-")}`,
  };
  const url = `${server.url}/api/v1/companies/${company}/requests`;
  return fetch(url, { method: "POST", headers, body: JSON.stringify({ subject }) }).then(
    (reply) => reply.status,
    () => 0,
  );
}

describe("a server and its commands, killed and started again", () => {
  test("commands work without a server, beside it, and nothing acknowledged is lost when it is killed", async () => {
    const made = await openbook(
      "company",
      "create",
      "Kestrel Interiors",
      "--owner",
      "ana@example.com",
      "--time-zone",
      "Europe/Berlin",
    );
    assert.equal(made.status, 0, made.complaint);
    const company = made.json["id"] as string;
    const first = await startServer();
    assert.equal(first.setUpToken, undefined, "there is an account already: no set-up link");
    const key = (await openbook("key", "create", "--company", company, "--member", "ana@example.com")).json[
      "key"
    ] as string;

    const acknowledged: string[] = [];
    const writing = Array.from({ length: 4 }, async (_, writer) => {
      for (let i = 0; i < 200; i++) {
        const subject = `call ${writer} ${i}`;
        if ((await post(first, key, company, subject)) !== 201) return;
        acknowledged.push(subject);
      }
    });
    while (acknowledged.length < 40) await new Promise((resolve) => setTimeout(resolve, 5));
    await kill(first.child, "SIGKILL");
    await Promise.all(writing);

    const second = await startServer();
    const figures = await openbook("figures", "--company", company, "--from", "2020-01-01", "--to", "2100-01-01");
    assert.equal(figures.status, 0, figures.complaint);
    const reported = figures.json["reported"] as number;
    // The reply to the last call of each writer may have been cut off after its commit.
    assert.ok(
      reported >= acknowledged.length && reported <= acknowledged.length + 4,
      `${reported} of ${acknowledged.length}`,
    );
    for (const subject of acknowledged.slice(0, 5)) await post(second, key, company, subject);
    const again = await openbook("figures", "--company", company, "--from", "2020-01-01", "--to", "2100-01-01");
    assert.equal(again.json["reported"], reported, "a repeated key repeats the reply, not the call");
    const by = await openbook("figures", "--company", company, "--period", "this_year", "--by", "channel");
    const phone = (by.json["rows"] as { key: string; reported: number }[]).find(({ key }) => key === "phone");
    assert.equal(phone?.reported, reported);

    await kill(second.child, "SIGTERM");
    assert.equal(second.child.exitCode, 0);
  });

  test("a command called wrongly exits with 2, a refusal with 1, and both say why", async () => {
    const missing = await openbook("company", "create", "Kestrel Interiors");
    assert.equal(missing.status, 2);
    assert.match(missing.complaint, /--owner is missing/);
    const refused = await openbook(
      "company",
      "create",
      "Nowhere Ltd",
      "--owner",
      "ana@example.com",
      "--time-zone",
      "Mars/Olympus",
    );
    assert.equal(refused.status, 1);
    assert.deepEqual((refused.json["error"] as { code: string }).code, "invalid_input");
    assert.equal((await openbook("figures", "--company", "x", "--from", "2026-01-01", "--to", "2026-01-02")).status, 1);
    assert.equal((await openbook("figures", "--company", "x", "--period", "today", "--by", "shoe size")).status, 1);
    assert.equal((await openbook("make", "coffee")).status, 2);
  });
});
