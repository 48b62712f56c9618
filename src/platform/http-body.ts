import type { IncomingMessage } from "node:http";
import { AppError } from "../errors.ts";

export const maxJsonBytes = 1024 * 1024;
export const maxJsonDepth = 20;
/** Keys of one object; and of all objects of a body together. */
export const maxJsonKeys = 1_000;
const maxJsonKeysInAll = 20_000;

const isJson = /^application\/json *(?:;|$)/i;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads a body whole, counting what really arrives (a declared length may lie, a chunked body declares none).
 * @throws AppError payload_too_large · request_timeout · request_aborted
 */
export function readBytes(incoming: IncomingMessage, maxBytes: number, timeoutMs: number): Promise<Buffer> {
  if (Number(incoming.headers["content-length"] ?? 0) > maxBytes) return Promise.reject(tooLarge(maxBytes));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (act: () => void) => {
      clearTimeout(timer);
      incoming.off("data", onData).off("end", onEnd).off("close", onClose).off("error", onClose);
      act();
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) end(() => reject(tooLarge(maxBytes)));
      else chunks.push(chunk);
    };
    const onEnd = () => end(() => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    const onClose = () => end(() => reject(new AppError("request_aborted", "The connection ended before the body.")));
    const late = () => end(() => reject(new AppError("request_timeout", "The body took too long to arrive.")));
    const timer = setTimeout(late, timeoutMs);
    incoming.on("data", onData).on("end", onEnd).on("close", onClose).on("error", onClose);
  });
}

function tooLarge(maxBytes: number): AppError {
  return new AppError("payload_too_large", `The body is larger than ${maxBytes} bytes. Nothing was kept.`);
}

/** @throws AppError unsupported_media_type: JSON is not what a form of another site can send without asking first. */
export function requireJson(contentType: string | undefined): void {
  if (contentType && isJson.test(contentType)) return;
  throw new AppError("unsupported_media_type", "Send the body as application/json.");
}

/**
 * @throws AppError unsupported_media_type: nothing is unpacked here, and packed bytes are never taken for plain ones
 * (RFC 9110, 15.5.16).
 */
export function requirePlain(contentEncoding: string | undefined): void {
  if (contentEncoding === undefined || contentEncoding.trim().toLowerCase() === "identity") return;
  const error = new AppError("unsupported_media_type", "Send the body as it is, without Content-Encoding.");
  throw Object.assign(error, { acceptEncoding: "identity" });
}

/**
 * JSON from bytes that nobody vouches for. Refused: invalid UTF-8 or JSON (`malformed_json`); objects nested deeper
 * than 20 or with more than 1,000 keys, one key twice, the keys that reach into prototypes, NUL and half surrogates,
 * which PostgreSQL cannot store (`invalid_input`).
 */
export function parseJson(bytes: Buffer): unknown {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw malformed("The body is not valid UTF-8.");
  }
  scan(text);
  try {
    return JSON.parse(text);
  } catch {
    throw malformed(text.trim() ? "The body is not valid JSON." : "The body is empty; JSON is expected.");
  }
}

function malformed(message: string): AppError {
  return new AppError("malformed_json", message);
}

function refused(message: string): AppError {
  return new AppError("invalid_input", message, { "": message });
}

const forbiddenKeys = new Set(["__proto__", "constructor", "prototype"]);
const quote = 34;
const backslash = 92;

/**
 * One pass over the text before it becomes objects: structure only, JSON.parse judges the grammar afterwards. In an
 * object a string followed by a colon is a key, whatever else is wrong with the text.
 */
function scan(text: string): void {
  const open: (Set<string> | undefined)[] = [];
  let keys = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      const end = endOfString(text, at);
      const value = stringAt(text, at, end);
      const names = open.at(-1);
      if (names && isKey(text, end)) {
        checkKey(value, names, ++keys);
        names.add(value);
      }
      at = end;
    } else if (code === 123 || code === 91) {
      open.push(code === 123 ? new Set() : undefined);
      if (open.length > maxJsonDepth) throw refused(`The body is nested deeper than ${maxJsonDepth}.`);
    } else if (code === 125 || code === 93) open.pop();
  }
}

function checkKey(key: string, names: Set<string>, keysInAll: number): void {
  if (forbiddenKeys.has(key)) throw refused("The body has a key that is not allowed.");
  if (names.has(key)) throw refused("The body has one key twice.");
  if (names.size >= maxJsonKeys || keysInAll > maxJsonKeysInAll) {
    throw refused(`The body has more than ${maxJsonKeys} keys.`);
  }
}

function isKey(text: string, end: number): boolean {
  let at = end + 1;
  while (at < text.length && text.charCodeAt(at) <= 32) at++;
  return text.charCodeAt(at) === 58;
}

/** Index of the closing quote of the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === backslash) slashes++;
    if (slashes % 2 === 0) return at;
  }
  throw malformed("The body is not valid JSON.");
}

function stringAt(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end);
  if (!raw.includes("\\")) return raw;
  let value: string;
  try {
    value = JSON.parse(text.slice(start, end + 1)) as string;
  } catch {
    throw malformed("The body is not valid JSON.");
  }
  if (value.includes("\0") || !value.isWellFormed()) {
    throw refused("The body has a character that cannot be stored (NUL, or half of a surrogate pair).");
  }
  return value;
}
