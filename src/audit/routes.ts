import type { Mount } from "../platform/http-routes.ts";
import { listAuditEntries } from "./audit.ts";
import * as contract from "./contract.ts";

export function auditRoutes(mount: Mount): void {
  mount(contract.listAuditEntries, (ctx, { query }) => listAuditEntries(ctx, query));
}
