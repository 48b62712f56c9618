import type { Mount } from "../platform/http-routes.ts";
import { listenEvents, shareAttention as shareAttentionRoute } from "./contract.ts";
import { type Live, listen, shareAttention } from "./live.ts";

export function liveRoutes(mount: Mount, { live }: { live: Live }): void {
  mount.stream(listenEvents, (ctx, { query, credentials, lastEventId }) =>
    listen(ctx, { live, credentials, after: lastEventId ?? query.after }),
  );
  const { attentions } = live;
  mount(shareAttentionRoute, (ctx, { params, body }) =>
    shareAttention(ctx, { attentions, requestId: params.request, ...body }),
  );
}
