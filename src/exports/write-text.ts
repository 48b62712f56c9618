import { createHash, type Hash } from "node:crypto";
import { once } from "node:events";
import type { Writable } from "node:stream";

/** Pieces that are written at once: large enough that a packed stream is given to another thread seldom. */
const pieceLength = 512 * 1024;

/** Collects text and hands it to a stream piece by piece, never more than that stream asks for. */
export class TextSink {
  private readonly stream: Writable;
  private readonly hash: Hash | undefined;
  private pieces: string[] = [];
  private length = 0;

  /** @param options whether a digest will be asked for */
  constructor(stream: Writable, options: { digest: boolean }) {
    this.stream = stream;
    this.hash = options.digest ? createHash("sha256") : undefined;
  }

  /** Resolves at once, but when a piece is full and the stream has enough. */
  async write(text: string): Promise<void> {
    this.pieces.push(text);
    this.length += text.length;
    if (this.length >= pieceLength) await this.flush();
  }

  /** SHA-256 of all that was written so far. */
  async digest(): Promise<string> {
    await this.flush();
    return this.hash!.copy().digest("hex");
  }

  async flush(): Promise<void> {
    if (this.pieces.length === 0) return;
    const bytes = Buffer.from(this.pieces.join(""));
    this.pieces = [];
    this.length = 0;
    this.hash?.update(bytes);
    if (this.stream.errored) throw this.stream.errored;
    if (!this.stream.write(bytes)) await once(this.stream, "drain");
  }
}
