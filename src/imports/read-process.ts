import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { builtPrograms, programsDir } from "../platform/built-programs.ts";

/** How a process that reads foreign bytes is fenced in, and why it was ended. */
export interface Fence {
  /** Resident memory, megabytes. */
  memoryMb: number;
  /** Of work: the time its parent takes to deal with the results does not count. May be changed while it runs. */
  seconds: number;
  signal?: AbortSignal | undefined;
}

/** ended: by itself, with success · failed: by itself, without · the rest: killed by the fence. */
export type Ending = "ended" | "failed" | "memory" | "time" | "aborted";

export interface FencedProcess {
  output: AsyncIterable<Buffer>;
  /** Settles when the process is gone. */
  ending: Promise<Ending>;
  /** Highest resident memory seen, megabytes; 0 where it cannot be watched. */
  peakMb(): number;
  /** Stops the clock while the parent works. */
  pause(paused: boolean): void;
  kill(): void;
  /** The error it died of, as it wrote it; for a log. */
  complaint(): string;
}

const root = new URL("../../", import.meta.url);
/** What the program itself is made of; nothing else of this machine can be read, and nothing written. */
const readable = ["package.json", "src", "node_modules"].map((path) => fileURLToPath(new URL(path, root)));

const watchMs = 50;
/**
 * What V8 reserves without using it counts against RLIMIT_DATA: 575 MB at start with Node 26. The limit is the last
 * resort against an allocation faster than the watch; the watch on resident memory is the sharp one.
 */
const reservedMb = 700;

/** Starts a program (`src/imports/read-child.ts`) that may read `file` and do nothing else: no writing, no network, no processes. */
export function startFenced(program: string, file: string, args: string[], fence: Fence): FencedProcess {
  const built = builtPrograms()?.get(program);
  const nodeArgs = [
    "--permission",
    ...[...(built ? [programsDir] : readable), file].map((path) => `--allow-fs-read=${path}`),
    `--max-old-space-size=${Math.round(fence.memoryMb * 0.8)}`,
    "--max-semi-space-size=16",
    "--disable-proto=delete",
    built ?? fileURLToPath(new URL(program, root)),
    ...args,
  ];
  const [command, commandArgs] = limited(process.execPath, nodeArgs, fence);
  // No environment: it holds the database's password. UTC, so that no library shifts a time by the zone of the server.
  const child = spawn(command, commandArgs, {
    env: { TZ: "UTC" },
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  return watched(child, fence);
}

/** Seconds of processor time for a reader whose parent is gone and watches no more. */
const orphanSeconds = 300;

/** Limits of the operating system, which hold even when this process is gone: processor time, memory, no core dump. */
function limited(command: string, args: string[], fence: Fence): [string, string[]] {
  if (process.platform === "win32") return [command, args];
  const limits = ["-c 0", `-t ${orphanSeconds}`];
  if (process.platform === "linux") limits.push(`-d ${(reservedMb + fence.memoryMb) * 1024}`);
  // Tried in a subshell first: a limit that is lower already must not end the shell.
  const script = limits.map((limit) => `(ulimit ${limit}) 2>/dev/null && ulimit ${limit}`).join("; ");
  return ["/bin/sh", ["-c", `${script}; exec "$0" "$@"`, command, ...args]];
}

function watched(child: ChildProcess, fence: Fence): FencedProcess {
  let killed: Ending | undefined;
  let paused = false;
  let workedMs = 0;
  let peak = 0;
  let last = performance.now();
  let complaint = "";

  const end = (why: Ending) => {
    killed ??= why;
    child.kill("SIGKILL");
  };
  const watch = setInterval(() => {
    const now = performance.now();
    if (!paused) workedMs += now - last;
    last = now;
    if (workedMs > fence.seconds * 1000) end("time");
    peak = Math.max(peak, residentMb(child.pid));
    if (peak > fence.memoryMb) end("memory");
  }, watchMs);
  const onAbort = () => end("aborted");
  fence.signal?.addEventListener("abort", onAbort);
  if (fence.signal?.aborted) onAbort();

  // Kept short: the crash report of an exhausted V8 is what is looked for.
  child.stderr!.on("data", (chunk: Buffer) => void (complaint = (complaint + chunk.toString("latin1")).slice(-16_384)));
  const ending = new Promise<Ending>((resolve) => {
    const settle = (ending: Ending) => {
      clearInterval(watch);
      fence.signal?.removeEventListener("abort", onAbort);
      resolve(ending);
    };
    child.once("error", () => settle(killed ?? "failed"));
    child.once("close", (code, signal) => settle(killed ?? (code === 0 ? "ended" : whyItDied(signal, complaint))));
  });
  return {
    output: child.stdout!,
    ending,
    peakMb: () => peak,
    pause: (value) => {
      const now = performance.now();
      if (!paused) workedMs += now - last;
      last = now;
      paused = value;
    },
    kill: () => end("aborted"),
    complaint: () => complaint.split("\n").find((line) => /error/i.test(line)) ?? "",
  };
}

function whyItDied(signal: NodeJS.Signals | null, complaint: string): Ending {
  if (signal === "SIGXCPU") return "time";
  if (
    /heap out of memory|Allocation failed|Failed to allocate|MEMORY_ALLOCATION|STRING_TOO_LONG|Invalid string length/i.test(
      complaint,
    )
  )
    return "memory";
  // V8 aborts or traps when the system refuses it memory.
  return signal ? "memory" : "failed";
}

/** Resident memory of a process from Linux' /proc; 0 elsewhere, where the heap limit has to do. */
function residentMb(pid: number | undefined): number {
  if (process.platform !== "linux" || pid === undefined) return 0;
  try {
    const kilobytes = /^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
    return Number(kilobytes ?? 0) / 1024;
  } catch {
    return 0;
  }
}
