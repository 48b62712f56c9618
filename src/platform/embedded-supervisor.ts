import { existsSync } from "node:fs";
import { findPostmaster, type Postmaster } from "./embedded-postmaster.ts";

export interface Supervision {
  /** Stops watching; waits for a restart that is under way. */
  end(): Promise<void>;
}

const lookEveryMs = 500;
const longestPauseMs = 5000;

/**
 * Watches the server for as long as the application runs and starts it again when it ended, whoever started it:
 * killed, crashed, or stopped by hand. Connection pools reconnect by themselves; the address stays the same.
 * @param restart starts it on the given loopback port, unless it runs again already or is not wanted any more
 */
export function superviseServer(options: {
  clusterDir: string;
  postmaster: Postmaster;
  restart: (port: number, wanted: () => boolean) => Promise<Postmaster | undefined>;
  log: (line: string) => void;
}): Supervision {
  const { clusterDir, restart, log } = options;
  let { pid, port } = options.postmaster;
  let ended = false;
  let failures = 0;
  let restarting: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;

  const look = () => {
    const found = findPostmaster(clusterDir);
    if (found && found.status !== "stopping") {
      pid = found.pid;
      timer = setTimeout(look, lookEveryMs).unref();
      return;
    }
    restarting = startAgain();
  };

  const startAgain = async () => {
    let pause = lookEveryMs;
    try {
      if (!existsSync(clusterDir)) {
        log(`${clusterDir} is gone; PostgreSQL cannot be started again`);
        return;
      }
      log(`PostgreSQL (process ${pid}) has ended; starting it again`);
      const started = await restart(port, () => !ended);
      if (!started) return;
      ({ pid, port } = started);
      failures = 0;
      log(`PostgreSQL runs again (process ${pid})`);
    } catch (error) {
      failures++;
      pause = Math.min(lookEveryMs * 2 ** failures, longestPauseMs);
      log(`PostgreSQL could not be started again: ${(error as Error).message}`);
    }
    if (!ended) timer = setTimeout(look, pause).unref();
  };

  timer = setTimeout(look, lookEveryMs).unref();
  return {
    async end() {
      ended = true;
      clearTimeout(timer);
      await restarting;
      clearTimeout(timer);
    },
  };
}
