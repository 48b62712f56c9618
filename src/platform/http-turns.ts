import { AppError } from "../errors.ts";

export interface Turns {
  /**
   * Runs `work` as soon as fewer than `atOnce` of the same key run.
   * @param patienceMs how long it may wait, if not as long as the others
   * @throws AppError busy: the wait is too long
   */
  take<T>(key: string, work: () => Promise<T>, patienceMs?: number): Promise<T>;
}

/**
 * Lets only so many works of one key run at a time; the others wait in order. So a company whose changes wait for each
 * other, or for a long import of its own, cannot hold all connections to the database and stop every other company.
 */
export function openTurns({ atOnce, waitMs, mostWaiting = 200, message = recordBusy }: TurnsOptions): Turns {
  const lanes = new Map<string, { running: number; waiting: (() => void)[] }>();
  return {
    async take(key, work, patienceMs = waitMs) {
      const lane = lanes.get(key) ?? { running: 0, waiting: [] };
      lanes.set(key, lane);
      if (lane.running < atOnce) lane.running++;
      else await myTurn(lane.waiting, patienceMs, mostWaiting, message);
      try {
        return await work();
      } finally {
        // Whoever is done hands its place on: `running` stays as it is.
        const next = lane.waiting.shift();
        if (next) next();
        else if (--lane.running === 0) lanes.delete(key);
      }
    },
  };
}

interface TurnsOptions {
  atOnce: number;
  waitMs: number;
  mostWaiting?: number;
  /** Of the refusal. */
  message?: string;
}

const recordBusy =
  "This company's record is being changed by something that takes long, such as an import. Nothing was changed; try again.";

function myTurn(waiting: (() => void)[], waitMs: number, mostWaiting: number, message: string): Promise<void> {
  const busy = () => new AppError("busy", message);
  if (waiting.length >= mostWaiting) throw busy();
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      waiting.splice(waiting.indexOf(turn), 1);
      reject(busy());
    }, waitMs);
    const turn = () => {
      clearTimeout(late);
      resolve();
    };
    waiting.push(turn);
  });
}
