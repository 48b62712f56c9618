import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, test } from "node:test";
import { Pool } from "pg";
import type { AppError } from "../errors.ts";
import {
  closedHome,
  dataDir,
  endChildren,
  killGroup,
  killPostgres,
  nobody,
  open,
  openInChild,
  postmasterOf,
  query,
  until,
} from "./embedded-fixture.ts";
import { settledPostmaster, type Site } from "./embedded-postmaster.ts";
import { tryLock } from "./embedded-lock.ts";
import { isRoot } from "./embedded-user.ts";
import { openEmbedded } from "./embedded.ts";

afterEach(endChildren);

/** The process of a server that its title calls so. */
function childOf(postmaster: number, title: string): number {
  const found = fs
    .readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, "utf8")
    .trim()
    .split(" ")
    .map(Number);
  return found.find((pid) => fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(title))!;
}

const isHalfCluster = (name: string) => name.startsWith("postgres.new-");

describe("a fresh start", () => {
  test("even after one killed half-way, makes a durable UTF-8 database with three roles", async () => {
    const fresh = join(closedHome, "data");
    const child = openInChild({ dataDir: fresh, use: "server" });
    await until("initdb begins", () => fs.existsSync(fresh) && fs.readdirSync(fresh).some(isHalfCluster));
    await killGroup(child);
    assert.ok(!fs.existsSync(join(fresh, "postgres")));

    const lines: string[] = [];
    const opened = await openEmbedded({ dataDir: fresh, use: "server", log: (line) => lines.push(line) });
    assert.equal(opened.adopted, false);
    const roles = await query(
      opened.adminUrl,
      `select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication, rolcanlogin
       from pg_roles where rolname like 'openbook%' order by 1`,
    );
    const plain = {
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolreplication: false,
      rolcanlogin: true,
    };
    assert.deepEqual(roles, [
      { rolname: "openbook_app", ...plain },
      { rolname: "openbook_owner", ...plain },
    ]);
    const [facts] = await query(
      opened.ownerUrl,
      `select current_user as "user", pg_get_userbyid(datdba) as owner, pg_encoding_to_char(encoding) as encoding,
         datlocprovider as provider, datlocale as locale, (select nspowner::regrole::text from pg_namespace where nspname = 'public') as schema,
         current_setting('fsync') as fsync, current_setting('password_encryption') as passwords, current_setting('TimeZone') as zone,
         current_setting('data_checksums') as checksums, lower('ÜŻ') as lower
       from pg_database where datname = current_database()`,
    );
    assert.deepEqual(facts, {
      user: "openbook_owner",
      owner: "openbook_owner",
      encoding: "UTF8",
      provider: "b",
      locale: "C.UTF-8",
      schema: "openbook_owner",
      fsync: "on",
      passwords: "scram-sha-256",
      zone: "UTC",
      checksums: "on",
      lower: "üż",
    });
    const owned = await query(
      opened.appUrl,
      `select current_user as "user", (select count(*)::int from pg_shdepend d join pg_roles r on r.oid = d.refobjid
         where r.rolname = current_user and d.deptype = 'o') as owned`,
    );
    assert.deepEqual(owned, [{ user: "openbook_app", owned: 0 }]);
    await assert.rejects(query(opened.appUrl, "create table t (x int)"), { code: "42501" });

    const secrets = Object.values(
      JSON.parse(fs.readFileSync(join(fresh, "postgres-passwords.json"), "utf8")) as Record<string, string>,
    );
    assert.equal(new Set(secrets).size, 3);
    const logged = lines.join("\n") + fs.readFileSync(join(fresh, "postgres.log"), "utf8");
    for (const secret of secrets) assert.ok(!logged.includes(secret), "a password in a log");
    for (const file of ["postgres-passwords.json", "postgres.log"]) {
      assert.equal(fs.statSync(join(fresh, file)).mode & 0o777, 0o600, file);
    }
    assert.equal(fs.statSync(join(fresh, "postgres")).mode & 0o777, 0o700);

    await Promise.all([opened.stop(), opened.stop()]);
    await opened.stop();
    assert.equal(postmasterOf(fresh), undefined);
    // An initdb that outlived its killed caller may have gone on writing after the clean-up: a next start removes that.
    for (let tries = 0; tries < 10 && fs.readdirSync(fresh).some(isHalfCluster); tries++) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      await (await open(fresh)).stop();
    }
    assert.ok(!fs.readdirSync(fresh).some(isHalfCluster));
  });

  test("refuses a wrong and a missing password", async () => {
    const opened = await open(dataDir);
    const url = new URL(opened.appUrl);
    url.password = "guess";
    await assert.rejects(query(url.href, "select 1"), { code: "28P01" });
    url.password = "";
    await assert.rejects(query(url.href, "select 1"), /password/);
    await opened.stop();
  });

  test("keeps what a statement said out of PostgreSQL's log", async () => {
    const opened = await open(dataDir);
    await query(opened.ownerUrl, "create table canaries (x text primary key)");
    await query(opened.ownerUrl, "insert into canaries values ('canary-1')");
    await assert.rejects(query(opened.ownerUrl, "insert into canaries values ('canary-1')"), { code: "23505" });
    await assert.rejects(query(opened.adminUrl, "insert into canaries values ('canary-1')"), { code: "23505" });
    await assert.rejects(query(opened.ownerUrl, "select 'canary-2'::int"), { code: "22P02" });
    await opened.stop();
    assert.doesNotMatch(fs.readFileSync(join(dataDir, "postgres.log"), "utf8"), /canary/);
  });
});

describe("several processes on one data directory", () => {
  test("a second server is refused by name of the first, in this and in another process", async () => {
    const first = await open(dataDir);
    await assert.rejects(open(dataDir), (error: AppError) => {
      assert.equal(error.code, "data_directory_in_use");
      assert.match(error.message, new RegExp(`process ${process.pid}\\b`));
      return true;
    });
    const second = openInChild({ dataDir, use: "server" });
    assert.equal((await second.outcome).code, "data_directory_in_use");
    assert.deepEqual(await query(first.appUrl, "select 1 as one"), [{ one: 1 }]);
    await first.stop();
    const third = await open(dataDir);
    await third.stop();
  });

  test("a command joins a server, a server joins a command, and the last one out stops PostgreSQL", async () => {
    const server = openInChild({ dataDir, use: "server" });
    assert.equal((await server.outcome).opened?.adopted, false);
    const command = await open(dataDir, "command");
    assert.equal(command.adopted, true);
    const pid = postmasterOf(dataDir)?.pid;
    await server.say("stop");
    assert.equal(postmasterOf(dataDir)?.pid, pid);
    const next = await open(dataDir);
    assert.equal(next.adopted, true);
    await command.stop();
    assert.equal(postmasterOf(dataDir)?.pid, pid);
    await next.stop();
    assert.equal(postmasterOf(dataDir), undefined);
  });

  test("come and go at once, killed or not: all get a working server, none is left", async () => {
    const children = Array.from({ length: 5 }, (_, i) => openInChild({ dataDir, use: i === 2 ? "server" : "command" }));
    await Promise.all(
      children.map(async (child, i) => {
        const { opened } = await child.outcome;
        assert.deepEqual(await query(opened?.ownerUrl ?? "", "select 1 as one"), [{ one: 1 }]);
        await (i === 1 ? killGroup(child) : child.say("stop"));
      }),
    );
    // The killed one may have been the last: then the next one cleans up.
    const last = await open(dataDir, "command");
    await last.stop();
    assert.equal(postmasterOf(dataDir), undefined);
    assert.deepEqual(fs.readdirSync(join(dataDir, "postgres-users")), ["lock"]);
  });

  test("a process that ends without stop() takes the server with it", async () => {
    const child = openInChild({ dataDir, use: "server" });
    await child.outcome;
    await child.say("exit");
    await until("PostgreSQL ends", () => !postmasterOf(dataDir));
  });
});

describe("after a kill", () => {
  test("kill -9 of the application and its group: PostgreSQL lives and is adopted, the row is there", async () => {
    const child = openInChild({ dataDir, use: "server" });
    const url = (await child.outcome).opened?.ownerUrl ?? "";
    await query(url, "create table adopted as select 42 as x");
    const pid = postmasterOf(dataDir)?.pid;
    await killGroup(child);
    const opened = await open(dataDir);
    assert.equal(opened.adopted, true);
    assert.equal(postmasterOf(dataDir)?.pid, pid);
    assert.deepEqual(await query(opened.ownerUrl, "select x from adopted"), [{ x: 42 }]);
    await opened.stop();
    assert.equal(postmasterOf(dataDir), undefined);
  });

  test("kill -9 of PostgreSQL: it is started again and the same pool goes on", async () => {
    const opened = await open(dataDir);
    const pool = new Pool({ connectionString: opened.ownerUrl, max: 4 });
    pool.on("error", () => {});
    await pool.query("create table survivor as select 1 as x");
    // A backend too busy to notice that its postmaster died keeps the shared memory: it has to be ended, too.
    const busy = pool
      .query("do $$ declare i bigint := 0; begin while true loop i := i + 1; end loop; end $$")
      .then(() => "", String);
    let active: unknown[] = [];
    while (active.length === 0) {
      active = await query(opened.adminUrl, "select 1 from pg_stat_activity where query ~ '^do' and state = 'active'");
    }
    await killPostgres(dataDir);
    assert.match(await busy, /Error/);
    assert.deepEqual((await pool.query("select x from survivor")).rows, [{ x: 1 }]);
    await pool.end();
    await opened.stop();
    assert.equal(postmasterOf(dataDir), undefined);
  });

  test("kill -9 of everything: crash recovery keeps what was committed", async () => {
    const child = openInChild({ dataDir, use: "server" });
    await query((await child.outcome).opened?.ownerUrl ?? "", "create table recovered as select 7 as x");
    const pid = postmasterOf(dataDir)?.pid ?? 0;
    await killGroup(child);
    process.kill(pid, "SIGKILL");
    const opened = await open(dataDir);
    assert.equal(opened.adopted, false);
    assert.deepEqual(await query(opened.ownerUrl, "select x from recovered"), [{ x: 7 }]);
    await opened.stop();
  });

  test("hanging in its own shutdown, PostgreSQL is ended, and the next start goes on", async (t) => {
    if (process.platform !== "linux") return t.skip("processes are found in /proc");
    const child = openInChild({ dataDir, use: "server" });
    await query((await child.outcome).opened?.ownerUrl ?? "", "create table hung as select 5 as x");
    const { pid = 0 } = postmasterOf(dataDir) ?? {};
    await killGroup(child);
    const checkpointer = childOf(pid, "checkpointer");
    process.kill(checkpointer, "SIGSTOP");
    process.kill(pid, "SIGINT");
    await until("PostgreSQL is stopping", () => postmasterOf(dataDir)?.status === "stopping");
    const clusterDir = join(dataDir, "postgres");
    const lines: string[] = [];
    const site = { clusterDir, log: (line: string) => void lines.push(line) } as Site;
    assert.equal(await settledPostmaster(site, undefined, 200), undefined);
    assert.match(lines.join(), /ending it without a checkpoint/);
    const opened = await open(dataDir);
    assert.deepEqual(await query(opened.ownerUrl, "select x from hung"), [{ x: 5 }]);
    await opened.stop();
  });

  test("a stale postmaster.pid whose number now belongs to another process of the same user", async () => {
    const sleeper = spawn("/bin/sleep", ["60"], isRoot ? { uid: nobody.uid, gid: nobody.gid } : {});
    const lines = [
      sleeper.pid,
      join(dataDir, "postgres"),
      1_700_000_000,
      5432,
      ".",
      "",
      "  1234567        99",
      "ready",
    ];
    fs.writeFileSync(join(dataDir, "postgres", "postmaster.pid"), `${lines.join("\n")}\n`);
    fs.writeFileSync(join(dataDir, "postgres", ".s.PGSQL.5432.lock"), `${sleeper.pid}\n`);
    const opened = await open(dataDir);
    assert.equal(opened.adopted, false);
    assert.deepEqual(await query(opened.appUrl, "select 1 as one"), [{ one: 1 }]);
    await opened.stop();
    sleeper.kill();
  });

  test("a lost password file is made anew when nothing runs", async () => {
    const file = join(dataDir, "postgres-passwords.json");
    const old = fs.readFileSync(file, "utf8");
    fs.writeFileSync(file, old.slice(0, 40));
    const opened = await open(dataDir);
    assert.deepEqual(await query(opened.appUrl, "select 1 as one"), [{ one: 1 }]);
    assert.notEqual(fs.readFileSync(file, "utf8"), old);
    await opened.stop();
  });

  test("a lock is free when its holder lets go, and only then", () => {
    const path = join(dirname(dataDir), "lock");
    const held = tryLock(path);
    assert.ok(held);
    assert.equal(tryLock(path), undefined);
    held.release();
    const again = tryLock(path);
    assert.ok(again);
    again.release();
  });
});
