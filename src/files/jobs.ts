import type { Log } from "../platform/log.ts";
import { sweepFiles, type SweepSource } from "./sweep.ts";

const firstMs = 10 * 60_000;
const everyMs = 24 * 3_600_000;

/**
 * Has this process sweep its own files every day, and some minutes after each start. No job of the queue: the files lie
 * on the disk of this process, and another one could only look at its own.
 * @returns ends it; what runs is finished
 */
export function sweepDaily(source: SweepSource, log: Log, after = firstMs): () => Promise<void> {
  let running = Promise.resolve();
  const sweep = () => void (running = sweepOnce(source, log));
  let timer = setTimeout(() => {
    sweep();
    timer = setInterval(sweep, everyMs).unref();
  }, after).unref();
  return () => {
    clearTimeout(timer);
    return running;
  };
}

async function sweepOnce(source: SweepSource, log: Log): Promise<void> {
  try {
    const { files, unnamed, back, removed } = await sweepFiles(source);
    const facts = { files, setAside: unnamed.length, removed: removed.length, back: back.length };
    if (unnamed.length + removed.length + back.length > 0) log.info("files that no row names were swept", facts);
  } catch (error) {
    log.warn("the files were not swept", { reason: (error as Error).message });
  }
}
