import type { Mount } from "../platform/http-routes.ts";
import type { AttachmentTools } from "../requests/requests.ts";
import * as following from "./contract-following.ts";
import * as contract from "./contract.ts";
import {
  actOnFollowed,
  listFollowLinks,
  listReportLinks,
  makeFollowLink,
  makeReportLink,
  readFollowed,
  readReportPage,
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
}
