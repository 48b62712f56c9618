import type { Mount } from "../platform/http-routes.ts";
import * as contract from "./contract.ts";
import {
  admitReturn,
  askForExport,
  cancelExport,
  examineReturn,
  releaseReturn,
  returnExport,
  getExport,
  getExportFile,
  listExports,
  type ExportTools,
  type ReturnTools,
} from "./exports.ts";

export function exportRoutes(mount: Mount, tools: ExportTools & ReturnTools): void {
  mount(contract.makeExport, (ctx, { body }) => askForExport(ctx, tools, body));
  mount.upload(
    contract.returnExport,
    {
      maxBytes: contract.maxReturnedBytes,
      admit: admitReturn,
      examine: (file, { params }) => examineReturn(tools, file, params.company),
      release: (examined, used) => releaseReturn(tools, examined, used),
    },
    (ctx, { file, examined }) => returnExport(ctx, tools, { file, examined }),
  );
  mount(contract.listExports, (ctx, { query }) => listExports(ctx, query));
  mount(contract.getExport, (ctx, { params }) => getExport(ctx, params.export));
  mount(contract.cancelExport, (ctx, { params }) => cancelExport(ctx, tools, params.export));
  mount.file(contract.getExportFile, (ctx, { params }) => getExportFile(ctx, tools, params.export));
}
