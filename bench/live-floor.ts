/**
 * The floor of streams: Node's own server that holds them and knows nothing, and writes the same event into all of them
 * when `/change` is asked for.
 */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const open = new Set<ServerResponse>();
const event = `id: 1000:1000:\nevent: change\ndata: ${JSON.stringify({ events: [{ type: "request.opened", subjectId: "0198c0de-0000-7000-8000-000000000000" }] })}\n\n`;

const server = createServer((incoming, outgoing) => {
  if (incoming.url === "/change") {
    outgoing.end("{}");
    for (const stream of open) stream.write(event);
    return;
  }
  outgoing.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store" });
  outgoing.write("retry: 2000\n\nid: 1000:1000:\nevent: here\ndata: {}\n\n");
  open.add(outgoing);
  outgoing.once("close", () => open.delete(outgoing));
});
server.listen(0, "127.0.0.1", () =>
  process.send!({ result: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
);
