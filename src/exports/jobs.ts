import type { Queue } from "../platform/queue.ts";
import { endExport, giveUpExport, processExport, type ExportWorker } from "./make.ts";
import { expireExport, exportGivenUp, forgetExportFile, makeExports } from "./tasks.ts";

/** For the queue to be prepared. */
export const exportJobs = [makeExports, expireExport, forgetExportFile];

/** How many exports one process makes at once: each takes a snapshot, a connection and some 200 MB. */
const atOnce = 2;

/** Has this process make the exports that members ask for. */
export function workExports(queue: Queue, { platform, files }: Omit<ExportWorker, "queue">): void {
  const worker = { platform, files, queue };
  queue.work(makeExports, (task, attempt) => processExport(worker, task, attempt), atOnce);
  queue.work(exportGivenUp, (task) => giveUpExport(worker, task));
  queue.work(expireExport, (task) => endExport(worker, task));
  queue.work(forgetExportFile, ({ key }) => files.deleteFile(key));
}
