import { createCipheriv, createDecipheriv, hash, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { AppError } from "../errors.ts";

/*
 * Secrets that the server must be able to read again, kept in the database under a key that is not in it: AES-256-GCM,
 * bound to what each is for and whose it is, so that none can be moved to another row. The key's file has one key a line,
 * the one that seals first; the others only open.
 */

const prefix = "sealed:1:";
const nonceLength = 12;
const tagLength = 16;

/** What a secret is for and whose it is, e.g. `totp 0192…`: a secret opens as this alone. */
type Purpose = string;

export interface Sealing {
  seal(text: string, purpose: Purpose): string;
  /** undefined: sealed with a key that is not here, changed since, of another purpose, or never sealed. */
  open(sealed: string, purpose: Purpose): string | undefined;
  /** Begins of what is sealed with the key that is in use. */
  readonly current: string;
  /** Puts a new key before the others. */
  rotate(): void;
  /**
   * Forgets all keys but the first and the one before it, which a process may have sealed with at this very moment: once
   * nothing is sealed with them any more.
   */
  forgetOlder(): void;
}

let inUse: Sealing | undefined;

/** Said once, by main.ts: how this process keeps secrets. */
export function keepSecretsWith(sealing: Sealing): void {
  inUse = sealing;
}

/** How secrets are kept. */
export function sealing(): Sealing {
  if (!inUse) throw new Error("Nothing says with which key secrets are kept.");
  return inUse;
}

const idOf = (key: Buffer) => hash("sha256", key, "hex").slice(0, 16);

/**
 * Secrets under the keys of a file, which is made where there is none, readable by this user alone.
 * @throws AppError secrets_key_unusable: the file is there and no list of keys
 */
export function openSealing(path: string): Sealing {
  let keys = readOrMake(path);
  const find = (id: string) => keys.find((key) => idOf(key) === id);
  const keep = (changed: Buffer[]) => {
    const fresh = `${path}.${process.pid}`;
    writeFileSync(fresh, textOf(changed), { mode: 0o600, flush: true });
    renameSync(fresh, path);
    keys = changed;
  };
  return {
    get current() {
      // Another process may have put a new key there: nothing is sealed with an earlier one from then on.
      keys = readOrMake(path);
      return `${prefix}${idOf(keys[0]!)}:`;
    },
    seal(text, purpose) {
      const { current } = this;
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv("aes-256-gcm", keys[0]!, nonce).setAAD(Buffer.from(purpose));
      const bytes = Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
      return current + bytes.toString("base64url");
    },
    open(sealed, purpose) {
      const [id, text] = sealed.startsWith(prefix) ? sealed.slice(prefix.length).split(":") : [];
      if (!id || !text) return undefined;
      if (!find(id)) keys = readOrMake(path);
      const key = find(id);
      return key && opened(key, Buffer.from(text, "base64url"), purpose);
    },
    rotate: () => keep([randomBytes(32), ...readOrMake(path)]),
    forgetOlder: () => keep(readOrMake(path).slice(0, 2)),
  };
}

function opened(key: Buffer, bytes: Buffer, purpose: Purpose): string | undefined {
  if (bytes.length < nonceLength + tagLength) return undefined;
  const end = bytes.length - tagLength;
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, nonceLength), { authTagLength: tagLength });
  decipher.setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(end));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(nonceLength, end)), decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}

const textOf = (keys: readonly Buffer[]) => keys.map((key) => `${key.toString("base64url")}\n`).join("");

function readOrMake(path: string): Buffer[] {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, textOf([randomBytes(32)]), { mode: 0o600, flag: "wx", flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw unusable(path, String(error));
  }
  const lines = readText(path).split(/\s+/).filter(Boolean);
  if (lines.length === 0 || !lines.every((line) => /^[A-Za-z0-9_-]{43}$/.test(line))) {
    throw unusable(path, "it is not a list of keys");
  }
  return lines.map((line) => Buffer.from(line, "base64url"));
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw unusable(path, String(error));
  }
}

function unusable(path: string, reason: string): AppError {
  return new AppError(
    "secrets_key_unusable",
    `${path}, the key under which secrets are kept, cannot be used: ${reason}. Nothing was started; put the file back as it was.`,
  );
}
