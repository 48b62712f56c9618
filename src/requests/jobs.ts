import { z } from "zod";
import { asOperator, inCompany, type Context, type Platform } from "../context.ts";
import { Id } from "../contract.ts";
import type { JobKind, Queue } from "../platform/queue.ts";
import { remeasure } from "./remeasure.ts";

const Task = z.object({ companyId: Id });

/** Business hours changed, maybe for days gone by: the minutes of all requests are measured anew. */
export const remeasureRequests: JobKind<z.infer<typeof Task>> = {
  name: "requests.remeasure",
  payload: Task,
  attempts: 5,
};

/** For the queue to be prepared. */
export const requestJobs = [remeasureRequests];

/** What main subscribes to `hours.changed`: the job exists when the change commits, and not otherwise. */
export function remeasureLater(queue: Queue) {
  return (ctx: Context) => queue.send(ctx, remeasureRequests, { companyId: ctx.company.id });
}

export function workRequests(queue: Queue, platform: Platform): void {
  queue.work(remeasureRequests, async ({ companyId }) => {
    const changed = await inCompany(platform, companyId, asOperator("remeasure", "system"), remeasure);
    platform.log.info("requests measured anew", { company: companyId, changed });
  });
}
