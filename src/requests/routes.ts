import type { Context } from "../context.ts";
import type { Mount } from "../platform/http-routes.ts";
import type { ActEntry } from "./acts.ts";
import { admitAttachments, getAttachment, keepAttachments, lookAtFile, type AttachmentTools } from "./attachments.ts";
import { openChecked } from "./attachments-check.ts";
import { applyBulk, previewBulk, reverseBulk } from "./bulk.ts";
import * as bulkRoutes from "./contract-bulk.ts";
import * as endings from "./contract-endings.ts";
import { downloadAttachment, isPicture, maxAttachmentBytes, uploadAttachment } from "./contract-attachments.ts";
import { correctEntry as correctEntryRoute, undoEntry as undoEntryRoute } from "./contract-amending.ts";
import { addEntry, cancelRequest, confirmRequest, reopenRequest, resolveRequest } from "./contract-acts.ts";
import * as links from "./contract-links.ts";
import {
  changeRequest,
  createRequest,
  getChoices as getChoicesRoute,
  getRequest as getRequestRoute,
  listEntries as listEntriesRoute,
  listRequests as listRequestsRoute,
  type RequestDetail,
} from "./contract.ts";
import { suggestRequests as suggestRequestsRoute } from "./contract-search.ts";
import { endSupplier, previewEnding, takeBackEnding } from "./endings.ts";
import {
  actOnRequests,
  correctEntry,
  undoEntry,
  getChoices,
  getRequest,
  linkRequests,
  listEntries,
  listRequests,
  mergeRequests,
  openRequests,
  suggestRequests,
} from "./requests.ts";

export function requestRoutes(mount: Mount, tools: AttachmentTools): void {
  mount(listRequestsRoute, (ctx, { query }) => listRequests(ctx, query));
  mount(getRequestRoute, (ctx, { params }) => getRequest(ctx, params.request));
  mount(listEntriesRoute, (ctx, { params, query }) => listEntries(ctx, params.request, query));
  mount(getChoicesRoute, (ctx) => getChoices(ctx));
  mount(suggestRequestsRoute, (ctx, { query }) => suggestRequests(ctx, query));
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
  mount(correctEntryRoute, async (ctx, { params, body, request: { ifMatch } }) => {
    await correctEntry(ctx, { requestId: params.request, seq: params.seq, ...body, ifMatch });
    return getRequest(ctx, params.request);
  });
  mount(undoEntryRoute, async (ctx, { params, request: { ifMatch } }) => {
    await undoEntry(ctx, { requestId: params.request, seq: params.seq, ifMatch });
    return getRequest(ctx, params.request);
  });
  mount(bulkRoutes.previewBulk, (ctx, { body }) => previewBulk(ctx, body));
  mount(bulkRoutes.applyBulk, (ctx, { body }) => applyBulk(ctx, body));
  mount(bulkRoutes.reverseBulk, (ctx, { body }) => reverseBulk(ctx, body));
  attachmentRoutes(mount, tools);
  endingRoutes(mount);
  linkRoutes(mount);
}

function linkRoutes(mount: Mount): void {
  mount(links.linkRequest, async (ctx, { params, body, request: { ifMatch } }) => {
    await linkRequests(ctx, [{ requestId: params.request, relation: body.relation, otherId: body.request, ifMatch }]);
    return getRequest(ctx, params.request);
  });
  mount(links.mergeRequest, async (ctx, { params, body, request: { ifMatch } }) => {
    await mergeRequests(ctx, [{ requestId: params.request, intoId: body.into, ifMatch }]);
    return getRequest(ctx, params.request);
  });
}

function endingRoutes(mount: Mount): void {
  mount(endings.previewEnding, (ctx, { params }) => previewEnding(ctx, params.supplier));
  mount(endings.endSupplier, (ctx, { params, body }) => endSupplier(ctx, { supplierId: params.supplier, to: body.to }));
  mount(endings.takeBackEnding, (ctx, { params }) => takeBackEnding(ctx, params.supplier));
}

function attachmentRoutes(mount: Mount, tools: AttachmentTools): void {
  mount.upload(
    uploadAttachment,
    {
      maxBytes: maxAttachmentBytes,
      admit: (ctx, { declaredBytes }) => admitAttachments(ctx, tools, declaredBytes),
      examine: (file, { query }) => lookAtFile(tools, file, query.fileName),
    },
    async (ctx, { query, file, examined }) => {
      const [kept] = await keepAttachments(ctx, tools, [{ fileName: query.fileName, file, seen: examined }]);
      return kept!;
    },
  );
  mount.file(downloadAttachment, async (ctx, { params }) => {
    const file = await getAttachment(ctx, params.attachment);
    const { name, size, sha256 } = file;
    // What a browser could run or render goes out as mere bytes; only pictures that were looked at keep their type.
    const type = isPicture(file) ? { type: file.type } : {};
    return { fileName: name, ...type, size, etag: `"${sha256}"`, body: () => openChecked(tools.files, file) };
  });
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
