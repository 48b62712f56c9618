import type { Mount } from "../platform/http-routes.ts";
import { getFigures, getOverview, getPicture } from "./contract.ts";
import { figuresByCall } from "./figures.ts";
import { overview } from "./overview.ts";
import { picture } from "./pictures.ts";

export function figureRoutes(mount: Mount): void {
  mount(getFigures, (ctx, { query }) => figuresByCall(ctx, query));
  mount(getOverview, (ctx, { query }) => overview(ctx, query));
  mount(getPicture, (ctx, { params, query }) => picture(ctx, { ...query, picture: params.picture }));
}
