import { alternate, floorOf, mediansOf, overHttp } from "./contest.ts";
import type { Figure, Target } from "./figure.ts";
import type { Installation } from "./installation.ts";
import type { Call } from "./load.ts";
import { startRecorder } from "./recording.ts";
import type { Stage } from "./stage.ts";

interface Measured {
  name: string;
  /** What is asked for; that it is the p95 over HTTP stands behind it. */
  what: string;
  target?: Target | undefined;
  /** Calls in a round at the least. */
  least?: number;
}

/** One call by one reader, p95 over HTTP, beside the statements that the server needs for it, said by a bare loop. */
export async function measureCall(
  stage: Stage,
  installation: Installation,
  call: Call,
  { name, what, target, least = 20 }: Measured,
): Promise<Figure> {
  const recorder = await startRecorder(installation);
  const recording = await recorder.record(call);
  await recorder.stop();
  const { server, cookie, embedded } = installation;
  const ours = await overHttp({ url: server.url, cookie, workers: [[call]] });
  const theirs = await floorOf({ url: embedded.appUrl, workers: [[recording]] });
  const pairs = await alternate(ours, theirs, { count: 5, seconds: stage.seconds / 2, least });
  const p95 = mediansOf(pairs, "p95");
  const p50 = mediansOf(pairs, "p50");
  return {
    name,
    what: `${what}, p95 over HTTP`,
    value: p95.ours,
    unit: "ms",
    floor: { value: p95.theirs, what: "the server's own statements, recorded, by a bare pg loop: p95" },
    ratio: p95.theirs / p95.ours,
    ...(target ? { target } : {}),
    more: { "p50 ms": p50.ours, "p50 ms of the floor": p50.theirs, samples: pairs.reduce((n, p) => n + p.ours.n, 0) },
  };
}
