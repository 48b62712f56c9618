import { AppError } from "../errors.ts";
import { openArchive, unreadable, type Archive, type Frame } from "./archive.ts";
import { parseNote, type Manifest, type Note } from "./notes.ts";

/** A backup being read, frame after frame, each kind where it is expected. */
export class FrameReader {
  readonly manifest: Manifest;
  readonly size: number;
  private readonly archive: Archive<Note>;
  private readonly frames: AsyncGenerator<Frame<Note>>;
  private ahead: Note | undefined;

  private constructor(archive: Archive<Note>, frames: AsyncGenerator<Frame<Note>>, manifest: Manifest) {
    this.archive = archive;
    this.frames = frames;
    this.manifest = manifest;
    this.size = archive.size;
  }

  /**
   * Opens a backup and reads what it says of itself.
   * @throws AppError file_not_readable, not_a_backup, backup_damaged, backup_format_unknown, wrong_passphrase
   */
  static async open(path: string, passphrase: string): Promise<FrameReader> {
    const archive = await openArchive(path, passphrase, parseKnown);
    try {
      const frames = archive.frames();
      const first = await frames.next();
      const frame = first.done ? undefined : first.value;
      if (!frame || !("note" in frame) || frame.note.note !== "manifest") throw unreadable();
      return new FrameReader(archive, frames, frame.note);
    } catch (error) {
      await archive.close();
      throw error;
    }
  }

  /** The next frame, a note of this kind. */
  async note<Kind extends Note["note"]>(kind: Kind): Promise<Extract<Note, { note: Kind }>> {
    const note = await this.anyNote();
    if (note?.note !== kind) throw unreadable();
    return note as Extract<Note, { note: Kind }>;
  }

  /** The next frame, a note of whatever kind; undefined at the end of the backup. */
  async anyNote(): Promise<Note | undefined> {
    if (this.ahead) {
      const note = this.ahead;
      this.ahead = undefined;
      return note;
    }
    const next = await this.frames.next();
    if (next.done) return undefined;
    if ("data" in next.value) throw unreadable();
    return next.value.note;
  }

  /** All data up to the next note. */
  async *data(): AsyncGenerator<Buffer> {
    for (;;) {
      const next = await this.frames.next();
      if (next.done) return;
      if ("note" in next.value) {
        this.ahead = next.value.note;
        return;
      }
      yield next.value.data;
    }
  }

  close(): Promise<void> {
    return this.archive.close();
  }
}

/** A manifest of a later format is told as such, whatever else it contains. */
function parseKnown(json: unknown): Note {
  const { note, format } = json as { note?: unknown; format?: unknown };
  if (note === "manifest" && typeof format === "number" && format > 1) {
    throw new AppError(
      "backup_format_unknown",
      `The backup has format ${format}, and this Openbook knows format 1. Nothing was changed; restore it with the version of Openbook that made it, or a newer one.`,
    );
  }
  return parseNote(json);
}
