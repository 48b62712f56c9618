import { z } from "zod";
import { Id } from "../contract.ts";
import type { JobKind } from "../platform/queue.ts";

/** What the imports ask of the queue; jobs.ts does it. */

const Task = z.object({ companyId: Id, importId: Id, changedAt: z.iso.datetime() });
const Forgotten = z.object({ companyId: Id, keys: z.array(z.string()).max(2) });

/** Which work is meant: that of a person's act at this moment; a later act makes it void. */
export type ImportTask = z.infer<typeof Task>;

export const givenUp: JobKind<ImportTask> = { name: "imports.given-up", payload: Task, attempts: 5 };

/** Tries a file out, brings it in, or takes it back. */
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
