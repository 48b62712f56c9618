import type { Mount } from "../platform/http-routes.ts";
import { listenEvents } from "./contract.ts";
import { type Live, listen } from "./live.ts";

export function liveRoutes(mount: Mount, { live }: { live: Live }): void {
  mount.stream(listenEvents, (ctx, { query, credentials, lastEventId }) =>
    listen(ctx, { live, credentials, after: lastEventId ?? query.after }),
  );
}
