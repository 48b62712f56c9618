import { Readable, pipeline } from "node:stream";
import { constants, createZstdCompress, createZstdDecompress } from "node:zlib";
import { AppError } from "../errors.ts";
import { openSealed, seal, type SealedFile } from "./sealed-file.ts";
import type { SealKey } from "./sealed-header.ts";

/**
 * What lies under the seal: one stream of frames, compressed by Zstandard (RFC 8878). A frame is one byte of kind, four
 * bytes of length (big-endian) and its content: a note (JSON: what follows, or what it added up to) or data that
 * belong to the last note.
 */
export type Frame<Note> = { note: Note } | { data: Buffer };

const kinds = { note: 0x4e, data: 0x44 } as const;
const head = 5;
/** More in one frame is no frame of ours. */
const most = 16 * 1024 * 1024;
/**
 * Level 1: of the ledger's rows it leaves a fifth at some 400 MB/s and core, the usual level 3 hardly less at half
 * that speed.
 */
const level = { params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 0 } };

function frameOf(kind: number, content: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(head + content.length);
  frame.writeUInt8(kind);
  frame.writeUInt32BE(content.length, 1);
  content.copy(frame, head);
  return frame;
}

export const noteFrame = (note: object) => frameOf(kinds.note, Buffer.from(JSON.stringify(note)));
export const dataFrame = (data: Buffer) => frameOf(kinds.data, data);

/** Frames as the bytes of a backup. */
export async function* pack(frames: AsyncIterable<Buffer>, key: SealKey): AsyncGenerator<Buffer> {
  const compressed = pipeline(Readable.from(frames), createZstdCompress({ ...level, chunkSize: 256 * 1024 }), ignored);
  yield* seal(compressed as AsyncIterable<Buffer>, key);
}

/** Whoever reads the last of the streams is told of the error of any. */
const ignored = () => {};

export interface Archive<Note> {
  /** Bytes of the file. */
  size: number;
  /**
   * All frames in their order. Only after the last one is it sure that all is there and nothing was added.
   * @throws AppError backup_damaged
   */
  frames(): AsyncGenerator<Frame<Note>>;
  close(): Promise<void>;
}

/**
 * @param parse what a note must be; throws for what is none
 * @throws AppError file_not_readable, not_a_backup, backup_damaged, backup_format_unknown, wrong_passphrase
 */
export async function openArchive<Note>(
  path: string,
  passphrase: string,
  parse: (json: unknown) => Note,
): Promise<Archive<Note>> {
  const file = await openSealed(path, passphrase);
  return { size: file.size, frames: () => unpack(file, parse), close: () => file.close() };
}

async function* unpack<Note>(file: SealedFile, parse: (json: unknown) => Note): AsyncGenerator<Frame<Note>> {
  const expanded = pipeline(Readable.from(file.read()), createZstdDecompress({ chunkSize: 256 * 1024 }), ignored);
  for await (const { kind, content } of framesIn(expanded as AsyncIterable<Buffer>)) {
    if (kind === kinds.data) yield { data: content };
    else yield { note: parseNote(content, parse) };
  }
}

async function* framesIn(bytes: AsyncIterable<Buffer>): AsyncGenerator<{ kind: number; content: Buffer }> {
  let left: Buffer = Buffer.alloc(0);
  try {
    for await (const part of bytes) {
      left = left.length === 0 ? part : Buffer.concat([left, part]);
      let at = 0;
      while (left.length - at >= head) {
        const [kind, length] = [left.readUInt8(at), left.readUInt32BE(at + 1)];
        if ((kind !== kinds.note && kind !== kinds.data) || length > most) throw unreadable();
        if (left.length - at < head + length) break;
        yield { kind, content: left.subarray(at + head, at + head + length) };
        at += head + length;
      }
      left = left.subarray(at);
    }
  } catch (error) {
    throw (error as { code?: string }).code?.startsWith("ZSTD_") ? unreadable() : error;
  }
  if (left.length > 0) throw unreadable();
}

function parseNote<Note>(content: Buffer, parse: (json: unknown) => Note): Note {
  try {
    return parse(JSON.parse(content.toString("utf8")));
  } catch (error) {
    throw error instanceof AppError ? error : unreadable();
  }
}

/** The seal holds, so it was written like this: by another program, or by a mistake of ours. */
export function unreadable(): AppError {
  return new AppError(
    "backup_unreadable",
    "The backup opens, but what it holds is not as this Openbook writes it. Nothing was changed.",
  );
}
