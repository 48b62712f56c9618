import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { buildPrograms } from "../src/build-web.ts";
import { startFenced } from "../src/imports/read-process.ts";
import { builtPrograms, madeOf, programsDir, programsIn } from "../src/platform/built-programs.ts";
import { silentLog } from "../src/platform/log.ts";

test("the programs that read foreign files are built ahead, and never run when they are of other sources", async (t) => {
  await buildPrograms(silentLog);
  assert.deepEqual([...builtPrograms()!.keys()].toSorted(), [
    "src/exports/read-archive-child.ts",
    "src/imports/read-child.ts",
    "src/imports/read-every-sheet-child.ts",
  ]);

  const folder = await mkdtemp(join(tmpdir(), "openbook-readers-"));
  t.after(() => rm(folder, { recursive: true }));
  await cp(programsDir, folder, { recursive: true });
  assert.ok(programsIn(folder));
  const made = await readFile(join(folder, madeOf), "utf8");
  for (const source of ["src/imports/read-csv.ts", "package-lock.json", "vite.programs.config.ts"]) {
    assert.match(made, new RegExp(`"${source}": "`));
    const digest = (JSON.parse(made) as { sources: Record<string, string> }).sources[source]!;
    await writeFile(join(folder, madeOf), made.replace(digest, "0".repeat(64)));
    assert.equal(programsIn(folder), undefined, source);
  }
});

test("a reader that was built may read its file and nothing else, not even the sources", async (t) => {
  await buildPrograms(silentLog);
  const folder = await mkdtemp(join(tmpdir(), "openbook-readers-"));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, "list.csv");
  await writeFile(path, "Number;Title\n1;Printer\n2;Mouse\n");
  const reading = async (other: string) => {
    const reader = startFenced("src/imports/read-child.ts", path, [other, "{}"], { memoryMb: 512, seconds: 60 });
    let said = "";
    for await (const part of reader.output) said += part.toString("latin1");
    return { ending: await reader.ending, said, complaint: reader.complaint() };
  };
  const own = await reading(path);
  assert.equal(own.ending, "ended");
  assert.match(own.said, /Printer/);
  for (const other of ["package.json", "src/errors.ts"].map((name) => join(import.meta.dirname, "..", name))) {
    const { ending, said, complaint } = await reading(other);
    assert.deepEqual({ ending, said }, { ending: "failed", said: "" });
    assert.match(complaint, /ERR_ACCESS_DENIED|Access to this API/);
  }
});
