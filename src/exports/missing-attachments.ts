import type { Archive } from "./open-zip.ts";
import { damaged } from "./rows.ts";

/** What lies beside the record when attachments could not go along: the list of their paths. */
export const missingName = "missing-attachments.json";
const maxMissingBytes = 64 * 1024 * 1024;

/** What an export says of attachments that it is without. @throws AppError export_damaged */
export async function missingIn(archive: Archive): Promise<ReadonlySet<string>> {
  if (!archive.has(missingName)) return new Set();
  const paths = await jsonOf(await archive.stream(missingName));
  // By hand: this runs in a process that should begin at once.
  if (!Array.isArray(paths) || !paths.every((path) => typeof path === "string")) {
    throw damaged(`${missingName} cannot be read`);
  }
  return new Set(paths as string[]);
}

async function jsonOf(stream: AsyncIterable<Buffer>): Promise<unknown> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of stream) {
    length += piece.length;
    if (length > maxMissingBytes) throw damaged(`${missingName} is too long`);
    pieces.push(piece);
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString("utf8"));
  } catch {
    return undefined;
  }
}
