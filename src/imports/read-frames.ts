import type { ReadWarning, SheetHead, SheetRow } from "./read-rows.ts";

/** What the reading child tells its parent: JSON, each message after its length in bytes (32 bits, little endian). */
export type ReadMessage =
  | { kind: "head"; head: SheetHead }
  /** `share`: how much of the file has been read, 0 to 1. */
  | { kind: "rows"; rows: SheetRow[]; share: number }
  | { kind: "end"; rowCount: number; warnings: ReadWarning[] }
  | { kind: "refused"; code: string; message: string };

/** Bytes; a batch of rows is a fraction of it, one enormous row with every character escaped fits in. */
const maxFrame = 32 * 1024 * 1024;

export function encodeFrame(message: object): Buffer {
  const body = JSON.stringify(message);
  const length = Buffer.byteLength(body);
  const frame = Buffer.allocUnsafe(4 + length);
  frame.writeUInt32LE(length, 0);
  frame.write(body, 4);
  return frame;
}

/** Cuts a stream of bytes into messages; holds no more than one message and one chunk. */
export async function* decodeFrames<Message = ReadMessage>(stream: AsyncIterable<Buffer>): AsyncGenerator<Message> {
  let parts: Buffer[] = [];
  let length = 0;
  let wanted = 4;
  for await (const chunk of stream) {
    parts.push(chunk);
    length += chunk.length;
    if (length < wanted) continue;
    let bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts, length);
    while (bytes.length >= 4) {
      const size = bytes.readUInt32LE(0);
      if (size > maxFrame) throw new Error(`frame of ${size} bytes`);
      wanted = 4 + size;
      if (bytes.length < wanted) break;
      yield JSON.parse(bytes.toString("utf8", 4, wanted)) as Message;
      bytes = bytes.subarray(wanted);
      wanted = 4;
    }
    parts = bytes.length > 0 ? [bytes] : [];
    length = bytes.length;
  }
}
