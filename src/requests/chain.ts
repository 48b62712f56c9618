import { createHash, hash, randomFillSync } from "node:crypto";
import canonicalize from "canonicalize";

/**
 * The chain of one request's entries. A header names the digest of its content and the hash of the header before it;
 * the content and its random bytes lie apart, so that they can be erased and the chain still holds.
 * Canonical JSON is RFC 8785, hashes are SHA-256; times are milliseconds since 1970, digests lower-case hex.
 */
export interface Header {
  company: string;
  request: string;
  seq: number;
  kind: string;
  happenedAt: number;
  recordedAt: number;
  actor: string;
  audience: string;
  supplier: string | null;
  contentDigest: string;
  previousHash: string | null;
}

export type Content = Record<string, unknown>;

/** SHA-256 over 32 random bytes and the canonical JSON of the content. */
export function contentDigest(salt: Buffer, content: Content): Buffer {
  return createHash("sha256").update(salt).update(canonical(content)).digest();
}

/** SHA-256 over the canonical JSON of the header. */
export function headerHash(header: Header): Buffer {
  return createHash("sha256").update(canonical(header)).digest();
}

/**
 * RFC 8785. Properties that are undefined are left out.
 * @throws Error what has no such form: NaN, half of a surrogate pair
 */
export function canonical(value: object): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("not a JSON value");
  return text;
}

/** {@link contentDigest} of content that was made canonical already. @returns hex */
export function digestOfCanonical(salt: Buffer, text: string): string {
  const length = salt.copy(scratch);
  const most = length + text.length * 3;
  if (most > scratch.length) return hash("sha256", Buffer.concat([salt, Buffer.from(text)]), "hex");
  return hash("sha256", scratch.subarray(0, length + scratch.write(text, length)), "hex");
}
const scratch = Buffer.allocUnsafe(64 * 1024);

/**
 * {@link headerHash} of a header that was made here: its names are known and in order, its ids, digests and kinds need
 * no escaping. A quarter of the time; for a header that came from elsewhere it proves nothing. @returns hex
 */
export function hashOfOwn(h: Header): string {
  const text =
    `{"actor":${quoted(h.actor)},"audience":"${h.audience}","company":"${h.company}"` +
    `,"contentDigest":"${h.contentDigest}","happenedAt":${h.happenedAt},"kind":"${h.kind}"` +
    `,"previousHash":${orNull(h.previousHash)},"recordedAt":${h.recordedAt},"request":"${h.request}"` +
    `,"seq":${h.seq},"supplier":${orNull(h.supplier)}}`;
  return hash("sha256", text, "hex");
}

function quoted(text: string): string {
  if (!text.isWellFormed()) throw new TypeError("half of a surrogate pair");
  return JSON.stringify(text);
}

function orNull(text: string | null): string {
  return text === null ? "null" : `"${text}"`;
}

const pool = Buffer.allocUnsafe(8192);
let used = pool.length;

/** 32 random bytes; asked of the system for 256 entries at a time. */
export function newSalt(): Buffer {
  if (used + 32 > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const salt = Buffer.from(pool.subarray(used, used + 32));
  used += 32;
  return salt;
}

export interface ChainLink {
  header: Header;
  hash: string;
  /** Absent when erased. */
  salt?: string;
  content?: Content;
}

/**
 * Checks a whole chain, in order of seq, as anybody can who holds an export.
 * @returns undefined when it holds, else the first broken link and what is wrong with it
 */
export function firstBrokenLink(links: readonly ChainLink[]): { seq: number; reason: string } | undefined {
  let previous: string | null = null;
  for (const [index, link] of links.entries()) {
    const { header } = link;
    const at = (reason: string) => ({ seq: header.seq, reason });
    if (header.seq !== index + 1) return at(`entry ${index + 1} is missing`);
    if (header.previousHash !== previous) return at("does not follow from the entry before");
    if (headerHash(header).toString("hex") !== link.hash) return at("its header was changed");
    if (!isSealed(link)) return at("its content was changed");
    previous = link.hash;
  }
  return undefined;
}

function isSealed({ header, salt, content }: ChainLink): boolean {
  if (content === undefined || salt === undefined) return true;
  try {
    return contentDigest(Buffer.from(salt, "hex"), content).toString("hex") === header.contentDigest;
  } catch {
    // It has no canonical form (half of a surrogate pair): nobody has sealed it.
    return false;
  }
}
