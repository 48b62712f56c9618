/** What somebody with an account does about the requests they reported themselves, whatever else their role may do. */
import type { Context } from "../context.ts";
import { AppError, notFound } from "../errors.ts";
import { getAsset } from "../assets/assets.ts";
import { actOnRequests, getRequest, listRequests, openRequests } from "../requests/requests.ts";
import type { Followed } from "./contract-following.ts";
import type { OwnRequest } from "./contract-own.ts";
import { actsOn, presentFollowed } from "./following.ts";
import { wordsOf } from "./sending.ts";

/** The person whose requests are theirs. @throws AppError not_found: the operator and the system report nothing */
function personOf({ actor }: Context): { id: string; name: string } {
  if (actor.kind !== "member") throw notFound();
  return { id: actor.personId, name: actor.name };
}

/** What the caller reported, the latest first. @throws AppError invalid_input for a cursor that is none of ours */
export async function listOwnRequests(
  ctx: Context,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ items: OwnRequest[]; next?: string | undefined }> {
  const { id } = personOf(ctx);
  const { items, next } = await listRequests(ctx, { limit, cursor, sort: "reported", reporter: id });
  return {
    items: items.map((one) => ({
      id: one.id,
      number: one.number,
      subject: one.subject,
      state: one.state,
      outcome: one.outcome,
      supplier: one.supplier?.name ?? null,
      promise: one.promise,
      waitingOn: one.waitingOn,
      waitingReason: one.waitingReason,
      reportedAt: one.reportedAt,
    })),
    next,
  };
}

/** @throws AppError not_found: none, withdrawn, or somebody else's */
async function ownRequest(ctx: Context, requestId: string) {
  const request = await getRequest(ctx, requestId);
  if (request.withdrawn || request.reporter?.id !== personOf(ctx).id) throw notFound();
  return request;
}

/** As whoever holds its follow link would see it. @throws AppError not_found */
export async function readOwnRequest(ctx: Context, { requestId }: { requestId: string }): Promise<Followed> {
  const { id, name } = personOf(ctx);
  return presentFollowed(ctx, await ownRequest(ctx, requestId), { person_id: id, name });
}

export interface OwnReport {
  text: string;
  /** Of the label that was read; one that is gone is left out. */
  assetId?: string | undefined;
  attachmentIds?: string[] | undefined;
}

/** Opens a request that the caller reports now. @throws AppError invalid_input for a file that is not theirs */
export async function reportOwn(ctx: Context, input: OwnReport): Promise<{ id: string; number: number }> {
  const { id: personId } = personOf(ctx);
  const [id] = await openRequests(ctx, [
    {
      ...wordsOf(input.text),
      channel: "web",
      reporter: { id: personId },
      assetId: await knownAsset(ctx, input.assetId),
      attachmentIds: input.attachmentIds ?? [],
    },
  ]);
  const { number } = await getRequest(ctx, id!);
  return { id: id!, number };
}

async function knownAsset(ctx: Context, id: string | undefined): Promise<string | undefined> {
  if (id === undefined) return undefined;
  try {
    return (await getAsset(ctx, id)).id;
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return undefined;
    throw error;
  }
}

/**
 * Adds a word, confirms, or reopens, in the caller's own name.
 * @throws AppError not_found · invalid_input: nothing was said · what the request's state forbids
 */
export async function actOnOwn(
  ctx: Context,
  input: { requestId: string; kind: "message" | "confirmed" | "reopened"; text?: string | undefined },
): Promise<Followed> {
  const { requestId, kind, text } = input;
  const request = await ownRequest(ctx, requestId);
  if (kind !== "confirmed" && !text) {
    throw new AppError("invalid_input", "There is nothing in it. Write a word and send it again.", {
      text: "Write something.",
    });
  }
  const { id, name } = personOf(ctx);
  const on = await actsOn(ctx, kind, request, { person_id: id, name });
  await actOnRequests(ctx, [{ requestId: on, entry: { kind, text, by: { party: "company", personId: id } } }]);
  return readOwnRequest(ctx, { requestId });
}
