/**
 * Listeners in a process of their own: open streams of server-sent events over bare sockets, and when each hears of a
 * change. It also makes the change, so that one clock measures both.
 */
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export interface LiveTask {
  url: string;
  path: string;
  /** One stream for each. */
  cookies: string[];
  /** The change that all are to hear of; without one the path `/change` makes it. */
  change?: { path: string; body: string; cookie: string };
}

export interface Heard {
  /** Milliseconds from before the change was asked for until each stream had heard of it. */
  heard: number[];
  /** Until the change was answered. */
  answered: number;
}

/** A stream of a reply that does not end; what it says is looked through and forgotten. */
class Listener {
  readonly #socket: Socket;
  #said = "";
  #wanted: string | undefined;
  #found: (() => void) | undefined;

  constructor(url: URL, path: string, cookie: string) {
    this.#socket = connect(Number(url.port), url.hostname).setNoDelay(true);
    this.#socket.on("error", () => {});
    this.#socket.on("data", (chunk: Buffer) => this.#take(chunk.toString("latin1")));
    this.#socket.write(
      `GET ${path} HTTP/1.1\r\nHost: ${url.host}\r\nCookie: ${cookie}\r\nAccept: text/event-stream\r\n\r\n`,
    );
  }

  hears(wanted: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#wanted = wanted;
      this.#found = resolve;
      this.#socket.once("close", () => reject(new Error("The server ended a stream.")));
      this.#look();
    });
  }

  #take(text: string): void {
    this.#said = (this.#said + text).slice(-4000);
    this.#look();
  }

  #look(): void {
    if (this.#wanted === undefined || !this.#said.includes(this.#wanted)) return;
    this.#wanted = undefined;
    this.#said = "";
    this.#socket.removeAllListeners("close");
    this.#found!();
  }
}

let task: LiveTask | undefined;
let listeners: Listener[] = [];
const lanes = 20;

/** Opens all streams, a few at a time, until each has said where it begins. */
async function open(next: LiveTask): Promise<number> {
  task = next;
  const url = new URL(next.url);
  const begun = performance.now();
  const waiting = [...next.cookies];
  const lane = async () => {
    for (let cookie = waiting.pop(); cookie !== undefined; cookie = waiting.pop()) {
      const listener = new Listener(url, next.path, cookie);
      listeners.push(listener);
      await listener.hears("event: here");
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return performance.now() - begun;
}

async function change(): Promise<Heard> {
  const heard: number[] = [];
  const begun = performance.now();
  const all = listeners.map((one) => one.hears("event: change").then(() => heard.push(performance.now() - begun)));
  const { url, change } = task!;
  const reply = await fetch(url + (change?.path ?? "/change"), {
    method: "POST",
    ...(change && {
      headers: {
        cookie: change.cookie,
        "content-type": "application/json",
        "idempotency-key": `live-${Math.random()}`,
      },
      body: change.body,
    }),
  });
  await reply.arrayBuffer();
  if (!reply.ok) throw new Error(`The change was answered with ${reply.status}.`);
  const answered = performance.now() - begun;
  const late = sleep(30_000, undefined, { ref: false }).then(() => {
    throw new Error(`Only ${heard.length} of ${listeners.length} heard of a change.`);
  });
  await Promise.race([Promise.all(all), late]);
  return { heard, answered };
}

process.on("message", (message: { task: LiveTask } | { run: object }) => {
  ("task" in message ? open(message.task) : change()).then(
    (result) => process.send!({ result }),
    (error: unknown) => process.send!({ error: String((error as Error).stack) }),
  );
});
