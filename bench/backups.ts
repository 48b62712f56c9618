import { randomBytes } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { makeBackup, restoreBackup, type BackupReport, type RestoreReport } from "../src/backups/backups.ts";
import { leftOut } from "../src/backups/tables.ts";
import { importFile } from "../src/imports/imports.ts";
import { openFiles } from "../src/platform/files.ts";
import { silentLog } from "../src/platform/log.ts";
import { migrate } from "../src/platform/migrate.ts";
import { openOwnerSession, type OwnerSession } from "../src/platform/owner-session.ts";
import { openDatabase } from "../src/platform/postgres.ts";
import { median, type Figure } from "./figure.ts";
import { csvLine, madeRows } from "./import-files.ts";
import type { Installation } from "./installation.ts";
import { makeCompanies, settle } from "./many-requests.ts";
import type { Stage } from "./stage.ts";

const passphrase = "a passphrase for measuring";
const rounds = 3;

/**
 * A backup of 100,000 imported requests with real chains, and its restore, each beside what PostgreSQL's COPY alone
 * does with the same tables on the same server, round by round. The floor is the superuser's, past every policy: out,
 * COPY TO STDOUT, its bytes read and forgotten; back, COPY FROM STDIN of plain files into the finished schema, in one
 * transaction, with all indexes and foreign keys in place. Backup and restore are what the commands do: key,
 * compression, sealing, fsync; the schema made, all checks, every chain. Both are given as COPY's bytes a second of
 * wall time: on a machine that does other things meanwhile, what runs on several cores comes off worse than it is.
 */
export async function backups(stage: Stage): Promise<Figure[]> {
  const folder = join(await stage.folder(), "backups");
  const installation = await stage.installation("backups");
  await fill(stage, installation);
  const files = openFiles(join(installation.dataDir, "files"));
  const source = { ownerUrl: installation.embedded.ownerUrl, files, clock: () => new Date() };
  const superuser = await openOwnerSession(installation.embedded.adminUrl);
  const out: Timed = { floor: [], ours: [] };
  const back: Timed = { floor: [], ours: [] };
  try {
    const tables = await inOrder(superuser);
    const bytes = await copyOut(superuser, tables, folder);
    let made: BackupReport | undefined;
    let restored: RestoreReport | undefined;
    for (let round = 0; round < rounds; round++) {
      stage.say(`backing up and restoring, ${round + 1} of ${rounds}`);
      out.floor.push(await timed(() => drain(superuser, tables)));
      out.ours.push(
        await timed(async () => (made = await makeBackup(source, { path: `${folder}${round}.backup`, passphrase }))),
      );
      const [empty, bare] = [await newDatabase(installation), await newDatabase(installation)];
      await migrate(bare.ownerUrl, "openbook_app");
      back.floor.push(await timed(() => copyIn(bare.adminUrl, tables, folder)));
      const target = {
        ownerUrl: empty.ownerUrl,
        appRole: "openbook_app",
        files: undefined,
        now: new Date(),
        log: silentLog,
      };
      const input = { path: `${folder}${round}.backup`, passphrase };
      back.ours.push(await timed(async () => (restored = await restoreBackup(target, input))));
      for (const { name } of [empty, bare]) await installation.asSuperuser(`drop database ${name} with (force)`);
    }
    const facts = { "MB of COPY": bytes / 1e6, "MB of the backup": made!.bytes / 1e6, rows: made!.rows };
    const chains = {
      requests: restored!.requests,
      entries: restored!.entries,
      "broken chains": restored!.brokenChains,
    };
    return [
      figureOf("backup", "backup of 100,000 requests, COPY's bytes", bytes, out, "COPY of the same tables TO STDOUT, read and forgotten", facts),
      figureOf("restore", "restore of it, every chain checked", bytes, back, "COPY FROM STDIN into the same schema with its indexes and foreign keys", chains),
    ]; // prettier-ignore
  } finally {
    await superuser.close();
  }
}

interface Timed {
  floor: number[];
  ours: number[];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function figureOf(
  name: string,
  what: string,
  bytes: number,
  { floor, ours }: Timed,
  floorWhat: string,
  more: Record<string, number>,
): Figure {
  const perSecond = (ms: number) => bytes / 1e6 / (ms / 1000);
  const [value, least] = [perSecond(median(ours)), perSecond(median(floor))];
  return {
    name,
    what,
    value,
    unit: "MB/s",
    floor: { value: least, what: floorWhat },
    ratio: value / least,
    target: { of: "ratio", at: "least", bound: 0.5 },
    more: {
      ...more,
      seconds: ours.map((ms) => (ms / 1000).toFixed(1)).join(" "),
      "floor's": floor.map((ms) => (ms / 1000).toFixed(1)).join(" "),
    },
  };
}

async function fill(stage: Stage, installation: Installation): Promise<void> {
  const file = join(await stage.folder(), "backed-up.csv");
  await writeFile(file, madeRows().map(csvLine).join(""));
  stage.say("importing 100,000 requests to be backed up");
  const [company] = await makeCompanies(installation, ["Backed up"]);
  const database = openDatabase({ url: installation.embedded.appUrl, size: 3, log: silentLog });
  try {
    await importFile({ database, clock: () => new Date(), log: silentLog }, company!.id, file);
  } finally {
    await database.close();
  }
  await settle(installation);
}

/** The tables that a backup takes, each after those that it refers to. */
async function inOrder(session: OwnerSession): Promise<string[]> {
  const names = await session.query<{ name: string; needs: string[] }>(
    `select relname as name, array(select distinct confrelid::regclass::text from pg_constraint k
       where k.conrelid = c.oid and contype = 'f' and confrelid <> c.oid) as needs
     from pg_class c where relnamespace = 'public'::regnamespace and relkind = 'r'`,
  );
  const left = names.filter(({ name }) => !Object.hasOwn(leftOut, name));
  const done: string[] = [];
  while (done.length < left.length) {
    const next = left.filter(({ name, needs }) => !done.includes(name) && needs.every((need) => done.includes(need)));
    if (next.length === 0) throw new Error("tables refer to each other in a ring");
    done.push(...next.map(({ name }) => name));
  }
  return done;
}

async function drain(session: OwnerSession, tables: readonly string[]): Promise<void> {
  for (const table of tables) for await (const _ of session.copyOut(`copy ${table} to stdout`));
}

/** What the floor's COPY FROM reads. @returns bytes of all */
async function copyOut(session: OwnerSession, tables: readonly string[], folder: string): Promise<number> {
  let bytes = 0;
  for (const table of tables) {
    const file = `${folder}-${table}.copy`;
    await pipeline(session.copyOut(`copy ${table} to stdout`), createWriteStream(file));
    bytes += (await stat(file)).size;
  }
  return bytes;
}

async function copyIn(url: string, tables: readonly string[], folder: string): Promise<void> {
  const session = await openOwnerSession(url);
  try {
    await session.query("begin");
    for (const table of tables) {
      const bytes = createReadStream(`${folder}-${table}.copy`, { highWaterMark: 256 * 1024 });
      await session.copyIn(`copy ${table} from stdin`, bytes as AsyncIterable<Buffer>);
    }
    await session.query("commit");
  } finally {
    await session.close();
  }
}

async function newDatabase({ embedded, asSuperuser }: Installation) {
  const name = `restored_${randomBytes(4).toString("hex")}`;
  await asSuperuser(`create database ${name} owner openbook_owner`);
  const at = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  return { name, ownerUrl: at(embedded.ownerUrl), adminUrl: at(embedded.adminUrl) };
}
