import { createHash } from "node:crypto";
import type { Route } from "../contract.ts";
import { type StoredFile, tooLarge } from "./files.ts";
import { onceOnly, type Repeatable } from "./http-idempotency.ts";
import { inputOf } from "./http-input.ts";
import { asMember, credentialsFor, given, type Handled, type Served } from "./http-member.ts";
import { prepare, valueOf } from "./http-prepare.ts";
import { fileResponse, jsonResponse, serialised } from "./http-replies.ts";
import type { FileHandler, FileReply, UploadHandler, UploadOptions } from "./http-routes.ts";
import { isPerhapsCommitted } from "./postgres.ts";

/** Routes whose reply, or whose body, is a file. */

export function fileRoute(options: Served, route: Route, handler: FileHandler<Route>) {
  const schemas = inputOf(route);
  return async (call: Handled): Promise<Response> => {
    const credentials = credentialsFor(options, route, call);
    const prepared = await prepare(route, schemas, given(call));
    const file: FileReply = await asMember(options, route, call, credentials, (ctx) =>
      handler(ctx, valueOf(prepared).input as never),
    );
    return fileResponse(call.env, file, file.type ?? route.replyType ?? "application/octet-stream");
  };
}

/** Who asks and whether they may is settled before the first byte is taken, and again in the transaction that uses it. */
export function uploadRoute(
  options: Served,
  route: Route,
  upload: UploadOptions<Route, unknown>,
  handler: UploadHandler<Route, unknown>,
) {
  const schemas = inputOf(route);
  const { maxBytes, admit = async () => {}, examine = async () => undefined, release = async () => {} } = upload;
  return async (call: Handled): Promise<Response> => {
    const credentials = credentialsFor(options, route, call);
    const prepared = await prepare(route, schemas, given(call));
    const { incoming } = call.env;
    const declaredBytes = Number(incoming.headers["content-length"] ?? 0);
    const { input, repeatable } = await asMember(options, route, call, credentials, async (ctx) => {
      const value = valueOf(prepared);
      if (declaredBytes > maxBytes) throw tooLarge(maxBytes);
      await admit(ctx, { ...value.input, declaredBytes } as never);
      return value;
    });
    const keep = (file: StoredFile, examined: unknown) =>
      asMember(options, route, call, credentials, async (ctx) => {
        const work = async () => {
          const reply = await handler(ctx, { ...input, file, examined } as never);
          return { status: route.status, text: serialised(options, route, reply) };
        };
        return repeatable
          ? onceOnly(ctx, withFile(repeatable, file.sha256), work)
          : { ...(await work()), replayed: false };
      });
    const { company, actor } = call.env.request;
    return options.uploads.take(`${company} ${actor}`, async () => {
      // One that is too large is refused while it comes; what the refusal goes back on must stay open.
      const stream = incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
      const file = await options.files.storeFile(stream, { maxBytes });
      let kept = false;
      let done = async () => {};
      try {
        const examined = await examine(file, input as never);
        done = () => release(examined, kept);
        const written = await keep(file, examined);
        kept = !written.replayed;
        return jsonResponse(written.status, written.text, written.replayed ? { "Idempotency-Replayed": "true" } : {});
      } catch (error) {
        // The row that names it may be there: a file too many is better than one too few.
        kept = isPerhapsCommitted(error);
        throw error;
      } finally {
        await done();
        if (!kept) await options.files.deleteFile(file.key);
      }
    });
  };
}

/** The same key with other bytes is another request. */
function withFile(repeatable: Repeatable, sha256: Buffer): Repeatable {
  return { ...repeatable, digest: createHash("sha256").update(repeatable.digest).update(sha256).digest() };
}
