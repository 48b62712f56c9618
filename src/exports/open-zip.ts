import { posix } from "node:path";
import { PassThrough, type Readable } from "node:stream";
import { openPromise, type Entry, type ZipFile } from "yauzl";
import { AppError } from "../errors.ts";
import { damaged, notAnExport } from "./rows.ts";

/** An export's ZIP file, looked into before anything is unpacked; parts are found below whatever folder they lie in. */
export interface Archive {
  has(name: string): boolean;
  /** Of all its parts, as they are to be asked for. */
  names(): string[];
  /** Unpacks a part as it is read; fails when more or less comes out than the directory says. */
  stream(name: string): Promise<Readable>;
  close(): void;
}

const maxParts = 1_000_000;
/** Unpacked bytes from which on the ratio is looked at; text packs 3 to 30 times, bombs about 1,000 times. */
const harmlessBytes = 64 * 1024 * 1024;
const maxRatio = 100;

/** @param leading names of parts of which one says in which folder the others lie */
export async function openArchive(path: string, size: number, leading: readonly string[]): Promise<Archive> {
  const zip = await openPromise(path, { autoClose: false, validateEntrySizes: true, lazyEntries: true }).catch(
    (error: unknown) => {
      throw damaged(`It is no whole ZIP file (${wordsOf(error)})`);
    },
  );
  try {
    const entries = await entriesOf(zip, size);
    const lead = [...entries.keys()].find((name) => leading.includes(posix.basename(name)));
    const folder = lead === undefined ? "" : lead.slice(0, lead.length - posix.basename(lead).length);
    return {
      has: (name) => entries.has(folder + name),
      names: () =>
        [...entries.keys()].filter((name) => name.startsWith(folder)).map((name) => name.slice(folder.length)),
      async stream(name) {
        const entry = entries.get(folder + name);
        if (!entry) throw damaged(`${name} is missing in it`);
        const stream = await zip.openReadStreamPromise(entry).catch((error: unknown) => {
          throw damaged(`${name} cannot be unpacked (${wordsOf(error)})`);
        });
        return explained(stream, name);
      },
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error instanceof AppError ? error : damaged(`It is no whole ZIP file (${wordsOf(error)})`);
  }
}

/** What goes wrong while it is unpacked is a fault of the file, and said so. */
function explained(stream: Readable, name: string): Readable {
  const output = new PassThrough({ highWaterMark: 1024 * 1024 });
  stream.once("error", (error) => output.destroy(damaged(`${name} cannot be unpacked (${wordsOf(error)})`)));
  output.once("close", () => stream.destroy());
  return stream.pipe(output);
}

async function entriesOf(zip: ZipFile, size: number): Promise<Map<string, Entry>> {
  if (zip.entryCount > maxParts) throw notAnExport(`it is a ZIP file of ${zip.entryCount} parts`);
  const entries = new Map<string, Entry>();
  let unpacked = 0;
  for await (const entry of zip.eachEntry()) {
    if (entry.isEncrypted()) throw notAnExport("it is a ZIP file that is protected with a password");
    if (entries.has(entry.fileName)) throw damaged(`${entry.fileName} comes twice in it`);
    unpacked += entry.uncompressedSize;
    entries.set(entry.fileName, entry);
  }
  if (unpacked > harmlessBytes && unpacked > size * maxRatio) {
    throw notAnExport("it is packed in a way no export is, and was not opened");
  }
  return entries;
}

function wordsOf(error: unknown): string {
  return String((error as Error)?.message ?? error).slice(0, 200);
}
