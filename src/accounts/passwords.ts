import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { AppError } from "../errors.ts";

/**
 * Argon2id (RFC 9106) above the least of the OWASP Password Storage Cheat Sheet (19 MiB, 2 passes): memory in KiB.
 * Raised here, every password is hashed anew at its next sign-in.
 */
const cost = { memory: 32 * 1024, passes: 2, parallelism: 1 } as const;
const tagLength = 32;

/** Each hash in work takes 32 MiB, a core and one of the four threads that files share, for about 70 ms: the rest wait. */
const maxAtOnce = 2;
const maxWaiting = 200;
let atWork = 0;
const waiting: (() => void)[] = [];

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (atWork < maxAtOnce) atWork++;
  else {
    if (waiting.length >= maxWaiting) {
      throw new AppError("busy", "Too many people sign in at this moment. Nothing was changed; try again.");
    }
    // Whoever is done hands its place on: `atWork` stays as it is.
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else atWork--;
  }
}

interface Cost {
  memory: number;
  passes: number;
  parallelism: number;
}

function derive(password: string, salt: Buffer, { memory, passes, parallelism }: Cost): Promise<Buffer> {
  // The same password typed on two keyboards can be two sequences of code points (NIST SP 800-63B-4, 3.1.1.2).
  const message = password.normalize("NFKC");
  return inTurn(
    () =>
      new Promise((resolve, reject) => {
        argon2("argon2id", { message, nonce: salt, memory, passes, parallelism, tagLength }, (error, tag) =>
          error ? reject(error) : resolve(tag),
        );
      }),
  );
}

/** @returns PHC string: `$argon2id$v=19$m=32768,t=2,p=1$salt$tag`, both in base64 without padding */
export async function hashPassword(password: string, at: Cost = cost): Promise<string> {
  const salt = randomBytes(16);
  const tag = await derive(password, salt, at);
  const { memory, passes, parallelism } = at;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}

const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** Stands in for an account that does not exist or has no password: the same work, and never a match. */
const nobodysSalt = randomBytes(16);

/** Whether it is this password. Without a hash it takes as long as with one, and the answer is no. */
export async function verifyPassword(hash: string | null | undefined, password: string): Promise<boolean> {
  if (!hash) {
    await derive(password, nobodysSalt, cost);
    return false;
  }
  const [, memory, passes, parallelism, salt, tag] = phc.exec(hash) ?? [];
  if (!tag || !salt) throw new Error("A stored password hash is not in the form it was written in.");
  const stored = Buffer.from(tag, "base64");
  const derived = await derive(password, Buffer.from(salt, "base64"), {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
  });
  return stored.length === derived.length && timingSafeEqual(stored, derived);
}

/** Whether a hash was made at another cost than today's. */
export function isOutdated(hash: string): boolean {
  return !hash.startsWith(`$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$`);
}
