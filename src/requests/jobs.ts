import { z } from "zod";
import { asOperator, inCompany, type Context, type Platform } from "../context.ts";
import { Id } from "../contract.ts";
import type { JobKind, Queue } from "../platform/queue.ts";
import type { Files } from "../platform/files.ts";
import { forgetAttachments } from "./attachments.ts";
import { forgottenAfterHours } from "./contract-attachments.ts";
import { isMeasured, measuredBy } from "../companies/companies.ts";
import { remeasureNext } from "./remeasure.ts";

const Task = z.object({ companyId: Id });

const Measuring = Task.extend({
  /** Behind which it goes on; default from the first request. */
  after: Id.optional(),
  /** Of the settings by which it began. */
  version: z.int().optional(),
  /** It looks once more for what was being recorded, by the settings before, while everything was measured. */
  again: z.boolean().optional(),
});
type Measuring = z.infer<typeof Measuring>;

/** Hours, holidays or targets changed, maybe for days gone by: what is counted by them is counted anew. */
export const remeasureRequests: JobKind<Measuring> = {
  name: "requests.remeasure",
  payload: Measuring,
  attempts: 5,
};
const againAfterMs = 60_000;

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

/** What main subscribes to {@link settingsEvents}: the job exists when the change commits, and not otherwise. */
export function remeasureLater(queue: Queue) {
  return (ctx: Context) => queue.send(ctx, remeasureRequests, { companyId: ctx.company.id });
}
/** Time zone and holidays change hours. */
export const settingsEvents = ["hours.changed", "targets.changed"] as const;

/**
 * Measures all requests of a company, a transaction per batch. Interrupted, it goes on where it was; begun once more,
 * it finds what was measured already right. Settings that change meanwhile have a job of their own behind it.
 */
export async function remeasureAll(
  { queue, platform }: { queue: Queue; platform: Platform },
  { companyId, after, version, again }: Measuring,
  signal: AbortSignal,
): Promise<void> {
  const within = <T>(work: (ctx: Context) => Promise<T>) =>
    inCompany(platform, companyId, asOperator("remeasure", "system"), work);
  const begun = await within(async (ctx) => ({ version: ctx.company.settingsVersion, done: await isMeasured(ctx) }));
  if (begun.done && !again) return;
  // What lies before the place where it goes on was measured by the settings it began with.
  const by = version ?? begun.version;
  let changed = 0;
  let from = after;
  for (;;) {
    const batch = await within((ctx) => remeasureNext(ctx, from));
    changed += batch.changed;
    from = batch.next;
    if (!from) break;
    if (!signal.aborted) continue;
    const rest = { companyId, after: from, version: by, ...(again ? { again } : {}) };
    await within((ctx) => queue.send(ctx, remeasureRequests, rest));
    return;
  }
  platform.log.info("requests measured anew", { company: companyId, changed });
  if (again) return;
  await within(async (ctx) => {
    await measuredBy(ctx, by);
    await queue.send(ctx, remeasureRequests, { companyId, again: true }, new Date(ctx.now.getTime() + againAfterMs));
  });
}

export function workRequests(queue: Queue, { platform, files }: { platform: Platform; files: Files }): void {
  queue.work(remeasureRequests, (task, { signal }) => remeasureAll({ queue, platform }, task, signal));
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
