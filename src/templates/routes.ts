import type { Mount } from "../platform/http-routes.ts";
import * as contract from "./contract.ts";
import { addTemplate, changeTemplate, listTemplates, orderTemplates } from "./templates.ts";

export function templateRoutes(mount: Mount): void {
  mount(contract.listTemplates, async (ctx) => ({ items: await listTemplates(ctx) }));
  mount(contract.addTemplate, (ctx, { body }) => addTemplate(ctx, body));
  mount(contract.changeTemplate, (ctx, { params, body, request }) =>
    changeTemplate(ctx, { id: params.template, to: body, ifMatch: request.ifMatch }),
  );
  mount(contract.orderTemplates, async (ctx, { body }) => ({ items: await orderTemplates(ctx, body) }));
}
