import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { median } from "./figure.ts";
import type { FloorTask } from "./floor-process.ts";
import type { HttpTask } from "./http-process.ts";
import type { RunRequest, RunResult } from "./load.ts";

/** A process of its own that measures on demand; it stays, so that it is warm from the second round on. */
export interface Contestant {
  run(request: RunRequest): Promise<RunResult>;
  end(): Promise<void>;
}

export function overHttp(task: HttpTask): Promise<Contestant> {
  return contestant("http-process.ts", task);
}

export function floorOf(task: FloorTask): Promise<Contestant> {
  return contestant("floor-process.ts", task);
}

const running = new Set<ChildProcess>();

/** After a measurement that failed half-way. */
export function endContestants(): void {
  for (const child of running) child.kill();
}

async function contestant(program: string, task: HttpTask | FloorTask): Promise<Contestant> {
  const { ask, end } = startProcess(program);
  await ask({ task });
  return { run: (request) => ask({ run: request }) as Promise<RunResult>, end };
}

export interface Measuring {
  pid: number;
  /** Tells it something and waits for its answer. */
  ask(message: object): Promise<unknown>;
  /** Waits for what it says by itself. */
  hear(): Promise<unknown>;
  end(): Promise<void>;
}

/** A program of this folder as its own process. */
export function startProcess(program: string): Measuring {
  const child = fork(join(import.meta.dirname, program), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  running.add(child);
  child.once("exit", () => running.delete(child));
  return {
    pid: child.pid!,
    ask: (message) => exchange(child, message),
    hear: () => exchange(child),
    async end() {
      const ended = once(child, "exit");
      child.kill();
      await ended;
    },
  };
}

async function exchange(child: ChildProcess, message?: object): Promise<unknown> {
  const settled = new AbortController();
  const { signal } = settled;
  try {
    if (message) child.send(message);
    const [reply] = (await Promise.race([
      once(child, "message", { signal }),
      once(child, "exit", { signal }).then(([code]) => [{ error: `A measuring process ended with ${code}.` }]),
    ])) as [{ result?: unknown; error?: string }];
    if (reply.error) throw new Error(reply.error);
    return reply.result;
  } finally {
    settled.abort();
  }
}

export interface Rounds {
  count: number;
  seconds: number;
  /** At least so many samples a round, however long they take. */
  least?: number;
}

export interface Pairing {
  ours: RunResult;
  theirs: RunResult;
}

/**
 * Rounds in turn, ours and the other's, who begins changes: what else the machine does meets both alike. The first
 * pair warms caches and compilers and does not count.
 */
export async function alternate(ours: Contestant, theirs: Contestant, rounds: Rounds): Promise<Pairing[]> {
  const request = { seconds: rounds.seconds, least: rounds.least ?? 1 };
  const pairs: Pairing[] = [];
  for (let round = 0; round <= rounds.count; round++) {
    const one = round % 2 === 0 ? ours : theirs;
    const first = await one.run(request);
    const second = await (one === ours ? theirs : ours).run(request);
    if (round > 0) pairs.push(one === ours ? { ours: first, theirs: second } : { ours: second, theirs: first });
  }
  await Promise.all([ours.end(), theirs.end()]);
  return pairs;
}

/** The median over the rounds of one number of each side, and of their ratio within each round. */
export function mediansOf(pairs: Pairing[], of: "perSecond" | "p50" | "p95") {
  return {
    ours: median(pairs.map((pair) => pair.ours[of])),
    theirs: median(pairs.map((pair) => pair.theirs[of])),
    ratio: median(pairs.map((pair) => pair.ours[of] / pair.theirs[of])),
  };
}
