import { readFile, stat } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { AppError } from "../errors.ts";
import type { Log } from "../platform/log.ts";

/** Where a passphrase may come from; never from the command line, which every user of the machine can read. */
export interface PassphraseSource {
  file?: string | undefined;
  /** From the environment. */
  value?: string | undefined;
}

/** Of a new backup. Length is what counts (NIST SP 800-63B-4, 3.1.1): four words or more. */
const least = 12;

/**
 * The passphrase by file, by environment, or typed at the terminal: twice for a new backup.
 * @throws AppError passphrase_missing, passphrase_too_short, passphrase_not_readable, passphrase_mistyped
 */
export async function readPassphrase(source: PassphraseSource, use: "make" | "open", log: Log): Promise<string> {
  const passphrase = source.file ? await fromFile(source.file, log) : (source.value ?? (await fromTerminal(use)));
  if (passphrase === "") throw missing("There is no passphrase.");
  if (use === "make" && [...passphrase].length < least) {
    throw new AppError(
      "passphrase_too_short",
      `The passphrase has fewer than ${least} characters. Nothing was written. Take four words or more, and keep them where the backup is not: without them it is lost.`,
    );
  }
  return passphrase;
}

/**
 * For a server that is to make backups: whether it can, before it starts. Nobody sits at its terminal.
 * @throws AppError passphrase_missing, passphrase_too_short, passphrase_not_readable
 */
export async function checkPassphrase(source: PassphraseSource, log: Log): Promise<void> {
  await readPassphrase({ ...source, value: source.value ?? (source.file ? undefined : "") }, "make", log);
}

async function fromFile(path: string, log: Log): Promise<string> {
  try {
    const text = await readFile(path, "utf8");
    const { mode } = await stat(path);
    if (process.platform !== "win32" && mode & 0o077) {
      log.warn("the file with the backups' passphrase can be read by others: chmod 600", { path });
    }
    // What an editor or echo puts at the end is no part of it.
    return text.replace(/\r?\n$/, "");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new AppError(
      "passphrase_not_readable",
      `The file with the passphrase, ${path}, cannot be read (${code ?? message}). Nothing was done.`,
    );
  }
}

async function fromTerminal(use: "make" | "open"): Promise<string> {
  if (!process.stdin.isTTY) {
    throw missing("There is no terminal to ask at.");
  }
  const typed = await ask("Passphrase of the backup: ");
  if (use === "make" && (await ask("Once more: ")) !== typed) {
    throw new AppError("passphrase_mistyped", "The two are not the same. Nothing was written.");
  }
  return typed;
}

function missing(why: string): AppError {
  return new AppError(
    "passphrase_missing",
    `A backup is encrypted. ${why} Name a file with the passphrase (--passphrase-file, or OPENBOOK_BACKUP_PASSPHRASE_FILE), or set OPENBOOK_BACKUP_PASSPHRASE. Nothing was done.`,
  );
}

/** What is typed is not shown. */
async function ask(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await lines.question("");
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
}
