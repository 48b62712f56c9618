/**
 * Exports: the front door. A company's whole record goes out in one snapshot, is proven without us, and comes back into
 * a new company as the same ledger.
 */
export { askForExport, cancelExport, getExport, getExportFile, listExports, type ExportTools } from "./asking.ts";
export { bringBack, bringBackFile, type BringBackOptions, type BroughtBack } from "./bring-back.ts";
export { examineExport, type Examined } from "./examine.ts";
export { exportJobs, workExports } from "./jobs.ts";
export {
  admitReturn,
  cancelReturn,
  getReturn,
  listReturns,
  lookAtReturn,
  refuseExport,
  returnExport,
  type ReturnTools,
} from "./return-export.ts";
export { openExport, type ExportFormat, type OpenExport } from "./open-export.ts";
export { exportToFile, type ExportedFile } from "./to-file.ts";
export { verifyExport, type Verified } from "./verify.ts";
