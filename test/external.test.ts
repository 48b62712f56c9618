import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Client, type QueryResultRow } from "pg";
import { readConfig } from "../src/config.ts";
import type { AppError } from "../src/errors.ts";
import { openPlatform } from "../src/main.ts";
import { silentLog } from "../src/platform/log.ts";
import { findBinaries, freePort, heard, startCluster } from "./external-cluster.ts";

const launcher = fileURLToPath(new URL("../bin/openbook.js", import.meta.url));
const operating = readFileSync(new URL("../docs/operating.md", import.meta.url), "utf8");
/** With characters that a URL cannot hold as they are. */
const passwords = { postgres: "admin", openbook_owner: "own/er#1", openbook_app: "a@p:p?2" };
type Role = keyof typeof passwords;
const from = { owner: "ana@example.com", zone: "Europe/Berlin" };

const binaries = findBinaries();
const skip = binaries ? false : "no PostgreSQL 15 to 18 is installed here";

describe("a PostgreSQL of one's own instead of the embedded one", { skip }, async () => {
  if (!binaries) return;
  const { folder, port, stop } = await startCluster(binaries, passwords.postgres);
  const data = join(folder, "data");
  let server: ChildProcess | undefined;
  after(async () => {
    server?.kill("SIGKILL");
    await stop();
  });

  const url = (role: string, { password = passwords[role as Role] ?? "x", database = "openbook", at = port } = {}) =>
    `postgres://${role}:${encodeURIComponent(password)}@127.0.0.1:${at}/${database}`;
  const variables = (app = url("openbook_app"), owner = url("openbook_owner")) => ({
    DATABASE_URL: app,
    MIGRATE_DATABASE_URL: owner,
  });
  type Variables = ReturnType<typeof variables>;

  async function ask<Row extends QueryResultRow>(role: Role, ...statements: string[]): Promise<Row[]> {
    const client = new Client({ connectionString: url(role, role === "postgres" ? { database: "postgres" } : {}) });
    await client.connect();
    try {
      let rows: Row[] = [];
      for (const statement of statements) rows = (await client.query<Row>(statement)).rows;
      return rows;
    } finally {
      await client.end();
    }
  }

  const launch = (args: string[], env: Variables) =>
    spawn(process.execPath, [launcher, ...args, "--data", data], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH, ...env },
    });

  async function openbook(args: string[], env = variables()) {
    const child = launch([...args, "--json"], env);
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const [status] = (await once(child, "close")) as [number];
    return { status, json: JSON.parse(said) as Record<string, unknown> };
  }

  /** What an operator is told; the password is not. */
  async function told(env: Variables): Promise<string> {
    try {
      await (await openPlatform(readConfig({ data }, env), "command", silentLog)).close();
    } catch (error) {
      const { code, message } = error as AppError;
      assert.doesNotMatch(message, /er#1|er%231|p\?2|p%3F2|wrong/);
      return `${code}: ${message}`;
    }
    return "let in";
  }

  test("the roles and the database are made as docs/operating.md says", async () => {
    const block = /```sql\n(create role [\s\S]*?)```/.exec(operating)?.[1] ?? "";
    const filled = block.replace(/role (\w+) login password '…'/g, (line, role: Role) =>
      line.replace("…", passwords[role]),
    );
    const statements = filled.split(";").map((statement) => statement.trim());
    assert.deepEqual(
      statements.map((statement) => statement.split(" ")[2]),
      ["openbook_owner", "openbook_app", "openbook", undefined],
    );
    await ask("postgres", ...statements.slice(0, 3));
  });

  test("what cannot be reached is told in words", async () => {
    const closed = { at: await freePort() };
    const wrong = { password: "wrong" };
    const [app, owner] = [url("openbook_app"), url("openbook_owner")];
    const cases: [app: string, owner: string, words: RegExp][] = [
      [url("openbook_app", closed), owner, /^database_unreachable: .*127\.0\.0\.1:\d+ cannot be reached: .*REFUSED/],
      [app, url("openbook_owner", closed), /^database_unreachable: .*127\.0\.0\.1:\d+ cannot be reached: .*REFUSED/],
      [url("openbook_app", wrong), owner, /^database_login_refused: .*"openbook_app"/],
      [app, url("openbook_owner", wrong), /^database_login_refused: .*"openbook_owner"/],
      [url("openbook_app", { database: "none" }), owner, /^database_missing: .*"none"/],
      ["postgres://openbook_app:a#b/c@127.0.0.1/openbook", owner, /^invalid_configuration: .*%23/],
      [app, "", /^invalid_configuration: .*MIGRATE_DATABASE_URL is not/],
      ["", owner, /^invalid_configuration: .* DATABASE_URL is not/],
    ];
    for (const [one, other, words] of cases) assert.match(await told(variables(one, other)), words);
  });

  test("a role that could see every company, or a database that cannot hold every name, is refused before anything is made", async () => {
    await ask(
      "postgres",
      "create role bypassing login bypassrls password 'x'",
      "create role joined login password 'x' in role openbook_owner",
      "create database ascii encoding 'SQL_ASCII' locale_provider 'libc' locale 'C' template template0",
    );
    for (const role of ["postgres", "bypassing", "joined", "openbook_owner"]) {
      assert.match(await told(variables(url(role))), /^unsafe_database_role: /, role);
    }
    const ascii = { database: "ascii" };
    const encoded = await told(variables(url("openbook_app", ascii), url("openbook_owner", ascii)));
    assert.match(encoded, /^database_encoding: .*SQL_ASCII/);
    const made = await ask("openbook_owner", "select from pg_class where relnamespace = 'public'::regnamespace");
    assert.equal(made.length, 0);
  });

  test(
    "it does what the embedded one does: company, key, import, a call over HTTP, figures",
    { timeout: 60_000 },
    async () => {
      server = launch(["start", "--port", "0"], variables());
      let log = "";
      server.stderr!.on("data", (chunk: Buffer) => (log += chunk.toString()));
      const ready = heard(server, server.stdout!, /ready at \S+\n/);
      const at = /ready at (\S+)/.exec(await ready)?.[1];
      const owner = ["--owner", from.owner, "--time-zone", from.zone];
      const company = (await openbook(["company", "create", "Kestrel Interiors", ...owner])).json.id as string;
      const file = join(folder, "calls.csv");
      writeFileSync(file, "Number,Subject,Reported at\n1,No network,2026-03-02 09:00\n2,No toner,2026-03-03 10:30\n");
      const [made, imported] = await Promise.all([
        openbook(["key", "create", "--company", company, "--member", from.owner]),
        openbook(["import", "requests", file, "--company", company]),
      ]);
      assert.deepEqual([imported.status, imported.json.created, imported.json.refused], [0, 2, 0]);
      const reply = await fetch(`${at}/api/v1/companies/${company}/requests`, {
        method: "POST",
        headers: { authorization: `Bearer ${String(made.json.key)}`, "content-type": "application/json" },
        body: JSON.stringify({ subject: "The scanner is silent", reportedAt: "2026-03-04T08:15:00Z" }),
      });
      assert.equal(reply.status, 201, await reply.text());
      const figures = await openbook(["figures", "--company", company, "--from", "2026-03-01", "--to", "2026-03-31"]);
      assert.deepEqual([figures.status, figures.json.reported], [0, 3]);
      const ended = once(server, "exit");
      server.kill("SIGTERM");
      assert.deepEqual(await ended, [0, null]);
      assert.doesNotMatch(log, /"level":"(warn|error)"/);
    },
  );

  test("people are found by the beginning of their name through the index, whatever the database sorts by", async () => {
    const sorted = await ask<{ by: string }>(
      "openbook_app",
      `select collname as by from pg_attribute a join pg_collation c on c.oid = a.attcollation
       where a.attrelid = 'people'::regclass and a.attname = 'name_key'`,
    );
    assert.deepEqual(sorted, [{ by: "C" }]);
  });

  test("the tables are there for the role they were made for, and for whom is given its rights", async () => {
    await ask("postgres", "create role newcomer login password 'x'", "create database other owner openbook_owner");
    const newcomer = variables(url("newcomer"));
    assert.match(await told(newcomer), /^database_role_without_rights: .*"newcomer"/);
    await ask("postgres", "grant openbook_app to newcomer");
    assert.equal(await told(newcomer), "let in");
    const elsewhere = variables(url("openbook_app", { database: "other" }));
    assert.match(await told(elsewhere), /^database_mismatch: /);
  });

  test("a refused start ends with status 1 and says why", { timeout: 60_000 }, async () => {
    const outcomes = await Promise.all([
      openbook(["start", "--port", "0"], variables(url("openbook_owner"), url("postgres"))),
      openbook(["start", "--port", "0"], variables(url("openbook_app", { password: "wrong" }))),
    ]);
    assert.deepEqual(
      outcomes.map(({ status, json }) => [status, (json.error as { code: string }).code]),
      [
        [1, "unsafe_database_role"],
        [1, "database_login_refused"],
      ],
    );
  });
});
