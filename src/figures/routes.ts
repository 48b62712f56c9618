import type { Mount } from "../platform/http-routes.ts";
import { getFigures, getFiguresBy, getOverview, getPicture } from "./contract.ts";
import { figuresBy, figuresByCall } from "./figures.ts";
import { overview } from "./overview.ts";
import { picture } from "./pictures.ts";

export function figureRoutes(mount: Mount): void {
  mount(getFigures, (ctx, { query }) => figuresByCall(ctx, query));
  mount(getFiguresBy, (ctx, { query }) => figuresBy(ctx, query));
  mount(getOverview, (ctx, { query }) => overview(ctx, query));
  mount(getPicture, (ctx, { params, query }) => picture(ctx, { ...query, picture: params.picture }));
}
