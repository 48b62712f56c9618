import { PackedRows, packedRows } from "./read-packed.ts";
import type { ReadWarning, SheetHead } from "./read-rows.ts";

/**
 * What the reading child tells its parent, each message after its length in bytes (32 bits, little endian): JSON, and
 * rows packed by read-packed.ts.
 */
export type ReadMessage =
  | { kind: "head"; head: SheetHead }
  | PackedRows
  | { kind: "end"; rowCount: number; warnings: ReadWarning[] }
  | { kind: "refused"; code: string; message: string };

/** Bytes; a batch of rows is a fraction of it, one enormous row with every character escaped fits in. */
const maxFrame = 32 * 1024 * 1024;

export function encodeFrame(message: object): Buffer {
  if (message instanceof PackedRows) return framed(message.bytes);
  const body = JSON.stringify(message);
  const length = Buffer.byteLength(body);
  const frame = Buffer.allocUnsafe(4 + length);
  frame.writeUInt32LE(length, 0);
  frame.write(body, 4);
  return frame;
}

function framed(body: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(4 + body.length);
  frame.writeUInt32LE(body.length, 0);
  body.copy(frame, 4);
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
      const body = bytes.subarray(4, wanted);
      yield (body[0] === packedRows ? new PackedRows(body) : JSON.parse(body.toString())) as Message;
      bytes = bytes.subarray(wanted);
      wanted = 4;
    }
    parts = bytes.length > 0 ? [bytes] : [];
    length = bytes.length;
  }
}
