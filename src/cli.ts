import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { commands, type Command, type Result } from "./cli-commands.ts";
import { AppError } from "./errors.ts";

/**
 * The operator's commands: `npm run -s openbook -- <command>`. Exit status: 0 done · 1 refused or failed, nothing half
 * done · 2 called wrongly. Words for people go to standard output, complaints to standard error; with --json
 * standard output is one object, `{"error": {code, message}}` when it failed.
 */

const common = {
  data: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const satisfies ParseArgsOptionsConfig;

class UsageError extends Error {}

export async function run(args: string[]): Promise<number> {
  const json = args.includes("--json");
  try {
    const { command, rest } = findCommand(args);
    if (!command || rest.includes("--help") || rest.includes("-h")) return help(command, args);
    const { flags, positionals } = parse(command, rest);
    const result = await command.run(flags, positionals);
    if (result) write(result, json);
    return result?.status ?? 0;
  } catch (error) {
    return fail(error, json);
  }
}

function findCommand(args: string[]): { command: Command | undefined; rest: string[] } {
  for (const length of [2, 1]) {
    const command = commands.find((c) => c.name === args.slice(0, length).join(" "));
    if (command) return { command, rest: args.slice(length) };
  }
  return { command: undefined, rest: args };
}

function parse(
  command: Command,
  args: string[],
): { flags: Record<string, string | boolean | undefined>; positionals: string[] } {
  let parsed;
  try {
    parsed = parseArgs({ args, options: { ...common, ...command.options }, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${usage(command)}`);
  }
  const { values, positionals } = parsed;
  const wanted = command.positionals ?? [];
  if (positionals.length !== wanted.length) {
    const missing = wanted.slice(positionals.length).join(" ");
    throw new UsageError(`${missing ? `${missing} is missing` : "Too many words"}.\n${usage(command)}`);
  }
  for (const name of command.required ?? []) {
    if (typeof values[name as keyof typeof values] !== "string")
      throw new UsageError(`--${name} is missing.\n${usage(command)}`);
  }
  return { flags: values as Record<string, string | boolean | undefined>, positionals };
}

function usage(command: Command): string {
  const required = command.required ?? [];
  const options = Object.entries(command.options ?? {}).map(([name, option]) => {
    const text = option.type === "boolean" ? `--${name}` : `--${name} ${(command.hints?.[name] ?? name).toUpperCase()}`;
    return required.includes(name) ? text : `[${text}]`;
  });
  const words = [command.name, ...(command.positionals ?? []), ...options, "[--data DIR]", "[--json]"];
  return `Usage: openbook ${words.join(" ")}`;
}

function help(command: Command | undefined, args: string[]): number {
  if (command) {
    process.stdout.write(`${command.summary}\n${usage(command)}\n`);
    return 0;
  }
  const asked = args.length === 0 || args[0] === "help" || args.includes("--help") || args.includes("-h");
  if (!asked)
    throw new UsageError(`"${args.filter((a) => !a.startsWith("-")).join(" ")}" is not a command.\n${list()}`);
  process.stdout.write(`${list()}\n`);
  return 0;
}

function list(): string {
  const shown = commands.filter(({ hidden }) => !hidden);
  const width = Math.max(...shown.map((c) => c.name.length)) + 2;
  return ["Commands:", ...shown.map((c) => `  ${c.name.padEnd(width)}${c.summary}`)].join("\n");
}

function write(result: Result, json: boolean): void {
  process.stdout.write(json ? `${JSON.stringify(result.json)}\n` : `${result.text}\n`);
}

function fail(error: unknown, json: boolean): number {
  const usageFailed = error instanceof UsageError;
  const known = usageFailed || error instanceof AppError;
  const code = usageFailed ? "usage" : error instanceof AppError ? error.code : "unexpected";
  const message = known
    ? error.message
    : `Something unexpected happened: ${String((error as Error)?.message ?? error)}`;
  const fields = error instanceof AppError ? error.fields : undefined;
  process.stderr.write(`${message}\n`);
  for (const [field, text] of Object.entries(fields ?? {})) process.stderr.write(`  ${field}: ${text}\n`);
  if (!known) process.stderr.write(`${(error as Error)?.stack ?? ""}\n`);
  if (json) process.stdout.write(`${JSON.stringify({ error: { code, message, ...(fields ? { fields } : {}) } })}\n`);
  return usageFailed ? 2 : 1;
}
