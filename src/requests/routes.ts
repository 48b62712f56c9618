import type { Mount } from "../platform/http.ts";
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

  const act =
    (entry: (body: never) => ActEntry) =>
    async (
      ctx: Parameters<typeof actOnRequests>[0],
      input: { params: { request: string }; body: unknown; request: { ifMatch?: number | undefined } },
    ) => {
      const requestId = input.params.request;
      await actOnRequests(ctx, [{ requestId, entry: entry(input.body as never), ifMatch: input.request.ifMatch }]);
      return getRequest(ctx, requestId);
    };
  mount(
    addEntry,
    act((body: ActEntry) => body),
  );
  mount(
    changeRequest,
    act((to) => ({ kind: "changed", to })),
  );
  mount(
    resolveRequest,
    act((body: object) => ({ kind: "resolved", ...body })),
  );
  mount(
    confirmRequest,
    act((body: object) => ({ kind: "confirmed", ...body })),
  );
  mount(
    reopenRequest,
    act((body: object) => ({ kind: "reopened", ...body })),
  );
  mount(
    cancelRequest,
    act((body: object) => ({ kind: "cancelled", ...body })),
  );
}
