import { address } from "../call.ts";
import { listenEvents } from "../../live/contract.ts";

/*
 * One connection for what changes in a company, per browser: the tab that holds the lock listens and tells the others.
 * (Over HTTP/1.1 a browser opens six connections to one server; a seventh tab with its own would get no answer.) Where
 * there are no locks (plain http away from loopback) each tab listens for itself.
 */

export type Told =
  | { kind: "here" }
  | { kind: "change"; events: { type: string; subjectId: string | null }[] }
  | { kind: "reload" }
  | { kind: "presence"; requestId: string; others: { memberId: string; name: string; writing: boolean }[] };

export interface FeedOptions {
  company: string;
  /** Two who use one browser, one after the other, do not share. */
  account: string;
  onTold: (told: Told) => void;
  onState: (live: boolean) => void;
  /** The server ends or refuses it: whoever is asked who is signed in finds out why. */
  onRefused: () => Promise<unknown>;
}

/** Between the tabs; `last`: from where the next one listens on. */
type Passed = { told?: Told; live?: boolean; last?: string | undefined; hello?: true };

const firstPauseMs = 2_000;
const longestPauseMs = 30_000;

/** Listens until it is ended. @returns ends it */
export function openFeed(options: FeedOptions): () => void {
  const name = `openbook-live ${options.company} ${options.account}`;
  const leaving = new AbortController();
  const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(name) : undefined;
  let last: string | undefined;
  let leads = false;
  let live = false;
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel reaches its own origin only
  const pass = (passed: Passed) => channel?.postMessage(passed);
  const hear = ({ told, live: state, last: position, hello }: Passed) => {
    if (position) last = position;
    if (state !== undefined) options.onState((live = state));
    if (told) options.onTold(told);
    if (hello && leads) pass({ live, last });
  };
  channel?.addEventListener("message", ({ data }) => hear(data as Passed));
  const tell = (passed: Passed) => {
    hear(passed);
    pass(passed);
  };
  const lead = async () => {
    leads = true;
    await listen(options, { tell, from: () => last, signal: leaving.signal });
  };
  if (channel && navigator.locks) {
    pass({ hello: true });
    void navigator.locks.request(name, { signal: leaving.signal }, lead).catch(() => {});
  } else void lead();
  return () => {
    leaving.abort();
    channel?.close();
  };
}

interface Listening {
  tell: (passed: Passed) => void;
  from: () => string | undefined;
  signal: AbortSignal;
}

/** Keeps one connection; the browser opens it anew where it was cut, we where it was refused. */
async function listen({ company, onRefused }: FeedOptions, { tell, from, signal }: Listening): Promise<void> {
  let pause = firstPauseMs;
  while (!signal.aborted) {
    const source = new EventSource(address(listenEvents, { params: { company }, query: { after: from() } }));
    const { promise: refused, resolve } = Promise.withResolvers<void>();
    const heard = (told: Told, { lastEventId: last }: MessageEvent<string>) => tell({ told, last });
    source.addEventListener("open", () => {
      pause = firstPauseMs;
      tell({ live: true });
    });
    source.addEventListener("change", (event) => heard({ kind: "change", ...JSON.parse(event.data) }, event));
    source.addEventListener("presence", (event) => heard({ kind: "presence", ...JSON.parse(event.data) }, event));
    source.addEventListener("here", (event) => heard({ kind: "here" }, event));
    source.addEventListener("reload", (event) => heard({ kind: "reload" }, event));
    source.addEventListener("error", () => {
      tell({ live: false });
      if (source.readyState === EventSource.CLOSED) resolve();
    });
    signal.addEventListener("abort", () => resolve(), { once: true });
    await refused;
    source.close();
    if (signal.aborted) return;
    await onRefused().catch(() => {});
    await new Promise((wake) => setTimeout(wake, pause * (0.75 + Math.random() / 2)));
    pause = Math.min(2 * pause, longestPauseMs);
  }
}
