import { CallError, randomKey } from "../../web/call.ts";
import { t } from "../../web/text/text.ts";
import { type Attachment, attachmentLimits, forgottenAfterHours, maxAttachmentBytes } from "../contract-attachments.ts";

/** A file on its way to an entry: being sent, arrived, or refused. */
export interface GivenFile {
  key: string;
  name: string;
  size: number;
  /** Absent when it arrived before the page was left and opened again. */
  file?: File;
  /** Set once it has arrived. */
  attachment?: Attachment;
  /** Bytes that have left. */
  sent: number;
  error?: unknown;
  /** Of a picture that is on this machine: where the page shows it from. */
  preview?: string | undefined;
}

type Send = (
  file: File,
  options: { onProgress: (sent: number) => void; signal: AbortSignal; idempotencyKey: string },
) => Promise<Attachment>;

const atOnce = 2;
/** What a browser shows without asking anybody: the kinds that the server looks for, too. */
const pictures = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const maxPreviewBytes = 12_000_000;

/**
 * The files that were given to one form. Each goes up by itself as soon as it is given, two at a time, and can be taken
 * off or tried again; what has arrived is told to `keep`, so that it is still there when the page is left and opened
 * again.
 */
export class GivenFiles {
  readonly #send: Send;
  readonly #keep: (arrived: Attachment[]) => void;
  readonly #listeners = new Set<() => void>();
  readonly #sending = new Map<string, AbortController>();
  #files: readonly GivenFile[];
  #count = 0;

  constructor(send: Send, kept: readonly Attachment[], keep: (arrived: Attachment[]) => void) {
    this.#send = send;
    this.#keep = keep;
    this.#files = kept.map((attachment) => ({ ...this.#described(attachment), attachment, sent: attachment.size }));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly snapshot = (): readonly GivenFile[] => this.#files;

  readonly add = (files: readonly File[]): void => {
    const given = files.map((file) => ({
      ...this.#described(file),
      file,
      sent: 0,
      error: early(file),
      preview: previewOf(file),
    }));
    const room = attachmentLimits.perEntry - this.#files.length;
    const tooMany = () => refused("too_many_files", t("files.tooMany", { n: attachmentLimits.perEntry }));
    this.#set([...this.#files, ...given.map((one, index) => (index < room ? one : { ...one, error: tooMany() }))]);
    this.#next();
  };

  readonly remove = (key: string): void => {
    this.#sending.get(key)?.abort();
    this.#set(this.#files.filter((one) => one.key !== key || forgetPreview(one)));
    this.#next();
  };

  readonly again = (key: string): void => {
    this.#change(key, { error: undefined, sent: 0 });
    this.#next();
  };

  /** They went with the entry, or are not wanted. */
  readonly clear = (): void => {
    for (const control of this.#sending.values()) control.abort();
    this.#set(this.#files.filter(forgetPreview));
  };

  #described({ name, size }: { name: string; size: number }) {
    return { key: String(++this.#count), name, size };
  }

  #next(): void {
    for (const one of this.#files) {
      if (this.#sending.size >= atOnce) return;
      if (one.file && !one.attachment && !one.error && !this.#sending.has(one.key)) void this.#run(one.key, one.file);
    }
  }

  async #run(key: string, file: File): Promise<void> {
    const control = new AbortController();
    this.#sending.set(key, control);
    const onProgress = (sent: number) => this.#change(key, { sent });
    try {
      const attachment = await this.#send(file, { onProgress, signal: control.signal, idempotencyKey: keyFor(file) });
      // Its name is the one it has here: without signs that cannot be seen.
      this.#change(key, { attachment, name: attachment.name, size: attachment.size, sent: attachment.size });
    } catch (error) {
      if (!control.signal.aborted) this.#change(key, { error });
    } finally {
      this.#sending.delete(key);
      this.#next();
    }
  }

  #change(key: string, part: Partial<GivenFile>): void {
    this.#set(this.#files.map((one) => (one.key === key ? { ...one, ...part } : one)));
  }

  #set(files: readonly GivenFile[]): void {
    const before = arrivedOf(this.#files);
    this.#files = files;
    const arrived = arrivedOf(files);
    if (arrived.length !== before.length || arrived.some((one, index) => one !== before[index])) this.#keep(arrived);
    for (const listener of this.#listeners) listener();
  }
}

/** One key a file: what is sent again after a lost answer is the same upload. */
const keys = new WeakMap<File, string>();
function keyFor(file: File): string {
  const key = keys.get(file) ?? randomKey();
  keys.set(file, key);
  return key;
}

export function arrivedOf(files: readonly GivenFile[]): Attachment[] {
  return files.flatMap(({ attachment }) => attachment ?? []);
}

function previewOf(file: File): string | undefined {
  return pictures.has(file.type) && file.size <= maxPreviewBytes ? URL.createObjectURL(file) : undefined;
}

function forgetPreview({ preview }: GivenFile): false {
  if (preview) URL.revokeObjectURL(preview);
  return false;
}

/** What is plainly wrong with a file is said before a byte has left. */
function early(file: File): CallError | undefined {
  if (file.size > maxAttachmentBytes) return refused("payload_too_large", t("files.tooLarge"));
  if (file.size === 0) return refused("attachment_empty", t("files.empty"));
  return undefined;
}

function refused(code: string, detail: string): CallError {
  return new CallError({ status: 422, code, detail });
}

/** Whether another attempt can end otherwise: the line was cut or the server was busy; a file too large stays so. */
export function mayTryAgain({ file, error }: GivenFile): boolean {
  return file !== undefined && error instanceof CallError && (error.status === 0 || error.status >= 429);
}

/** The server forgets what no entry named within a day: a draft from before that has lost its files. */
export function stillKept(attachments: readonly Attachment[] | undefined, now: number): Attachment[] {
  const since = now - forgottenAfterHours * 3_600_000;
  return (attachments ?? []).filter(({ id }) => Number.parseInt(id.replace("-", "").slice(0, 12), 16) > since);
}
