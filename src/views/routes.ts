import type { Mount } from "../platform/http-routes.ts";
import * as contract from "./contract.ts";
import { changeView, listViews, removeView, restoreView, saveView } from "./views.ts";

export function viewRoutes(mount: Mount): void {
  mount(contract.listViews, async (ctx) => ({ items: await listViews(ctx) }));
  mount(contract.saveView, (ctx, { body }) => saveView(ctx, body));
  mount(contract.changeView, (ctx, { params, body, request }) =>
    changeView(ctx, { ...body, id: params.view, ifMatch: request.ifMatch }),
  );
  mount(contract.removeView, (ctx, { params, request }) =>
    removeView(ctx, { id: params.view, ifMatch: request.ifMatch }),
  );
  mount(contract.restoreView, (ctx, { params }) => restoreView(ctx, { id: params.view }));
}
