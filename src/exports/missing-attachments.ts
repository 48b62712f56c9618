import { z } from "zod";
import type { Archive } from "./open-zip.ts";
import { damaged } from "./rows.ts";

/** What lies beside the record when attachments could not go along: the list of their paths. */
export const missingName = "missing-attachments.json";
const maxMissingBytes = 64 * 1024 * 1024;

/** What an export says of attachments that it is without. @throws AppError export_damaged */
export async function missingIn(archive: Archive): Promise<ReadonlySet<string>> {
  if (!archive.has(missingName)) return new Set();
  const paths = z.array(z.string()).safeParse(await jsonOf(await archive.stream(missingName)));
  if (!paths.success) throw damaged(`${missingName} cannot be read`);
  return new Set(paths.data);
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
