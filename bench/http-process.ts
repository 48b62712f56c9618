/**
 * A process that asks a server over kept-alive connections, as little in its own way as possible: requests are bytes
 * made beforehand, of a reply only status and length are looked at.
 */
import { connect, type Socket } from "node:net";
import { percentile } from "./figure.ts";
import { measure, type Call, type RunRequest, type RunResult, type Worker } from "./load.ts";

export interface HttpTask {
  url: string;
  cookie: string;
  workers: Worker[];
}

/** One connection, one request at a time. */
class Connection {
  readonly #socket: Socket;
  #buffer: Buffer = Buffer.alloc(0);
  #left = 0;
  #status = 0;
  #done: ((status: number) => void) | undefined;
  #failed: ((error: Error) => void) | undefined;

  constructor(url: URL) {
    this.#socket = connect(Number(url.port), url.hostname).setNoDelay(true);
    this.#socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    this.#socket.on("error", (error) => this.#failed?.(error));
    this.#socket.on("close", () => this.#failed?.(new Error("The server ended the connection.")));
  }

  ask(request: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#done = resolve;
      this.#failed = reject;
      this.#socket.write(request);
    });
  }

  #receive(chunk: Buffer): void {
    if (this.#left === 0) {
      this.#buffer = this.#buffer.length > 0 ? Buffer.concat([this.#buffer, chunk]) : chunk;
      const end = this.#buffer.indexOf("\r\n\r\n");
      if (end < 0) return;
      const head = this.#buffer.toString("latin1", 0, end).toLowerCase();
      const length = /\r\ncontent-length: (\d+)/.exec(head)?.[1];
      if (length === undefined) return this.#failed?.(new Error(`A reply without its length: ${head}`));
      this.#status = Number(head.slice(9, 12));
      this.#left = Number(length) - (this.#buffer.length - end - 4);
      this.#buffer = Buffer.alloc(0);
    } else {
      this.#left -= chunk.length;
    }
    if (this.#left === 0) this.#done?.(this.#status);
  }

  end(): void {
    this.#failed = undefined;
    this.#socket.destroy();
  }
}

let keys = 0;
const run = `${process.pid}-${Date.now().toString(36)}`;

function requestOf(call: Call, { url, cookie }: HttpTask): () => string {
  const head = `${call.method} ${call.path} HTTP/1.1\r\nHost: ${new URL(url).host}\r\nCookie: ${cookie}\r\n`;
  if (call.body === undefined) return () => `${head}\r\n`;
  const length = Buffer.byteLength(call.body);
  const rest = `Content-Type: application/json\r\nContent-Length: ${length}\r\nIdempotency-Key: `;
  return () => `${head}${rest}${run}-${++keys}\r\n\r\n${call.body}`;
}

let task: HttpTask | undefined;
let connections: Connection[] = [];

async function answer(message: { task: HttpTask } | { run: RunRequest }): Promise<RunResult | "ready"> {
  if ("task" in message) {
    for (const connection of connections) connection.end();
    task = message.task;
    connections = task.workers.map(() => new Connection(new URL(message.task.url)));
    return "ready";
  }
  const workers = task!.workers.map((calls, index) => {
    const requests = calls.map((call) => requestOf(call, task!));
    return async (n: number) => {
      const status = await connections[index]!.ask(requests[n % requests.length]!());
      if (status >= 300) throw new Error(`The server answered ${status} to ${calls[n % calls.length]!.path}.`);
    };
  });
  const { latencies, seconds } = await measure(workers, message.run);
  const [p50, p95] = [percentile(latencies, 0.5), percentile(latencies, 0.95)];
  return { perSecond: latencies.length / seconds, n: latencies.length, p50, p95 };
}

process.on("message", (message: { task: HttpTask } | { run: RunRequest }) => {
  answer(message).then(
    (result) => process.send!({ result }),
    (error: unknown) => process.send!({ error: String((error as Error).stack) }),
  );
});
