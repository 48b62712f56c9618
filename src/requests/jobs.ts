import { z } from "zod";
import { asOperator, inCompany, type Context, type Platform } from "../context.ts";
import { Id } from "../contract.ts";
import type { JobKind, Queue } from "../platform/queue.ts";
import type { Files } from "../platform/files.ts";
import { forgetAttachments } from "./attachments.ts";
import { forgottenAfterHours } from "./contract-attachments.ts";
import { remeasure } from "./remeasure.ts";

const Task = z.object({ companyId: Id });

/** Business hours changed, maybe for days gone by: the minutes of all requests are measured anew. */
export const remeasureRequests: JobKind<z.infer<typeof Task>> = {
  name: "requests.remeasure",
  payload: Task,
  attempts: 5,
};

/** Files that went up a day ago and belong to no entry are forgotten: their rows first, then their bytes. */
export const forgetWaiting: JobKind<z.infer<typeof Task>> = {
  name: "requests.forget-attachments",
  payload: Task,
  attempts: 5,
};
const Forgotten = z.object({ companyId: Id, keys: z.array(z.string()) });
export const forgetBytes: JobKind<z.infer<typeof Forgotten>> = {
  name: "requests.forget-attachment-files",
  payload: Forgotten,
  attempts: 5,
};

/** For the queue to be prepared. */
export const requestJobs = [remeasureRequests, forgetWaiting, forgetBytes];

/** What main subscribes to `attachment.uploaded`. */
export function forgetLater(queue: Queue) {
  return (ctx: Context) => {
    const then = new Date(ctx.now.getTime() + forgottenAfterHours * 3_600_000);
    return queue.send(ctx, forgetWaiting, { companyId: ctx.company.id }, then);
  };
}

/** What main subscribes to `hours.changed`: the job exists when the change commits, and not otherwise. */
export function remeasureLater(queue: Queue) {
  return (ctx: Context) => queue.send(ctx, remeasureRequests, { companyId: ctx.company.id });
}

export function workRequests(queue: Queue, { platform, files }: { platform: Platform; files: Files }): void {
  queue.work(remeasureRequests, async ({ companyId }) => {
    const changed = await inCompany(platform, companyId, asOperator("remeasure", "system"), remeasure);
    platform.log.info("requests measured anew", { company: companyId, changed });
  });
  queue.work(forgetWaiting, ({ companyId }) =>
    inCompany(platform, companyId, asOperator("attachments", "system"), async (ctx) => {
      const keys = await forgetAttachments(ctx);
      if (keys.length > 0) await queue.send(ctx, forgetBytes, { companyId, keys });
    }),
  );
  queue.work(forgetBytes, async ({ keys }) => {
    for (const key of keys) await files.deleteFile(key);
  });
}
