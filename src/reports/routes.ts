import type { Mount } from "../platform/http-routes.ts";
import { admitAttachments, keepAttachments, type AttachmentTools } from "../requests/requests.ts";
import * as following from "./contract-following.ts";
import * as own from "./contract-own.ts";
import * as contract from "./contract.ts";
import { lookAtPhoto } from "./photo.ts";
import {
  actOnFollowed,
  actOnOwn,
  listFollowLinks,
  listOwnRequests,
  listReportLinks,
  makeFollowLink,
  makeReportLink,
  readFollowed,
  readOwnRequest,
  readReportPage,
  reportOwn,
  revokeFollowLink,
  revokeReportLink,
  sendReport,
} from "./reports.ts";

export function reportRoutes(mount: Mount, tools: AttachmentTools): void {
  mount(contract.listReportLinks, async (ctx) => ({ items: await listReportLinks(ctx) }));
  mount(contract.makeReportLink, (ctx, { body }) => makeReportLink(ctx, body));
  mount(contract.revokeReportLink, (ctx, { params }) => revokeReportLink(ctx, { id: params.reportLink }));
  mount.public(contract.readReportPage, ({ platform }, { body, request: { network } }) =>
    readReportPage(platform, { ...body, network }),
  );
  mount.public(contract.sendReport, ({ platform }, { body, request: { network } }) =>
    sendReport(platform, tools, { ...body, network }),
  );

  mount(following.listFollowLinks, async (ctx, { params }) => ({
    items: await listFollowLinks(ctx, { requestId: params.request }),
  }));
  mount(following.makeFollowLink, (ctx, { params }) => makeFollowLink(ctx, { requestId: params.request }));
  mount(following.revokeFollowLink, (ctx, { params }) =>
    revokeFollowLink(ctx, { requestId: params.request, id: params.followLink }),
  );
  mount.public(following.readFollowed, ({ platform }, { body, request: { network } }) =>
    readFollowed(platform, { ...body, network }),
  );
  mount.public(following.actOnFollowed, ({ platform }, { body, request: { network } }) =>
    actOnFollowed(platform, { ...body, network }),
  );
  ownRoutes(mount, tools);
}

function ownRoutes(mount: Mount, tools: AttachmentTools): void {
  mount(own.listOwnRequests, (ctx, { query }) => listOwnRequests(ctx, query));
  mount(own.readOwnRequest, (ctx, { params }) => readOwnRequest(ctx, { requestId: params.request }));
  mount(own.reportOwn, (ctx, { body }) => reportOwn(ctx, body));
  mount(own.actOnOwn, (ctx, { params, body }) => actOnOwn(ctx, { ...body, requestId: params.request }));
  mount.upload(
    own.uploadOwnPhoto,
    {
      maxBytes: contract.maxPhotoBytes,
      admit: (ctx, { declaredBytes }) => admitAttachments(ctx, tools, declaredBytes),
      examine: (file) => lookAtPhoto(tools, file),
    },
    async (ctx, { file, examined: { fileName, seen } }) =>
      (await keepAttachments(ctx, tools, [{ fileName, file, seen }]))[0]!,
  );
}
