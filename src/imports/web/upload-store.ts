import { useSyncExternalStore } from "react";
import { CallError, upload } from "../../web/call.ts";
import { queryClient } from "../../web/query.ts";
import { t } from "../../web/text/text.ts";
import { notify } from "../../web/ui/notify.ts";
import { type Import, maxFileBytes, type SubjectName, uploadImport } from "../contract.ts";
import { takeFresh } from "./queries.ts";

/** A file on its way to the server. It goes on while other pages are looked at. */
export type Upload =
  | { step: "none" }
  | { step: "sending"; company: string; fileName: string; sent: number; total: number }
  | { step: "done"; company: string; fileName: string; id: string }
  | { step: "refused"; company: string; fileName: string; error: unknown; again?: File };

let current: Upload = { step: "none" };
let stop: AbortController | undefined;
const listeners = new Set<() => void>();

function set(next: Upload): void {
  current = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The upload of this company, if there is one. */
export function useUpload(company: string): Upload {
  const upload = useSyncExternalStore(subscribe, () => current);
  return upload.step !== "none" && upload.company === company ? upload : { step: "none" };
}

/**
 * Sends a file; one at a time. What is plainly wrong with it is said before a byte has left.
 * @param subject what its rows are; default: what its columns say
 */
export async function startUpload(company: string, files: readonly File[], subject?: SubjectName): Promise<void> {
  const [file] = files;
  if (!file || current.step === "sending") return;
  const fileName = file.name;
  const early = files.length > 1 ? "several_files" : file.size > maxFileBytes ? "file_too_large" : undefined;
  if (early) {
    set({ step: "refused", company, fileName, error: new CallError({ status: 422, code: early }) });
    return;
  }
  const control = new AbortController();
  stop = control;
  set({ step: "sending", company, fileName, sent: 0, total: file.size });
  window.addEventListener("beforeunload", askBeforeLeaving);
  try {
    const fresh = (await upload(uploadImport, { params: { company }, query: { fileName, subject } }, file, {
      signal: control.signal,
      onProgress: (sent, total) => set({ step: "sending", company, fileName, sent, total }),
    })) as Import;
    takeFresh(queryClient, company, fresh);
    // Somebody who went to another page is told; the page itself opens what has arrived.
    if (listeners.size === 0) notify({ text: t("imports.uploaded", { file: fileName }) });
    set({ step: "done", company, fileName, id: fresh.id });
  } catch (error) {
    const stopped = error instanceof CallError && error.code === "aborted";
    set(stopped ? { step: "none" } : { step: "refused", company, fileName, error, again: file });
  } finally {
    window.removeEventListener("beforeunload", askBeforeLeaving);
  }
}

/** Stops what is on its way: nothing of it was kept. */
export function stopUpload(): void {
  stop?.abort();
}

export function forgetUpload(): void {
  if (current.step !== "sending") set({ step: "none" });
}

function askBeforeLeaving(event: BeforeUnloadEvent): void {
  event.preventDefault();
}
