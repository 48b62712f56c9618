import type { FileHandle } from "node:fs/promises";
import { isUtf16, readAt } from "./read-kinds.ts";

export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";
export interface TextEncoding {
  encoding: Encoding;
  /** Bytes of the byte order mark. */
  skip: number;
  /** Bytes that are no valid UTF-8 in a file that is UTF-8 otherwise; they are read as U+FFFD. */
  damaged: boolean;
  /** No mark and not valid UTF-8: Windows-1252, which Excel writes in the West, is likely but not certain. */
  assumed: boolean;
}

const chunkBytes = 1024 * 1024;

/**
 * Finds the encoding of a text file by its byte order mark, else by its bytes. Reads the whole file once when there is
 * no mark: the first accented letter may stand at its end.
 */
export async function findEncoding(file: FileHandle): Promise<TextEncoding> {
  const head = await readAt(file, 0, 64 * 1024);
  const found = (encoding: Encoding, skip: number): TextEncoding => ({
    encoding,
    skip,
    damaged: false,
    assumed: false,
  });
  const utf16 = isUtf16(head);
  if (utf16) return found(utf16, head[0] === 0xff || head[0] === 0xfe ? 2 : 0);
  const skip = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  if (await isUtf8(file)) return found("utf-8", skip);
  if (skip > 0 || (await isMostlyUtf8(file))) return { ...found("utf-8", skip), damaged: true };
  return { ...found("windows-1252", 0), assumed: true };
}

async function isUtf8(file: FileHandle): Promise<boolean> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const chunk of chunks(file)) decoder.decode(chunk, { stream: true });
    decoder.decode();
    return true;
  } catch {
    return false;
  }
}

/**
 * A few bytes of another encoding, pasted into a UTF-8 file or cut off at its end, do not make it Windows-1252: there,
 * sequences that are valid UTF-8 hardly ever occur.
 */
async function isMostlyUtf8(file: FileHandle): Promise<boolean> {
  let valid = 0;
  let invalid = 0;
  let missing = 0;
  for await (const chunk of chunks(file)) {
    for (const byte of chunk) {
      if (missing > 0 && (byte & 0xc0) === 0x80) {
        missing--;
        if (missing === 0) valid++;
        continue;
      }
      if (missing > 0) invalid++;
      missing = byte < 0xc2 || byte > 0xf4 ? 0 : byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
      if (byte >= 0x80 && missing === 0) invalid++;
    }
  }
  return valid > (invalid + (missing > 0 ? 1 : 0)) * 4;
}

async function* chunks(file: FileHandle): AsyncGenerator<Buffer> {
  for (let position = 0; ;) {
    const chunk = await readAt(file, position, chunkBytes);
    if (chunk.length === 0) return;
    yield chunk;
    position += chunk.length;
  }
}

/** The file's bytes from `skip` on, as UTF-8 whatever they were. `onBytes` hears how far it has been read. */
export async function* utf8Chunks(
  file: FileHandle,
  { encoding, skip }: TextEncoding,
  onBytes: (position: number) => void,
): AsyncGenerator<Buffer> {
  const decoder = encoding === "utf-8" ? undefined : new TextDecoder(encoding, { ignoreBOM: true });
  for (let position = skip; ;) {
    const chunk = await readAt(file, position, chunkBytes / 4);
    position += chunk.length;
    onBytes(position);
    if (chunk.length === 0) break;
    yield decoder ? Buffer.from(decoder.decode(chunk, { stream: true })) : chunk;
  }
  const rest = decoder?.decode();
  if (rest) yield Buffer.from(rest);
}
