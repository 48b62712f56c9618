import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { newId } from "../src/platform/id.ts";
import { proveKey, proveSession, requireAccount } from "../src/accounts/accounts.ts";
import { serveHttp } from "../src/doors/http.ts";
import { openFiles } from "../src/platform/files.ts";
import type { Mount } from "../src/platform/http-routes.ts";
import type { TestPlatform } from "./harness.ts";

export interface Reply {
  status: number;
  body: Record<string, unknown>;
  headers: Headers;
}

/**
 * A real server with a feature's routes, and the way to ask it: as a session (by its token), a key (`ob_…`), or
 * nobody. Replies must be exactly what their routes declare.
 */
export async function served(platform: TestPlatform, ...mounts: ((mount: Mount) => void)[]) {
  const server = await serveHttp({
    platform,
    config: { host: "127.0.0.1", port: 0, publicUrl: undefined },
    proofs: { session: proveSession, key: proveKey, account: requireAccount },
    files: openFiles(join(tmpdir(), `openbook-served-${newId(platform.clock())}`)),
    mounts,
    web: { dir: "does-not-exist" },
    checkReplies: true,
  });
  after(() => server.stop());
  return async (
    who: string | undefined,
    method: string,
    path: string,
    body?: unknown,
    more: Record<string, string> = {},
  ): Promise<Reply> => {
    const headers: Record<string, string> = { ...more };
    if (who?.startsWith("ob_")) headers.authorization = `Bearer ${who}`;
    else if (who) headers.cookie = `openbook_session=${who}`;
    if (body !== undefined) headers["content-type"] = "application/json";
    const sent = body === undefined ? undefined : JSON.stringify(body);
    const reply = await fetch(`${server.url}/api/v1${path}`, { method, headers, body: sent });
    const text = await reply.text();
    return { status: reply.status, body: text ? JSON.parse(text) : {}, headers: reply.headers };
  };
}
