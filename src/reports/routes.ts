import type { Mount } from "../platform/http-routes.ts";
import * as contract from "./contract.ts";
import { listReportLinks, makeReportLink, readReportPage, revokeReportLink, sendReport } from "./reports.ts";

export function reportRoutes(mount: Mount): void {
  mount(contract.listReportLinks, async (ctx) => ({ items: await listReportLinks(ctx) }));
  mount(contract.makeReportLink, (ctx, { body }) => makeReportLink(ctx, body));
  mount(contract.revokeReportLink, (ctx, { params }) => revokeReportLink(ctx, { id: params.reportLink }));
  mount.public(contract.readReportPage, ({ platform }, { body, request: { network } }) =>
    readReportPage(platform, { ...body, network }),
  );
  mount.public(contract.sendReport, ({ platform }, { body, request: { network } }) =>
    sendReport(platform, { ...body, network }),
  );
}
