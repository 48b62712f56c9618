import { setImmediate } from "node:timers/promises";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { broughtBy, builtOn, withdrawImported, type Brought, type BuiltOn } from "../requests/requests.ts";
import type { DoneImport, OnProgress, Undoing, Undone } from "./subject.ts";

const batchRequests = 500;

/**
 * Takes requests back that an import brought, while nothing was built on them.
 * @throws AppError import_built_on, with how many requests somebody worked on and the numbers of some
 */
export async function undoRequests(ctx: Context, done: DoneImport): Promise<Undoing> {
  const brought = await broughtBy(ctx, done.id);
  const found = await builtOn(ctx, brought);
  if (found.count > 0) throw refusal(found, brought.length);
  return { total: brought.length, run: (onProgress) => withdraw(ctx, done, brought, onProgress) };
}

async function withdraw(
  ctx: Context,
  { id, fileName, actor }: DoneImport,
  brought: readonly Brought[],
  onProgress?: OnProgress,
): Promise<Undone> {
  const undone = { withdrawn: 0, removed: 0, alsoRemoved: 0, restored: 0 };
  for (let at = 0; at < brought.length; at += batchRequests) {
    const batch = brought.slice(at, at + batchRequests);
    const { withdrawn, restored, moved } = await withdrawImported(ctx, { importId: id, fileName, actor, batch });
    // Somebody was faster than the lock: what they wrote must not hang on a request that is not there.
    if (moved > 0) throw refusal(await builtOn(ctx, batch), brought.length);
    undone.withdrawn += withdrawn;
    undone.restored += restored;
    await onProgress?.(at + batch.length);
    await setImmediate();
  }
  return undone;
}

function refusal({ count, examples }: BuiltOn, all: number): AppError {
  const numbers = examples.map((number) => `#${number}`).join(", ");
  const some = count > examples.length ? `, for example ${numbers}` : `: ${numbers}`;
  return new AppError(
    "import_built_on",
    `Of the ${all} ${all === 1 ? "request" : "requests"} of this import, ${count} went on since${some}. Nothing was undone: a whole import can be taken back only while nothing was added to it. A later import of the same rows has to be undone first; single requests can be changed or cancelled.`,
  );
}
