import type { Config } from "../config.ts";
import type { Platform } from "../context.ts";
import type { Route } from "../contract.ts";
import type { Files } from "../platform/files.ts";
import { apiRoot, createHttp, missing, type App, type HttpOptions } from "../platform/http.ts";
import { sessionCookie } from "../platform/http-credentials.ts";
import { documentOf } from "../platform/http-document.ts";
import { jsonResponse } from "../platform/http-replies.ts";
import type { Mount } from "../platform/http-routes.ts";
import { listen, type HttpServer } from "../platform/http-server.ts";
import { cookieName, documentFacts } from "./http-document.ts";
import { apiDocsPath, openPages } from "./http-pages.ts";
import { statusOfCode } from "./http-statuses.ts";

export interface HttpDoor {
  platform: Platform;
  config: Pick<Config, "host" | "port" | "publicUrl"> & Partial<Pick<Config, "trustedProxies">>;
  proofs: HttpOptions["proofs"];
  files: Files;
  /** What the features offer: `requestRoutes`, `importRoutes`, … */
  mounts: readonly ((mount: Mount) => void)[];
  /** The folder of the built pages. */
  web: { dir: string };
  /** Tests: replies must be exactly what their routes declare. */
  checkReplies?: boolean;
}

/**
 * Opens the HTTP door: the features' routes, the document made from them, the pages, and whether all is well.
 * @throws AppError port_in_use · port_not_allowed · host_not_available
 */
export async function serveHttp(door: HttpDoor): Promise<HttpServer & { routes: readonly Route[] }> {
  const { platform, config, proofs, files, checkReplies = false } = door;
  const { publicUrl } = config;
  const cookie = sessionCookie(cookieName, publicUrl);
  const options = { platform, files, publicUrl, cookie, proofs, statusOfCode, checkReplies };
  const { app, mount, routes } = createHttp(options);
  for (const mountRoutes of door.mounts) mountRoutes(mount);
  serveDocument(app, routes);
  serveHealth(app, platform);
  const pages = await openPages(door.web.dir);
  app.notFound(async (call) => {
    const { path } = call.env.request;
    const isPage = path === apiDocsPath || !/^\/(?:api|health)(?:\/|$)/.test(path);
    return (isPage && (await pages(call))) || missing(routes, call, platform.log);
  });
  const server = await listen(app, { ...config, log: platform.log });
  return { ...server, routes };
}

function serveDocument(app: App, routes: readonly Route[]): void {
  let document: string | undefined;
  app.get(`${apiRoot}/openapi.json`, (call) => {
    call.env.request.routeId = "document";
    return jsonResponse(200, (document ??= JSON.stringify(documentOf(routes, documentFacts))));
  });
}

const healthTimeoutMs = 2_000;

/** Up or down and nothing else; many who ask at once cost one query. */
function serveHealth(app: App, platform: Platform): void {
  let asking: Promise<boolean> | undefined;
  app.get("/health", async (call) => {
    call.env.request.routeId = "health";
    asking ??= databaseAnswers(platform).finally(() => (asking = undefined));
    const up = await asking;
    return jsonResponse(up ? 200 : 503, JSON.stringify({ status: up ? "up" : "down" }));
  });
}

async function databaseAnswers({ database }: Platform): Promise<boolean> {
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, healthTimeoutMs, false).unref());
  const answered = database.pool.query("select 1").then(
    () => true,
    () => false,
  );
  return Promise.race([answered, late]);
}
