import type { Context } from "../context.ts";
import type { Mount } from "../platform/http-routes.ts";
import type { ActEntry } from "./acts.ts";
import {
  addEntry,
  cancelRequest,
  changeRequest,
  confirmRequest,
  createRequest,
  getChoices as getChoicesRoute,
  getRequest as getRequestRoute,
  listEntries as listEntriesRoute,
  listRequests as listRequestsRoute,
  reopenRequest,
  resolveRequest,
  type RequestDetail,
} from "./contract.ts";
import { actOnRequests, getChoices, getRequest, listEntries, listRequests, openRequests } from "./requests.ts";

export function requestRoutes(mount: Mount): void {
  mount(listRequestsRoute, (ctx, { query }) => listRequests(ctx, query));
  mount(getRequestRoute, (ctx, { params }) => getRequest(ctx, params.request));
  mount(listEntriesRoute, (ctx, { params, query }) => listEntries(ctx, params.request, query));
  mount(getChoicesRoute, (ctx) => getChoices(ctx));
  mount(createRequest, async (ctx, { body }) => {
    const [id] = await openRequests(ctx, [body]);
    return getRequest(ctx, id!);
  });

  mount(addEntry, (ctx, input) => act(ctx, input, input.body));
  mount(changeRequest, (ctx, input) => act(ctx, input, { kind: "changed", to: input.body }));
  mount(resolveRequest, (ctx, input) => act(ctx, input, { kind: "resolved", ...input.body }));
  mount(confirmRequest, (ctx, input) => act(ctx, input, { kind: "confirmed", ...input.body }));
  mount(reopenRequest, (ctx, input) => act(ctx, input, { kind: "reopened", ...input.body }));
  mount(cancelRequest, (ctx, input) => act(ctx, input, { kind: "cancelled", ...input.body }));
}

/** One act on one request, then the request as it stands after it. */
async function act(
  ctx: Context,
  input: { params: { request: string }; request: { ifMatch: number | undefined } },
  entry: ActEntry,
): Promise<RequestDetail> {
  const requestId = input.params.request;
  await actOnRequests(ctx, [{ requestId, entry, ifMatch: input.request.ifMatch }]);
  return getRequest(ctx, requestId);
}
