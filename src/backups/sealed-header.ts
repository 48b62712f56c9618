import { argon2, createHash, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";
import { AppError } from "../errors.ts";

/**
 * The first 128 bytes of a backup, the only ones that are not encrypted; numbers are big-endian. They tell how the key
 * is made from the passphrase, and nothing of what lies behind.
 *
 *     0  16  "OPENBOOK BACKUP\n"
 *    16   2  version of the sealing (1)      18  2  zero
 *    20   1  key: 1 = Argon2id (RFC 9106)    21  1  cipher: 1 = ChaCha20-Poly1305 (RFC 8439)     22  2  zero
 *    24   4  Argon2: memory in KiB           28  4  passes          32  4  lanes
 *    36   4  bytes of a chunk before it is encrypted
 *    40  32  salt, random
 *    72  24  what tells a wrong passphrase: HKDF of the key, for this and nothing else
 *    96  32  SHA-256 of all before: tells damage, proves nothing
 *
 * Magic, version and digest stay where they are in every version to come.
 */
export const headerBytes = 128;
const magic = Buffer.from("OPENBOOK BACKUP\n", "latin1");
const version = 1;
const argon2id = 1;
const chaCha20Poly1305 = 1;

/** What a key costs to make, and whoever tries passphrases as often: memory in KiB. */
export interface KeyCost {
  memory: number;
  passes: number;
  lanes: number;
}

/** RFC 9106, section 4, the second recommended option: 64 MiB, so that a small office server can afford it. */
export const usualCost: KeyCost = { memory: 64 * 1024, passes: 3, lanes: 4 };

/**
 * What is accepted of a file: no less than the least of the OWASP Password Storage Cheat Sheet, and no more than a
 * small server has, so that a made-up header cannot exhaust it.
 */
const accepted = { memory: [19 * 1024, 1024 * 1024], passes: [1, 10], lanes: [1, 16], chunk: [4096, 4 * 1024 * 1024] };

export interface SealKey {
  /** All 128 bytes: bound to every chunk as associated data. */
  header: Buffer;
  chunkKey: Buffer;
  chunkBytes: number;
}

/** A new key for one file: the salt makes it another one each time. */
export async function newKey(passphrase: string, cost: KeyCost = usualCost, chunkBytes = 256 * 1024): Promise<SealKey> {
  const header = Buffer.alloc(headerBytes);
  magic.copy(header);
  header.writeUInt16BE(version, 16);
  header.writeUInt8(argon2id, 20);
  header.writeUInt8(chaCha20Poly1305, 21);
  header.writeUInt32BE(cost.memory, 24);
  header.writeUInt32BE(cost.passes, 28);
  header.writeUInt32BE(cost.lanes, 32);
  header.writeUInt32BE(chunkBytes, 36);
  randomBytes(32).copy(header, 40);
  const master = await derive(passphrase, header);
  checkOf(master, header).copy(header, 72);
  digestOf(header).copy(header, 96);
  return { header, chunkKey: chunkKeyOf(master, header), chunkBytes };
}

/**
 * The key of a file that is there.
 * @throws AppError not_a_backup, backup_damaged, backup_format_unknown, wrong_passphrase
 */
export async function keyOf(header: Buffer, passphrase: string): Promise<SealKey> {
  checkHeader(header);
  const master = await derive(passphrase, header);
  if (!timingSafeEqual(checkOf(master, header), header.subarray(72, 96))) {
    throw new AppError("wrong_passphrase", "The passphrase is not the one of this backup. Nothing was changed.");
  }
  return { header, chunkKey: chunkKeyOf(master, header), chunkBytes: header.readUInt32BE(36) };
}

/** What can be told of a header without the passphrase. @throws AppError as `keyOf` */
export function checkHeader(header: Buffer): void {
  if (header.length < headerBytes || !header.subarray(0, 16).equals(magic)) {
    throw new AppError(
      "not_a_backup",
      "This file is no backup of Openbook, or its first bytes are damaged. Nothing was changed.",
    );
  }
  if (!digestOf(header).equals(header.subarray(96, 128))) {
    throw new AppError(
      "backup_damaged",
      "The backup is damaged: its first 128 bytes are not as they were written. Nothing was changed; take another copy of it.",
    );
  }
  const [kind, cipher] = [header.readUInt8(20), header.readUInt8(21)];
  if (header.readUInt16BE(16) !== version || kind !== argon2id || cipher !== chaCha20Poly1305 || !isWithin(header)) {
    throw new AppError(
      "backup_format_unknown",
      `The backup is sealed in a way (version ${header.readUInt16BE(16)}) that this Openbook does not know or does not accept. Nothing was changed; restore it with the version of Openbook that made it.`,
    );
  }
}

function isWithin(header: Buffer): boolean {
  const { memory, passes, lanes, chunk } = accepted;
  const values = [24, 28, 32, 36].map((at) => header.readUInt32BE(at));
  return [memory, passes, lanes, chunk].every(([least, most], i) => values[i]! >= least! && values[i]! <= most!);
}

function derive(passphrase: string, header: Buffer): Promise<Buffer> {
  // The same passphrase typed on two keyboards can be two sequences of code points (NIST SP 800-63B-4, 3.1.1.2).
  const message = passphrase.normalize("NFKC");
  const [memory, passes, parallelism] = [24, 28, 32].map((at) => header.readUInt32BE(at)) as [number, number, number];
  const cost = { message, nonce: header.subarray(40, 72), memory, passes, parallelism, tagLength: 32 };
  return new Promise((resolve, reject) => {
    argon2("argon2id", cost, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** Over all that is known by then: another cost, salt or cipher is another check. */
const checkOf = (master: Buffer, header: Buffer) => expand(master, header.subarray(0, 72), "openbook backup check", 24);
const chunkKeyOf = (master: Buffer, header: Buffer) => expand(master, header, "openbook backup chunks", 32);

function expand(master: Buffer, salt: Buffer, purpose: string, length: number): Buffer {
  return Buffer.from(hkdfSync("sha256", master, salt, purpose, length));
}

function digestOf(header: Buffer): Buffer {
  return createHash("sha256").update(header.subarray(0, 96)).digest();
}
