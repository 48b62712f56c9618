import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { newId } from "../src/platform/id.ts";
import { keyProofs, proveSession, requireAccount } from "../src/accounts/accounts.ts";
import { serveHttp } from "../src/doors/http.ts";
import { openFiles, type Files } from "../src/platform/files.ts";
import type { Mount } from "../src/platform/http-routes.ts";
import type { TestPlatform } from "./harness.ts";

export interface Reply {
  status: number;
  /** Of a JSON reply; else empty. */
  body: Record<string, unknown>;
  bytes: Buffer;
  headers: Headers;
}

/**
 * A real server with a feature's routes, and the way to ask it: as a session (by its token), a key (`ob_…`), or
 * nobody. Replies must be exactly what their routes declare.
 */
export async function served(platform: TestPlatform, ...mounts: ((mount: Mount, tools: { files: Files }) => void)[]) {
  const folder = join(tmpdir(), `openbook-served-${newId(platform.clock())}`);
  const files = openFiles(folder);
  const keys = keyProofs(platform);
  const server = await serveHttp({
    platform,
    config: { host: "127.0.0.1", port: 0, publicUrl: undefined },
    proofs: { session: proveSession, key: keys.prove, account: requireAccount },
    files,
    mounts: mounts.map((mountRoutes) => (mount) => mountRoutes(mount, { files })),
    web: { dir: "does-not-exist" },
    checkReplies: true,
  });
  after(async () => {
    await server.stop();
    await keys.settled();
    await rm(folder, { recursive: true, force: true });
  });
  /** @param body bytes go as they are, all else as JSON */
  const ask = async (
    who: string | undefined,
    method: string,
    path: string,
    body?: unknown,
    more: Record<string, string> = {},
  ): Promise<Reply> => {
    const headers: Record<string, string> = { ...more };
    if (who?.startsWith("ob_")) headers.authorization = `Bearer ${who}`;
    else if (who) headers.cookie = `openbook_session=${who}`;
    const isBytes = body instanceof Uint8Array;
    if (body !== undefined && !isBytes) headers["content-type"] = "application/json";
    const sent = isBytes ? (body as Uint8Array<ArrayBuffer>) : body === undefined ? undefined : JSON.stringify(body);
    const reply = await fetch(`${server.url}/api/v1${path}`, { method, headers, body: sent });
    const bytes = Buffer.from(await reply.arrayBuffer());
    const isJson = bytes.length > 0 && /json/.test(reply.headers.get("content-type") ?? "");
    return { status: reply.status, body: isJson ? JSON.parse(bytes.toString()) : {}, bytes, headers: reply.headers };
  };
  return Object.assign(ask, { files, url: server.url, keysSettled: keys.settled });
}
