/** What the measured processes are told and what they tell. */
export interface Call {
  method: "GET" | "POST";
  path: string;
  body?: string;
}

/** One worker makes its calls one after the other, over and over; a call with a body gets a new Idempotency-Key. */
export type Worker = Call[];

export interface RunRequest {
  seconds: number;
  /** At least so many, however long they take. */
  least: number;
}

export interface RunResult {
  perSecond: number;
  n: number;
  /** Milliseconds. */
  p50: number;
  p95: number;
}

/** Runs all workers at once; half a second is for warming up and not counted, unless the calls take longer. */
export async function measure(
  workers: ((n: number) => Promise<void>)[],
  { seconds, least }: RunRequest,
): Promise<{ latencies: number[]; seconds: number }> {
  const warm = performance.now() + Math.min(500, seconds * 100);
  const end = warm + seconds * 1000;
  const latencies: number[] = [];
  await Promise.all(
    workers.map(async (work) => {
      for (let n = 0; performance.now() < end || latencies.length < least; n++) {
        const begun = performance.now();
        await work(n);
        const done = performance.now();
        if (begun >= warm && (done <= end || latencies.length < least)) latencies.push(done - begun);
      }
    }),
  );
  return { latencies, seconds };
}
