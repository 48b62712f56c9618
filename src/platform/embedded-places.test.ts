import assert from "node:assert/strict";
import fs from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, before, describe, test } from "node:test";
import type { AppError } from "../errors.ts";
import { findBinaries, prepareBinaries } from "./embedded-binaries.ts";
import {
  checkoutIsOpen,
  closedHome,
  dataDir,
  emptyDir,
  endChildren,
  killGroup,
  killPostgres,
  nobody,
  open,
  openInChild,
  postmasterOf,
  query,
  userOf,
} from "./embedded-fixture.ts";
import { closedDirectory, giveTree, isRoot } from "./embedded-user.ts";
import { openEmbedded } from "./embedded.ts";

before(async () => {
  const made = await open(dataDir);
  await made.stop();
});

afterEach(endChildren);

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
    const path = emptyDir();
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
    const long = join(dirname(dataDir), "long".repeat(25));
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
    const closed = emptyDir();
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
    const child = checkoutIsOpen ? openInChild({ dataDir, use: "command" }, bin) : undefined;
    if (child) assert.equal((await child.outcome).opened?.adopted, true);
    await asRoot.stop();
    await child?.say("stop");
    assert.equal(postmasterOf(dataDir), undefined);
    if (!checkoutIsOpen) return;
    const alone = openInChild({ dataDir, use: "server" }, bin);
    assert.equal((await alone.outcome).opened?.adopted, false);
    await alone.say("stop");
  });

  test("a data directory below a closed one works: start, adoption, restart", async () => {
    const hidden = join(closedHome, "moved");
    fs.renameSync(dataDir, hidden);
    const child = openInChild({ dataDir: hidden, use: "server" });
    await query((await child.outcome).opened?.ownerUrl ?? "", "create table t as select 9 as x");
    await killGroup(child);
    const opened = await open(hidden);
    assert.equal(opened.adopted, true);
    assert.equal(closedDirectory(hidden, nobody), closedHome);
    assert.notEqual(userOf(hidden), 0);
    await killPostgres(hidden);
    assert.deepEqual(await query(opened.ownerUrl, "select x from t"), [{ x: 9 }]);
    await opened.stop();
    fs.renameSync(hidden, dataDir);
  });

  test("an ordinary user runs it as the same user, and not on another's data", async (t) => {
    if (!checkoutIsOpen) {
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
