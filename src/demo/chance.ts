/** Chance that repeats itself: the same seed draws the same year. */
export interface Chance {
  /** 0 ≤ x < 1 */
  next(): number;
  /** A whole number from low to high, both included. */
  between(low: number, high: number): number;
  yes(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** An index, drawn in proportion to the weights. */
  weighted(weights: readonly number[]): number;
  /** Around `median`, never negative, with the long tail of things that take time (log-normal). */
  around(median: number, sigma: number): number;
}

export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  // Mulberry32 (Tommy Ettinger, public domain): 32 bits of state are plenty for a few thousand draws.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    between,
    yes: (probability) => next() < probability,
    pick: (from) => from[between(0, from.length - 1)]!,
    weighted(weights) {
      let left = next() * weights.reduce((sum, weight) => sum + weight, 0);
      const index = weights.findIndex((weight) => (left -= weight) < 0);
      return index < 0 ? weights.length - 1 : index;
    },
    around: (median, sigma) =>
      median * Math.exp(sigma * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())),
  };
}

/** Deals from shuffled cards and shuffles anew when they are out: nothing comes again before its turn. */
export class Decks {
  readonly #chance: Chance;
  readonly #left = new Map<readonly unknown[], unknown[]>();

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  deal<T>(cards: readonly T[]): T {
    let left = this.#left.get(cards) as T[] | undefined;
    if (!left?.length) {
      left = [...cards];
      for (let i = left.length - 1; i > 0; i--) {
        const j = this.#chance.between(0, i);
        [left[i], left[j]] = [left[j]!, left[i]!];
      }
      this.#left.set(cards, left);
    }
    return left.pop()!;
  }
}
