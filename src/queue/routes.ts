import type { Mount } from "../platform/http-routes.ts";
import { getQueue } from "./contract.ts";
import { readQueue } from "./queue.ts";

export function queueRoutes(mount: Mount): void {
  mount.accountOutside(getQueue, (outside, { query }) => readQueue(outside, query));
}
