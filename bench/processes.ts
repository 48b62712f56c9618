import { readdirSync, readFileSync } from "node:fs";

interface Process {
  pid: number;
  parent: number;
  name: string;
  rssMb: number;
}

const pageBytes = 4096;

/** From /proc (Linux); elsewhere nothing is known of memory. */
function processes(): Process[] {
  const pids = existing(() => readdirSync("/proc").filter((name) => /^\d+$/.test(name))) ?? [];
  return pids.flatMap((pid) => {
    const stat = existing(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
    const [, name, rest] = /^\d+ \((.*)\) (.*)$/s.exec(stat ?? "") ?? [];
    if (name === undefined || rest === undefined) return [];
    const fields = rest.split(" ");
    const rssMb = (Number(fields[21]) * pageBytes) / 2 ** 20;
    return [{ pid: Number(pid), parent: Number(fields[1]), name, rssMb }];
  });
}

function existing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Resident memory of one process, megabytes; NaN where it cannot be told. */
export function rssMb(pid: number): number {
  return processes().find((process) => process.pid === pid)?.rssMb ?? Number.NaN;
}

/** Watches a process and all that come from it, but PostgreSQL's: the highest sum of their resident memory. */
export function watchPeak(pid: number): { peakMb(): number; childMb(): number; end(): void } {
  let peak = Number.NaN;
  let child = 0;
  const look = () => {
    const all = processes();
    const own = new Set([pid]);
    for (let grown = true; grown;) {
      const more = all.filter((p) => own.has(p.parent) && !own.has(p.pid) && p.name !== "postgres");
      for (const found of more) own.add(found.pid);
      grown = more.length > 0;
    }
    const family = all.filter((p) => own.has(p.pid));
    if (family.length === 0) return;
    const sum = family.reduce((mb, p) => mb + p.rssMb, 0);
    peak = Number.isNaN(peak) ? sum : Math.max(peak, sum);
    child = Math.max(child, ...family.filter((p) => p.pid !== pid).map((p) => p.rssMb));
  };
  look();
  const timer = setInterval(look, 100);
  return { peakMb: () => peak, childMb: () => child, end: () => clearInterval(timer) };
}
