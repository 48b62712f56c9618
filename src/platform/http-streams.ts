import type { ServerResponse } from "node:http";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Route } from "../contract.ts";
import { inputOf } from "./http-input.ts";
import { asMember, credentialsFor, given, type Handled, type Served } from "./http-member.ts";
import { prepare, valueOf } from "./http-prepare.ts";
import type { EventStream, StreamHandler } from "./http-routes.ts";

/*
 * Routes whose reply goes on: server-sent events.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */

const headers = {
  "Content-Type": "text/event-stream; charset=utf-8",
  // A proxy that packs or gathers a reply would keep every event to itself.
  "Cache-Control": "no-store, no-transform",
  "X-Accel-Buffering": "no",
};

/** What may wait for one reader; beyond it they are told to load anew, once they have read that far. */
const mostWaitingBytes = 64 * 1024;

export function streamRoute(options: Served, route: Route, handler: StreamHandler<Route>) {
  const schemas = inputOf(route);
  return async (call: Handled): Promise<Response> => {
    const { incoming, outgoing } = call.env;
    const credentials = credentialsFor(options, route, call);
    const prepared = await prepare(route, schemas, given(call));
    const sent = incoming.headers["last-event-id"];
    const lastEventId = typeof sent === "string" ? sent : undefined;
    const open = await asMember(options, route, call, credentials, (ctx) =>
      handler(ctx, { ...valueOf(prepared).input, credentials, lastEventId } as never),
    );
    if (incoming.method === "HEAD") return new Response(null, { headers });
    outgoing.writeHead(200, headers);
    outgoing.write("retry: 2000\n\n");
    open(streamOn(outgoing));
    return RESPONSE_ALREADY_SENT;
  };
}

function streamOn(outgoing: ServerResponse): EventStream {
  let behind = false;
  let last = "";
  const write = (text: string) => {
    if (outgoing.destroyed || outgoing.writableEnded) return;
    if (behind || outgoing.writableLength > mostWaitingBytes) behind = true;
    else outgoing.write(text);
  };
  outgoing.on("drain", () => {
    if (!behind) return;
    behind = false;
    write(messageOf({ id: last, event: "reload", data: {} }));
  });
  outgoing.on("error", () => outgoing.destroy());
  return {
    send: (message) => {
      last = message.id;
      write(messageOf(message));
    },
    // A message without data is none, but its id counts.
    beat: (id) => write(`id: ${(last = id)}\n\n`),
    end: () => void outgoing.end(),
    onClosed: (listener) => void (outgoing.destroyed ? listener() : outgoing.once("close", listener)),
  };
}

/** JSON holds no bare line break, and an id of ours none at all. */
function messageOf({ id, event, data }: Parameters<EventStream["send"]>[0]): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
