import type { IncomingMessage, ServerResponse } from "node:http";

const restMs = 30_000;
/** More than the largest body that any route takes. */
const restBytes = 256 * 1024 * 1024;

/**
 * Takes what still comes of a body after the reply and throws it away, for a while. Who is refused in the middle of an
 * upload is sending still; a connection closed on them would be told as broken, and the refusal never read (RFC 9112,
 * 9.6). Proxies make a 502 of it.
 */
export function takeTheRest(incoming: IncomingMessage, outgoing: ServerResponse): void {
  if (incoming.method === "GET" || incoming.method === "HEAD") return;
  outgoing.once("finish", () => {
    if (incoming.readableEnded || incoming.destroyed) return;
    let bytes = 0;
    const close = () => incoming.socket.destroy();
    const late = setTimeout(close, restMs);
    incoming.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > restBytes) close();
    });
    for (const event of ["end", "close", "error"]) incoming.once(event, () => clearTimeout(late));
    incoming.resume();
  });
}
