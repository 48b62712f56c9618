/**
 * What the process that opens an export's ZIP file tells its parent: JSON or bare bytes, each after its length (32 bits,
 * little endian) and a byte that says which of both it is.
 */
export type Frame = { json: unknown } | { bytes: Buffer };

/** Bytes; the longest record of a table, with every character escaped, is below. */
const maxFrame = 96 * 1024 * 1024;
const headBytes = 5;
const [isJson, isBytes] = [0, 1] as const;

export function jsonFrame(message: unknown): Buffer {
  return frame(isJson, Buffer.from(JSON.stringify(message)));
}

export function bytesFrame(bytes: Buffer): Buffer {
  return frame(isBytes, bytes);
}

function frame(kind: number, body: Buffer): Buffer {
  const head = Buffer.allocUnsafe(headBytes);
  head.writeUInt32LE(body.length, 0);
  head[4] = kind;
  return Buffer.concat([head, body]);
}

/** Cuts a stream of bytes into frames; holds no more than one frame and one chunk. */
export async function* decodeFrames(stream: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let parts: Buffer[] = [];
  let length = 0;
  let wanted = headBytes;
  for await (const chunk of stream) {
    parts.push(chunk);
    length += chunk.length;
    if (length < wanted) continue;
    let bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts, length);
    wanted = headBytes;
    while (bytes.length >= headBytes) {
      const size = bytes.readUInt32LE(0);
      if (size > maxFrame) throw new Error(`frame of ${size} bytes`);
      wanted = headBytes + size;
      if (bytes.length < wanted) break;
      const body = bytes.subarray(headBytes, wanted);
      yield bytes[4] === isJson ? { json: JSON.parse(body.toString("utf8")) as unknown } : { bytes: body };
      bytes = bytes.subarray(wanted);
      wanted = headBytes;
    }
    parts = bytes.length > 0 ? [bytes] : [];
    length = bytes.length;
  }
}
