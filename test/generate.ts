import { spawn } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Route } from "../src/contract.ts";
import { documentFacts } from "../src/doors/http-document.ts";
import { openEmbedded } from "../src/platform/embedded.ts";
import { documentOf } from "../src/platform/http-document.ts";
import { migrate, readMigrations } from "../src/platform/migrate.ts";
import { figuresPage } from "./figures-page.ts";
import { rolesPage } from "./roles-page.ts";

/*
 * `npm run generate` writes what is made from other files: docs/openapi.json from the contracts, docs/figures.md from
 * the words of the overview, docs/roles.md from the table of permissions, src/database.gen.ts from the migrations. With --check it writes nothing and ends with status 1 where a file is not what it would write.
 */

const root = join(import.meta.dirname, "..");

/** Every route that a feature's contract declares. */
export async function declaredRoutes(): Promise<Route[]> {
  const routes: Route[] = [];
  const source = join(root, "src");
  const contracts = (await readdir(source, { recursive: true })).filter((path) =>
    /^\w+[/\\]contract(-[\w-]+)?\.ts$/.test(path),
  );
  for (const contract of contracts.sort()) {
    const exported = Object.values((await import(join(source, contract))) as Record<string, unknown>);
    routes.push(...exported.filter(isRoute));
  }
  return routes;
}

function isRoute(value: unknown): value is Route {
  return typeof value === "object" && value !== null && "method" in value && "path" in value && "permission" in value;
}

export async function generateDocument(): Promise<string> {
  return `${JSON.stringify(documentOf(await declaredRoutes(), documentFacts), null, 2)}\n`;
}

/** A page of docs/, laid out as the formatter wants it. */
async function laidOut(name: string, page: string): Promise<string> {
  const { format } = await import("oxfmt");
  const options = JSON.parse(await readFile(join(root, ".oxfmtrc.json"), "utf8")) as Record<string, unknown>;
  const { code, errors } = await format(name, page, options);
  if (errors.length) throw new Error(`docs/${name} could not be laid out: ${errors[0]!.message}`);
  return code;
}

/** The tables as types, from a scratch database with every migration. */
export async function generateDatabaseTypes(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "openbook-generate-"));
  try {
    const embedded = await openEmbedded({ dataDir: folder, use: "command" });
    try {
      await migrate(embedded.ownerUrl, "openbook_app", await readMigrations());
      return await introspect(embedded.ownerUrl, join(folder, "database.gen.ts"));
    } finally {
      await embedded.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function introspect(url: string, file: string): Promise<string> {
  const command = join(root, "node_modules", "kysely-codegen", "dist", "cli", "bin.js");
  const options = [
    "--dialect",
    "postgres",
    "--url",
    url,
    "--default-schema",
    "public",
    "--exclude-pattern",
    "pgboss.*",
  ];
  const types = ["--date-parser", "string", "--type-mapping", '{"int8":"number"}', "--out-file", file];
  const child = spawn(process.execPath, [command, ...options, ...types], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [said, complained, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (status !== 0) throw new Error(`kysely-codegen ended with ${status}: ${said}${complained}`);
  return readFile(file, "utf8");
}

const generated: [path: string, make: () => Promise<string>][] = [
  ["docs/openapi.json", generateDocument],
  ["docs/figures.md", () => laidOut("figures.md", figuresPage())],
  ["docs/roles.md", () => laidOut("roles.md", rolesPage())],
  ["src/database.gen.ts", generateDatabaseTypes],
];

/** @returns the files that are not what would be written */
export async function outdated(): Promise<string[]> {
  const different: string[] = [];
  for (const [path, make] of generated) {
    const [made, found] = await Promise.all([make(), readFile(join(root, path), "utf8").catch(() => "")]);
    if (made !== found) different.push(path);
  }
  return different;
}

if (import.meta.main) {
  if (process.argv.includes("--check")) {
    const different = await outdated();
    for (const path of different) process.stderr.write(`${path} is out of date: run npm run generate.\n`);
    process.exitCode = different.length ? 1 : 0;
  } else {
    for (const [path, make] of generated) await writeFile(join(root, path), await make());
  }
}
