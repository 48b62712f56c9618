import type { Mount } from "../platform/http-routes.ts";
import * as contract from "./contract.ts";
import {
  admitReturn,
  askForExport,
  cancelExport,
  examineReturn,
  returnExport,
  getExport,
  getExportFile,
  listExports,
  type ExportTools,
} from "./exports.ts";

export function exportRoutes(mount: Mount, tools: ExportTools): void {
  mount(contract.makeExport, (ctx, { body }) => askForExport(ctx, tools, body));
  mount.upload(
    contract.returnExport,
    {
      maxBytes: contract.maxReturnedBytes,
      admit: admitReturn,
      examine: (file, { params }) => examineReturn(tools, file, params.company),
    },
    (ctx, { file, examined }) => returnExport(ctx, tools, { file, examined }),
  );
  mount(contract.listExports, (ctx, { query }) => listExports(ctx, query));
  mount(contract.getExport, (ctx, { params }) => getExport(ctx, params.export));
  mount(contract.cancelExport, (ctx, { params }) => cancelExport(ctx, tools, params.export));
  mount.file(contract.getExportFile, (ctx, { params }) => getExportFile(ctx, tools, params.export));
}
