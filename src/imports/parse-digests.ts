import { hash } from "node:crypto";

/** What goes into a digest: nothing that depends on the order or the names of columns, or on ids of this record. */
export type Part = string | number | null | undefined | readonly Part[];

/** SHA-256 over the JSON of the parts; unknown and missing are the same. */
export function digestOf(...parts: readonly Part[]): Buffer {
  return digestOfText(JSON.stringify(parts));
}

export function digestOfText(text: string): Buffer {
  // By way of hex the buffer comes out of Node's pool: a million small ones of their own would cost 100 bytes each.
  return Buffer.from(hash("sha256", text, "hex"), "hex");
}
