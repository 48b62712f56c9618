import type { Mount } from "../platform/http-routes.ts";
import * as contract from "./contract.ts";
import * as returns from "./contract-returns.ts";
import {
  admitReturn,
  askForExport,
  cancelExport,
  cancelReturn,
  getExport,
  getExportFile,
  getReturn,
  listExports,
  listReturns,
  lookAtReturn,
  returnExport,
  type ExportTools,
} from "./exports.ts";

export function exportRoutes(mount: Mount, tools: ExportTools): void {
  mount(contract.makeExport, (ctx, { body }) => askForExport(ctx, tools, body));
  mount.upload(
    returns.returnExport,
    { maxBytes: returns.maxReturnedBytes, admit: admitReturn, examine: (file) => lookAtReturn(tools, file) },
    (ctx, { file, query, examined }) =>
      returnExport(ctx, tools, { file, fileName: query.fileName, manifest: examined }),
  );
  mount(returns.listReturns, (ctx, { query }) => listReturns(ctx, query));
  mount(returns.getReturn, (ctx, { params }) => getReturn(ctx, params.return));
  mount(returns.cancelReturn, (ctx, { params }) => cancelReturn(ctx, tools, params.return));
  mount(contract.listExports, (ctx, { query }) => listExports(ctx, query));
  mount(contract.getExport, (ctx, { params }) => getExport(ctx, params.export));
  mount(contract.cancelExport, (ctx, { params }) => cancelExport(ctx, tools, params.export));
  mount.file(contract.getExportFile, (ctx, { params }) => getExportFile(ctx, tools, params.export));
}
