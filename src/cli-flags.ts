import { readConfig, type Config } from "./config.ts";
import { createLog } from "./platform/log.ts";

/** What was said on the command line, by the names of the options (`backup-dir`). */
export type GivenFlags = Record<string, string | boolean | undefined>;

/** The installation that a command is about. */
export function configOf(flags: GivenFlags): Config {
  const camel = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return readConfig(Object.fromEntries(Object.entries(flags).map(([name, value]) => [camel(name), value])));
}

/** Warnings only: what a command says belongs to its caller. */
export const quietLog = { ...createLog(), info: () => {} };
