import { z } from "zod";
import { Id } from "../contract.ts";
import type { JobKind } from "../platform/queue.ts";

/** What the exports ask of the queue; jobs.ts does it. */
const Task = z.object({ companyId: Id, exportId: Id });
const Forgotten = z.object({ companyId: Id, key: z.string() });

export type ExportTask = z.infer<typeof Task>;

export const exportGivenUp: JobKind<ExportTask> = { name: "exports.given-up", payload: Task, attempts: 5 };

export const makeExports: JobKind<ExportTask> = {
  name: "exports.make",
  payload: Task,
  attempts: 3,
  deadLetter: exportGivenUp,
};

/** Its days are over: that it was made stays known, its file goes. */
export const expireExport: JobKind<ExportTask> = { name: "exports.expire", payload: Task, attempts: 5 };

/** Removes a file after the transaction that gave it up. */
export const forgetExportFile: JobKind<z.infer<typeof Forgotten>> = {
  name: "exports.forget-file",
  payload: Forgotten,
  attempts: 5,
};

const ReturnTask = z.object({ companyId: Id, returnId: Id });
export type ReturnTask = z.infer<typeof ReturnTask>;

export const returnGivenUp: JobKind<ReturnTask> = { name: "exports.return-given-up", payload: ReturnTask, attempts: 5 };

/** Brings an export back that a member has uploaded. */
export const bringExportBack: JobKind<ReturnTask> = {
  name: "exports.bring-back",
  payload: ReturnTask,
  attempts: 3,
  deadLetter: returnGivenUp,
};
