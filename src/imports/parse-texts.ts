import { randomBytes } from "node:crypto";

/** Bytes of one block; what is longer than a quarter of it has a block of its own. */
const blockBytes = 1 << 20;
const ownBlock = blockBytes >> 2;
const firstSlots = 1 << 12;

/**
 * Different texts, each once and known by its number. They lie as UTF-8 side by side, outside of the JavaScript heap:
 * half a million short ones take 20 MB instead of 60, and no garbage collection looks at them. What is made of them
 * lives no longer than its use.
 */
export class Texts {
  private readonly blocks: Buffer[] = [];
  /** The block that is being filled, and how far. */
  private filling = -1;
  private used = 0;
  /** By number: place (block and byte), bytes, hash. */
  private places = new Uint32Array(firstSlots);
  private lengths = new Uint32Array(firstSlots);
  private hashes = new Uint32Array(firstSlots);
  /** By hash: number + 1; at most half of them are taken. */
  private slots = new Uint32Array(firstSlots * 2);
  private count = 0;
  private readonly hash = keyedHash();
  /** Of all texts together, as JavaScript counts them. */
  characters = 0;

  /** How many there are; numbers are below. */
  get size(): number {
    return this.count;
  }

  /** About how much memory they take. */
  get memory(): number {
    return this.blocks.reduce((sum, { length }) => sum + length, 0) + this.places.length * 12 + this.slots.length * 4;
  }

  /**
   * The number of a text, which is kept if it is a new one.
   * @param from where it stands as UTF-8 @param onNew called before it is kept; may throw
   */
  idOf(from: Buffer, start: number, length: number, onNew?: () => void): number {
    const hash = this.hash(from, start, start + length);
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const id = this.slots[slot]! - 1;
      if (id >= 0 && (this.hashes[id] !== hash || !this.isSame(id, from, start, length))) continue;
      if (id >= 0) return id;
      onNew?.();
      return this.add(from, start, length, hash);
    }
  }

  text(id: number): string {
    const length = this.lengths[id]!;
    if (length === 0) return "";
    const place = this.places[id]!;
    const start = place % blockBytes;
    return this.blocks[Math.floor(place / blockBytes)]!.toString("utf8", start, start + length);
  }

  private add(from: Buffer, start: number, length: number, hash: number): number {
    if (this.count === this.places.length) this.grow();
    const id = this.count++;
    this.hashes[id] = hash;
    this.lengths[id] = length;
    this.places[id] = this.keep(from, start, length);
    this.index(id, hash);
    for (let at = start; at < start + length; at++) {
      const byte = from[at]!;
      // A letter's first byte counts, and that of four bytes twice.
      if ((byte & 0xc0) !== 0x80) this.characters += byte >= 0xf0 ? 2 : 1;
    }
    return id;
  }

  private keep(from: Buffer, start: number, length: number): number {
    if (length > ownBlock) {
      return (this.blocks.push(Buffer.from(from.subarray(start, start + length))) - 1) * blockBytes;
    }
    if (this.filling < 0 || this.used + length > blockBytes) {
      this.filling = this.blocks.push(Buffer.allocUnsafeSlow(blockBytes)) - 1;
      this.used = 0;
    }
    const at = this.used;
    from.copy(this.blocks[this.filling]!, at, start, start + length);
    this.used += length;
    return this.filling * blockBytes + at;
  }

  private isSame(id: number, from: Buffer, start: number, length: number): boolean {
    if (this.lengths[id] !== length) return false;
    const place = this.places[id]!;
    const block = this.blocks[Math.floor(place / blockBytes)]!;
    const at = place % blockBytes;
    if (length > 64) return block.compare(from, start, start + length, at, at + length) === 0;
    for (let i = 0; i < length; i++) if (block[at + i] !== from[start + i]) return false;
    return true;
  }

  private index(id: number, hash: number): void {
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
    this.slots[slot] = id + 1;
  }

  private grow(): void {
    const size = this.places.length * 2;
    const larger = (before: Uint32Array) => {
      const after = new Uint32Array(size);
      after.set(before);
      return after;
    };
    this.places = larger(this.places);
    this.lengths = larger(this.lengths);
    this.hashes = larger(this.hashes);
    this.slots = new Uint32Array(size * 2);
    for (let id = 0; id < this.count; id++) this.index(id, this.hashes[id]!);
  }
}

/**
 * HalfSipHash-1-3 with a key of its own (https://github.com/veorq/SipHash): nobody can make a file of texts that all
 * have one hash, for which each look-up would walk through all of them.
 */
function keyedHash(): (bytes: Buffer, from: number, to: number) => number {
  const key = randomBytes(8);
  const k0 = key.readInt32LE(0);
  const k1 = key.readInt32LE(4);
  return (bytes, from, to) => {
    let v0 = k0;
    let v1 = k1;
    let v2 = 0x6c796765 ^ k0;
    let v3 = 0x74656462 ^ k1;
    const length = to - from;
    const whole = to - (length & 3);
    let last = length << 24;
    for (let at = whole, shift = 0; at < to; at++, shift += 8) last |= bytes[at]! << shift;
    for (let at = from; ; at += 4) {
      const ended = at === whole;
      const m = ended ? last : bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
      v3 ^= m;
      // One round for each four bytes, three at the end.
      for (let left = ended ? 4 : 1; left > 0; left--) {
        v0 = (v0 + v1) | 0;
        v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
        v0 = (v0 << 16) | (v0 >>> 16);
        v2 = (v2 + v3) | 0;
        v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
        v0 = (v0 + v3) | 0;
        v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
        v2 = (v2 + v1) | 0;
        v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
        v2 = (v2 << 16) | (v2 >>> 16);
        if (left === 4) {
          v0 ^= m;
          v2 ^= 0xff;
        }
      }
      if (ended) return (v1 ^ v3) >>> 0;
      v0 ^= m;
    }
  };
}
