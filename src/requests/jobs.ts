import { z } from "zod";
import { asOperator, inCompany, outsideCompany, type Context, type Platform } from "../context.ts";
import { Id } from "../contract.ts";
import type { JobKind, Queue } from "../platform/queue.ts";
import type { Files } from "../platform/files.ts";
import { forgetAttachments } from "./attachments.ts";
import { forgottenAfterHours } from "./contract-attachments.ts";
import { isMeasured, measuredBy } from "../companies/companies.ts";
import { remeasureNext } from "./remeasure.ts";
import { endGathering, gatherNamed, gatherNext, wantLanguage } from "./search-index.ts";

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

const Gathering = Task.extend({ after: Id.optional() });
const Renaming = Gathering.extend({ ids: z.array(Id) });

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

/** Words of what came by the thousands, and of everything when the language changed. */
export const gatherSearch: JobKind<z.infer<typeof Gathering>> = {
  name: "requests.gather-search",
  payload: Gathering,
  attempts: 5,
};

/** Words of requests whose people or supplier are called otherwise now. */
export const gatherRenamed: JobKind<z.infer<typeof Renaming>> = {
  name: "requests.gather-renamed",
  payload: Renaming,
  attempts: 5,
};

/** For the queue to be prepared. */
export const requestJobs = [remeasureRequests, forgetWaiting, forgetBytes, gatherSearch, gatherRenamed];

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

export const gatheringEvents = ["import.done", "import.undone"] as const;

/** What main subscribes to what brings requests by the thousands. */
export function gatherLater(queue: Queue) {
  return (ctx: Context) => queue.send(ctx, gatherSearch, { companyId: ctx.company.id });
}

export const namingEvents = ["person.renamed", "supplier.renamed"] as const;
const idsAtOnce = 1000;

/** What main subscribes to {@link namingEvents}. */
export function gatherAgain(queue: Queue) {
  return async (ctx: Context, events: readonly { subjectId: string | null }[]) => {
    const ids = events.flatMap(({ subjectId }) => subjectId ?? []);
    for (let from = 0; from < ids.length; from += idsAtOnce) {
      const some = ids.slice(from, from + idsAtOnce);
      await queue.send(ctx, gatherRenamed, { companyId: ctx.company.id, ids: some });
    }
  };
}

/** What main subscribes to `company.changed`: in another language words have other stems. */
export function gatherInLanguage(queue: Queue) {
  return async (ctx: Context) => {
    if (await wantLanguage(ctx)) await queue.send(ctx, gatherSearch, { companyId: ctx.company.id });
  };
}

/** Companies whose words were still missing when the server last stopped, or since a command brought requests. */
export async function gatherMissing({ queue, platform }: { queue: Queue; platform: Platform }): Promise<void> {
  const waiting = await outsideCompany(platform, ({ db }) =>
    db.selectFrom("search_fills").select("company_id").execute(),
  );
  for (const { company_id: companyId } of waiting) {
    await inCompany(platform, companyId, system("search"), (ctx) => queue.send(ctx, gatherSearch, { companyId }));
  }
}
const system = (name: string) => asOperator(name, "system");

/** Gathers the words of a company's requests, a transaction per batch; what is there already is passed over. */
export async function gatherAll(
  { queue, platform }: { queue: Queue; platform: Platform },
  { companyId, after }: z.infer<typeof Gathering>,
  signal: AbortSignal,
): Promise<void> {
  const within = <T>(work: (ctx: Context) => Promise<T>) => inCompany(platform, companyId, system("search"), work);
  let from = after;
  for (;;) {
    from = await within((ctx) => gatherNext(ctx, from));
    if (!from) break;
    if (!signal.aborted) continue;
    return within((ctx) => queue.send(ctx, gatherSearch, { companyId, after: from! }));
  }
  await within(endGathering);
}

async function gatherRenaming(
  { queue, platform }: { queue: Queue; platform: Platform },
  { companyId, ids, after }: z.infer<typeof Renaming>,
  signal: AbortSignal,
): Promise<void> {
  const within = <T>(work: (ctx: Context) => Promise<T>) => inCompany(platform, companyId, system("search"), work);
  let from = after;
  do {
    from = await within((ctx) => gatherNamed(ctx, ids, from));
    if (!from || !signal.aborted) continue;
    return within((ctx) => queue.send(ctx, gatherRenamed, { companyId, ids, after: from! }));
  } while (from);
}

export function workRequests(queue: Queue, { platform, files }: { platform: Platform; files: Files }): void {
  queue.work(remeasureRequests, (task, { signal }) => remeasureAll({ queue, platform }, task, signal));
  queue.work(gatherSearch, (task, { signal }) => gatherAll({ queue, platform }, task, signal));
  queue.work(gatherRenamed, (task, { signal }) => gatherRenaming({ queue, platform }, task, signal));
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
