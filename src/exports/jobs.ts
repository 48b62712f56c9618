import type { Queue } from "../platform/queue.ts";
import { endExport, giveUpExport, processExport, type ExportWorker } from "./make.ts";
import { giveUpReturn, processReturn, type ReturnWorker } from "./return-work.ts";
import { bringExportBack, expireExport, exportGivenUp, forgetExportFile, makeExports, returnGivenUp } from "./tasks.ts";

/** For the queue to be prepared. */
export const exportJobs = [makeExports, expireExport, forgetExportFile, bringExportBack];

/** How many exports one process makes at once: each takes a snapshot, a connection and some 200 MB. */
const atOnce = 2;

/** Has this process make the exports that members ask for, and bring back those that they upload, one at a time. */
export function workExports(queue: Queue, tools: Omit<ReturnWorker, "queue">): void {
  const worker: ExportWorker & ReturnWorker = { ...tools, queue };
  const { files } = tools;
  queue.work(makeExports, (task, attempt) => processExport(worker, task, attempt), atOnce);
  queue.work(exportGivenUp, (task) => giveUpExport(worker, task));
  queue.work(expireExport, (task) => endExport(worker, task));
  queue.work(forgetExportFile, ({ key }) => files.deleteFile(key));
  queue.work(bringExportBack, (task, attempt) => processReturn(worker, task, attempt));
  queue.work(returnGivenUp, (task) => giveUpReturn(worker, task));
}
