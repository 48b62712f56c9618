import { spawn } from "node:child_process";
import { once } from "node:events";
import type { ParseArgsOptionsConfig } from "node:util";
import { createCompanyWithOwner, createKey, listKeys, revokeKey, rotateSecretsKey } from "./accounts/accounts.ts";
import { backupCommands } from "./cli-backups.ts";
import { configOf, quietLog, type GivenFlags } from "./cli-flags.ts";
import { exportCommands } from "./cli-exports.ts";
import { fileCommands } from "./cli-files.ts";
import { importCommands } from "./cli-imports.ts";
import { figuresByResult, figuresResult, wordOf } from "./cli-figures.ts";
import { asOperator, inCompany, type Context } from "./context.ts";
import { Id, Instant, permissionNames } from "./contract.ts";
import { AppError, notFound } from "./errors.ts";
import { comparisons, dimensions, periodNames } from "./figures/contract.ts";
import { figuresBy, figuresByCall } from "./figures/figures.ts";
import { openPlatform, startServer, type OpenPlatform } from "./main.ts";

export interface Result {
  json: Record<string, unknown>;
  text: string;
  /** Exit status; default 0. */
  status?: number;
}

export interface Command {
  /** Called by the server, and not shown. */
  hidden?: boolean;
  /** One or two words. */
  name: string;
  summary: string;
  positionals?: string[];
  options?: ParseArgsOptionsConfig;
  required?: string[];
  /** What stands for an option's value in the usage line. */
  hints?: Record<string, string>;
  run(flags: GivenFlags, positionals: string[]): Promise<Result | undefined>;
}

const serverOptions = {
  port: { type: "string" },
  host: { type: "string" },
  "public-url": { type: "string" },
  "trusted-proxy": { type: "string" },
  "company-files": { type: "string" },
  "backup-dir": { type: "string" },
  "passphrase-file": { type: "string" },
  "backup-hour": { type: "string" },
  "backup-keep": { type: "string" },
  "backup-prove": { type: "string" },
} as const satisfies ParseArgsOptionsConfig;

const serverHints = {
  "trusted-proxy": "address,network",
  "company-files": "gigabytes",
  "backup-keep": "daily,weekly,monthly",
  "backup-prove": "each|weekly",
  "backup-dir": "dir",
};

/** Opens the installation beside a running server or without one, and leaves it as it was found. */
async function withPlatform<T>(flags: GivenFlags, work: (platform: OpenPlatform) => Promise<T>): Promise<T> {
  const platform = await openPlatform(configOf(flags), "command", quietLog);
  try {
    return await work(platform);
  } finally {
    await platform.close();
  }
}

function inItsCompany<T>(platform: OpenPlatform, company: string, work: (ctx: Context) => Promise<T>): Promise<T> {
  return inCompany(platform, company, asOperator("command"), work);
}

async function start(flags: GivenFlags, demo = false): Promise<undefined> {
  const running = await startServer(configOf(flags), { demo });
  await running.ended;
  return undefined;
}

async function dev(flags: GivenFlags): Promise<undefined> {
  const given = Object.entries({ ...flags, data: flags["data"] ?? "data/dev" });
  const args = given.map(([name, value]) => `--${name}=${String(value)}`);
  const watching = ["--watch", "--watch-path=src", "--watch-path=migrations", "--watch-preserve-output"];
  const child = spawn(process.execPath, [...watching, "bin/openbook.js", "demo", ...args], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  await once(child, "exit");
  return undefined;
}

async function createCompanyCommand(flags: GivenFlags, [name]: string[]): Promise<Result> {
  return withPlatform(flags, async (platform) => {
    const created = await createCompanyWithOwner(platform, {
      name: name!,
      timeZone: flags["time-zone"] as string,
      currency: flags["currency"] as string | undefined,
      ownerEmail: flags["owner"] as string,
      ownerName: flags["owner-name"] as string | undefined,
    });
    const id = created.companyId;
    const link = created.passwordLink;
    const { publicUrl } = configOf(flags);
    const where = publicUrl ? "" : ", below the server's URL";
    const setLink = link ? `\nTheir one-time link to set a password (7 days)${where}: ${publicUrl ?? ""}${link}` : "";
    return {
      json: { id, name, ...(link ? { passwordLink: link } : {}) },
      text: `Company ${id} is there; ${String(flags["owner"])} is its owner.${setLink}`,
    };
  });
}

async function createKeyCommand(flags: GivenFlags): Promise<Result> {
  const may = (flags["may"] as string | undefined)?.split(",").map((name) => name.trim());
  const until = flags["until"] as string | undefined;
  if (until !== undefined && !Instant.safeParse(until).success) {
    throw new AppError("invalid_input", "--until takes an instant such as 2027-06-30T22:00:00Z. Nothing was made.");
  }
  return withPlatform(flags, async (platform) => {
    const made = await inItsCompany(platform, flags["company"] as string, (ctx) =>
      createKey(ctx, {
        name: (flags["name"] as string | undefined) ?? "made by command",
        memberEmail: flags["member"] as string,
        scopes: flags["read-only"] ? ["read"] : ["read", "write"],
        permissions: may?.map((name) => wordOf("may", permissionNames, name)),
        supplierId: flags["supplier"] as string | undefined,
        expiresAt: until,
      }),
    );
    return {
      json: { key: made.key, id: made.apiKey.id },
      text: `${made.key}\nShown this once: keep it like a password.`,
    };
  });
}

async function listKeysCommand(flags: GivenFlags): Promise<Result> {
  return withPlatform(flags, (platform) =>
    inItsCompany(platform, flags["company"] as string, async (ctx) => {
      const items = await listKeys(ctx);
      const stateOf = (key: (typeof items)[number]) => {
        if (key.revokedAt) return `revoked ${key.revokedAt}`;
        return key.expiresAt ? `until ${key.expiresAt}` : "until it is revoked";
      };
      const lines = items.map((key) =>
        [
          key.id,
          key.name,
          key.scopes.join("+"),
          key.permissions?.join(",") ?? "all of its member's",
          ...(key.supplierId ? [`side of ${key.supplierId}`] : []),
          stateOf(key),
          `last used ${key.lastUsedAt ?? "never"}`,
        ].join("  "),
      );
      return { json: { items }, text: lines.join("\n") || "No keys." };
    }),
  );
}

async function revokeKeyCommand(flags: GivenFlags): Promise<Result> {
  const id = flags["key"] as string;
  return withPlatform(flags, (platform) =>
    inItsCompany(platform, flags["company"] as string, async (ctx) => {
      if (!Id.safeParse(id).success) throw notFound();
      await revokeKey(ctx, { id: id.toLowerCase() });
      return { json: { id }, text: `The key ${id} and what was made with it open nothing any more.` };
    }),
  );
}

async function rotateCommand(flags: GivenFlags): Promise<Result> {
  return withPlatform(flags, async (platform) => {
    const done = await rotateSecretsKey(platform);
    const kept = "Keep a copy of the file of keys apart from the backups: those made from now on need it.";
    const left = done.unreadable > 0 ? ` ${done.unreadable} could not be read; the earlier keys stay.` : "";
    return { json: { ...done }, text: `${done.resealed} secrets are under a new key.${left}\n${kept}` };
  });
}

async function figuresCommand(flags: GivenFlags): Promise<Result> {
  const text = (name: string) => flags[name] as string | undefined;
  const dimension = text("by") === undefined ? undefined : wordOf("by", dimensions, text("by")!);
  const limit = text("limit") === undefined ? undefined : Number(text("limit"));
  const period = text("period") === undefined ? undefined : wordOf("period", periodNames, text("period")!);
  const compare = text("compare") === undefined ? undefined : wordOf("compare", comparisons, text("compare")!);
  const input = { from: text("from"), to: text("to"), period, asOf: text("as-of"), supplier: text("supplier") };
  return withPlatform(flags, (platform) =>
    inItsCompany(platform, text("company")!, async (ctx) =>
      dimension
        ? figuresByResult(await figuresBy(ctx, { ...input, dimension, limit }))
        : figuresResult(await figuresByCall(ctx, { ...input, compare })),
    ),
  );
}

export const commands: Command[] = [
  {
    name: "start",
    summary: "Run the server (and PostgreSQL in the data directory, unless DATABASE_URL names one)",
    options: serverOptions,
    hints: serverHints,
    run: (flags) => start(flags),
  },
  {
    name: "demo",
    summary: "Run the server with a believable year of a 40-person company",
    options: serverOptions,
    hints: serverHints,
    run: (flags) => start({ ...flags, data: flags["data"] ?? "data/demo" }, true),
  },
  {
    name: "dev",
    summary: "The demo in ./data/dev, started anew (pages built anew) whenever a source file changes",
    options: serverOptions,
    hints: serverHints,
    run: dev,
  },
  {
    name: "company create",
    summary: "Make a company and its owner",
    positionals: ["NAME"],
    options: {
      owner: { type: "string" },
      "time-zone": { type: "string" },
      "owner-name": { type: "string" },
      currency: { type: "string" },
    },
    required: ["owner", "time-zone"],
    hints: { owner: "email", "time-zone": "zone" },
    run: createCompanyCommand,
  },
  {
    name: "key create",
    summary: "Make an API key that acts for a member; it is shown once",
    options: {
      company: { type: "string" },
      member: { type: "string" },
      name: { type: "string" },
      "read-only": { type: "boolean" },
      may: { type: "string" },
      supplier: { type: "string" },
      until: { type: "string" },
    },
    required: ["company", "member"],
    hints: { company: "id", member: "email", may: "permission,permission", supplier: "id", until: "instant" },
    run: createKeyCommand,
  },
  {
    name: "secrets rotate",
    summary: "Put a new key around the secrets that the database keeps",
    options: {},
    run: rotateCommand,
  },
  {
    name: "key list",
    summary: "The API keys of a company: what each may, until when, when it was last used",
    options: { company: { type: "string" } },
    required: ["company"],
    hints: { company: "id" },
    run: listKeysCommand,
  },
  {
    name: "key revoke",
    summary: "Revoke an API key, and those that were made with it",
    options: { company: { type: "string" }, key: { type: "string" } },
    required: ["company", "key"],
    hints: { company: "id", key: "id" },
    run: revokeKeyCommand,
  },
  ...importCommands,
  {
    name: "figures",
    summary: "Figures by call of a period, both ends included, in the company's time zone; --by supplier: for each",
    options: {
      company: { type: "string" },
      from: { type: "string" },
      to: { type: "string" },
      "as-of": { type: "string" },
      period: { type: "string" },
      compare: { type: "string" },
      supplier: { type: "string" },
      by: { type: "string" },
      limit: { type: "string" },
    },
    required: ["company"],
    hints: {
      company: "id",
      period: "name, instead of dates",
      compare: "before|year",
      from: "date",
      to: "date",
      "as-of": "instant",
      supplier: "id",
      by: "supplier|category|reporter|technician|priority|channel|weekday",
      limit: "rows",
    },
    run: figuresCommand,
  },
  ...exportCommands,
  ...backupCommands,
  ...fileCommands,
];
