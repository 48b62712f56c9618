import { z } from "zod";
import { Id } from "../contract.ts";
import type { JobKind, Queue } from "../platform/queue.ts";
import { giveUpImport, processImport, type ImportTask, type ImportWorker } from "./run-job.ts";

const Task = z.object({ companyId: Id, importId: Id, changedAt: z.iso.datetime() });
const Forgotten = z.object({ companyId: Id, keys: z.array(z.string()).max(2) });

const givenUp: JobKind<ImportTask> = { name: "imports.given-up", payload: Task, attempts: 5 };

/** Tries a file out, or brings it in. */
export const processImports: JobKind<ImportTask> = {
  name: "imports.process",
  payload: Task,
  attempts: 3,
  deadLetter: givenUp,
};

/** Removes the files of an import that is no more: after the transaction that removed it. */
export const forgetFiles: JobKind<z.infer<typeof Forgotten>> = {
  name: "imports.forget-files",
  payload: Forgotten,
  attempts: 5,
};

/** For the queue to be prepared. */
export const importJobs = [processImports, forgetFiles];

/** Has this process do the imports' work, one file at a time: a file of 300,000 rows takes some 200 MB. */
export function workImports(queue: Queue, worker: ImportWorker): void {
  queue.work(processImports, (task, attempt) => processImport(worker, task, attempt));
  queue.work(givenUp, (task) => giveUpImport(worker, task));
  queue.work(forgetFiles, async ({ keys }) => {
    for (const key of keys) await worker.files.deleteFile(key);
  });
}
