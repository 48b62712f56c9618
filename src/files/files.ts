/** Kept files as a whole: the front door. What lies on the disk and no row names is found and removed. */
export { sweepFiles, type Swept, type SweepInput, type SweepSource } from "./sweep.ts";
export { sweepDaily } from "./jobs.ts";
