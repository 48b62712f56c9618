import { PassThrough, type Readable, type Writable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";

/**
 * A ZIP file written as it grows, part after part; packed in another thread, ZIP64 where it must be. yazl and not what
 * Node brings: that is experimental still.
 */
export class ZipWriter {
  private readonly zip = new ZipFile();
  private readonly written: Promise<void>;
  private failed: unknown;

  /** Writes to `output` and ends it. */
  constructor(output: Writable) {
    this.written = pipeline(this.zip.outputStream, output);
    this.written.catch((error: unknown) => (this.failed ??= error));
    this.zip.on("error", (error) => {
      this.failed ??= error;
      (this.zip.outputStream as Readable).destroy(error as Error);
    });
  }

  /** A part to be written to and ended; the next one waits for it. */
  part(name: string, options: { pack: boolean } = { pack: true }): Writable {
    const part = new PassThrough({ highWaterMark: 2 * 1024 * 1024 });
    this.written.catch((error: unknown) => part.destroy(error as Error));
    part.on("error", () => {});
    // Digests do not get smaller by trying harder.
    this.zip.addReadStream(part, name, { compress: options.pack, ...(options.pack ? { compressionLevel: 1 } : {}) });
    return part;
  }

  /** A part whose bytes are there already. */
  async file(name: string, stream: Readable, options: { pack: boolean }): Promise<void> {
    const part = this.part(name, options);
    await pipeline(stream, part);
    await finished(part, { writable: false }).catch(() => {});
    if (this.failed) throw this.failed;
  }

  async end(): Promise<void> {
    this.zip.end();
    await this.written;
  }

  /** Gives it up: nothing waits for the rest. */
  abort(): void {
    (this.zip.outputStream as Readable).destroy();
  }
}
