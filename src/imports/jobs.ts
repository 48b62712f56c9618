import type { Queue } from "../platform/queue.ts";
import { giveUpImport, processImport, type ImportWorker } from "./run-job.ts";
import { forgetFiles, givenUp, processImports } from "./tasks.ts";

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
