import type { Mount } from "../platform/http-routes.ts";
import { addAssets, changeAssets, endAssets, getAsset, listAssetHistory, listAssets, resumeAssets } from "./assets.ts";
import * as contract from "./contract.ts";

export function assetRoutes(mount: Mount): void {
  mount(contract.listAssets, (ctx, { query }) => listAssets(ctx, query));
  mount(contract.getAsset, (ctx, { params }) => getAsset(ctx, params.asset));
  mount(contract.listAssetHistory, (ctx, { params }) => listAssetHistory(ctx, params.asset));
  mount(contract.addAsset, async (ctx, { body }) => {
    const [id] = await addAssets(ctx, [body]);
    return getAsset(ctx, id!);
  });
  mount(contract.changeAsset, async (ctx, { params, body, request }) => {
    await changeAssets(ctx, [{ id: params.asset, to: body, ifMatch: request.ifMatch }]);
    return getAsset(ctx, params.asset);
  });
  mount(contract.endAsset, async (ctx, { params, request }) => {
    await endAssets(ctx, [{ id: params.asset, ifMatch: request.ifMatch }]);
    return getAsset(ctx, params.asset);
  });
  mount(contract.resumeAsset, async (ctx, { params, request }) => {
    await resumeAssets(ctx, [{ id: params.asset, ifMatch: request.ifMatch }]);
    return getAsset(ctx, params.asset);
  });
}
