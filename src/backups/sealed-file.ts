import { createCipheriv, createDecipheriv } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";
import { AppError } from "../errors.ts";
import { headerBytes, keyOf, type SealKey } from "./sealed-header.ts";

/**
 * A stream of bytes under one key, in chunks: the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) in the
 * shape that age gave it. Each chunk is sealed by ChaCha20-Poly1305 with a nonce of 11 bytes counter and one byte that
 * is 1 for the last chunk and 0 for all others; the header is its associated data. So a chunk that was changed, cut
 * off, left out, repeated, moved or taken from another file is never accepted, and nothing of it is given out.
 * The last chunk may be shorter and is never empty, except of an empty stream.
 */
const algorithm = "chacha20-poly1305";
const tagBytes = 16;
const options = { authTagLength: tagBytes } as const;

function nonceOf(counter: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(counter), 3);
  nonce.writeUInt8(last ? 1 : 0, 11);
  return nonce;
}

/** The header, then the sealed chunks of what comes in. */
export async function* seal(plain: AsyncIterable<Buffer>, key: SealKey): AsyncGenerator<Buffer> {
  yield key.header;
  let counter = 0;
  let held: Buffer[] = [];
  let size = 0;
  const sealed = (bytes: Buffer, last: boolean) => {
    const cipher = createCipheriv(algorithm, key.chunkKey, nonceOf(counter++, last), options);
    cipher.setAAD(key.header, { plaintextLength: bytes.length });
    return Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  };
  for await (const part of plain) {
    held.push(part);
    size += part.length;
    // One byte more than a chunk: only then it is known not to be the last.
    while (size > key.chunkBytes) {
      const all = held.length === 1 ? held[0]! : Buffer.concat(held);
      yield sealed(all.subarray(0, key.chunkBytes), false);
      held = [all.subarray(key.chunkBytes)];
      size -= key.chunkBytes;
    }
  }
  yield sealed(Buffer.concat(held), true);
}

export interface SealedFile {
  size: number;
  /** The bytes that were sealed; none of a chunk that is not exactly as it was written. @throws AppError backup_damaged */
  read(): AsyncGenerator<Buffer>;
  close(): Promise<void>;
}

/** @throws AppError file_not_readable, not_a_backup, backup_damaged, backup_format_unknown, wrong_passphrase */
export async function openSealed(path: string, passphrase: string): Promise<SealedFile> {
  const file = await openFile(path);
  try {
    const { size } = await file.stat();
    const header = Buffer.alloc(Math.min(size, headerBytes));
    await fill(file, header, 0);
    const key = await keyOf(header, passphrase);
    return { size, read: () => unseal(file, size, key), close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    const file = await open(path, "r");
    if ((await file.stat()).isFile()) return file;
    await file.close();
    throw Object.assign(new Error("it is no file"), { code: "no file" });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new AppError("file_not_readable", `${path} cannot be read (${code ?? message}). Nothing was changed.`);
  }
}

async function* unseal(file: FileHandle, size: number, key: SealKey): AsyncGenerator<Buffer> {
  const whole = key.chunkBytes + tagBytes;
  let at = headerBytes;
  for (let counter = 0; ; counter++) {
    const length = Math.min(whole, size - at);
    const last = at + length === size;
    const chunk = Buffer.allocUnsafe(Math.max(length, 0));
    await fill(file, chunk, at);
    const plain = length < tagBytes ? undefined : unsealed(chunk, key, counter, last);
    if (!plain) throw damaged(chunk, key, counter, { at, size, last });
    yield plain;
    if (last) return;
    at += length;
  }
}

function unsealed(chunk: Buffer, key: SealKey, counter: number, last: boolean): Buffer | undefined {
  const bytes = chunk.subarray(0, chunk.length - tagBytes);
  const decipher = createDecipheriv(algorithm, key.chunkKey, nonceOf(counter, last), options);
  decipher.setAAD(key.header, { plaintextLength: bytes.length });
  decipher.setAuthTag(chunk.subarray(chunk.length - tagBytes));
  try {
    const plain = decipher.update(bytes);
    decipher.final();
    return plain;
  } catch {
    return undefined;
  }
}

/** A chunk that is whole, but not the last one where the file ends: then it was cut just there. */
function damaged(
  chunk: Buffer,
  key: SealKey,
  counter: number,
  where: { at: number; size: number; last: boolean },
): AppError {
  const { at, size, last } = where;
  const cut = last && (chunk.length < tagBytes || unsealed(chunk, key, counter, false) !== undefined);
  const ends = last ? " It may also have been cut short: the file ends in this part." : "";
  const words = cut
    ? `The backup was cut short: it ends after ${size} bytes, and more was written.`
    : `The backup is damaged between byte ${at} and byte ${at + chunk.length} of ${size}.${ends}`;
  return new AppError("backup_damaged", `${words} Nothing was changed; take another copy of it.`);
}

async function fill(file: FileHandle, buffer: Buffer, position: number): Promise<void> {
  for (let done = 0; done < buffer.length;) {
    const { bytesRead } = await file.read(buffer, done, buffer.length - done, position + done);
    if (bytesRead === 0) {
      throw new AppError("backup_damaged", "The file became shorter while it was read. Nothing was changed.");
    }
    done += bytesRead;
  }
}
