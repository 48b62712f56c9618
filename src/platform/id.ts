import { randomFillSync, randomInt } from "node:crypto";

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const random = new Uint8Array(6 * 1024);
let used = random.length;

/** Next counter per millisecond, for the last few of them: transactions with different moments interleave. */
const counters = new Map<number, number>();
const keptMoments = 64;

function nextCounter(ms: number): number {
  const known = counters.get(ms);
  // Begins in the lower half of 26 bits, so that a moment has room for 33 million ids; random, so that the counter
  // tells nobody how many ids the installation makes.
  const counter = known ?? randomInt(2 ** 25);
  if (known === undefined && counters.size >= keptMoments) counters.delete(counters.keys().next().value!);
  counters.set(ms, (counter + 1) % 2 ** 26);
  return counter;
}

/**
 * A UUIDv7 (RFC 9562) of the moment given, not of the machine's clock: 48 bits of milliseconds, 26 bits of counter,
 * 48 random bits. Ids of one moment ascend in the order in which this process made them, so a batch keeps its order.
 */
export function newId(now: Date): string {
  const ms = now.getTime();
  const counter = nextCounter(ms);
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  const time = ms.toString(16).padStart(12, "0");
  const high = (counter >>> 14).toString(16).padStart(3, "0");
  const low = (0x8000 | (counter & 0x3fff)).toString(16);
  let tail = "";
  for (const end = used + 6; used < end; used++) tail += hex[random[used]!]!;
  return `${time.slice(0, 8)}-${time.slice(8)}-7${high}-${low}-${tail}`;
}
