import type { Kind } from "../requests/contract.ts";
import type { Department, SupplierKey } from "./company.ts";

/**
 * One thing that goes wrong or is wanted: how people say it, and what it turns out to be. `{asset}`, `{colleague}`,
 * `{customer}` and `{number}` are filled in when the call is made; `{me}` is the reporter's own laptop, `{ext}` their
 * extension.
 */
export interface Case {
  say: readonly string[];
  /** What else they write or say, now and then. */
  more?: readonly string[];
  /** What the technician says when it is done; the first is the one that needed the part. */
  fix: readonly string[];
  /** What only the company can answer. */
  ask?: string;
  /** What only somebody else (a maker, a carrier) can deliver. */
  part?: string;
  asset?: string;
}

/** Things that belong together: one category, one kind of trouble. */
export interface Topic {
  supplier: SupplierKey;
  category: string;
  kind?: Kind;
  /** How many of these an ordinary year brings, in proportion to the others. */
  weight: number;
  /** normal unless said: mostly this one, now and then its neighbour. */
  priority?: "critical" | "high" | "normal" | "low";
  /** Who calls about it; undefined: anybody with a desk. */
  from?: readonly Department[];
  assets?: readonly string[];
  /** Business minutes of a good technician, from the call to the end of it. */
  effort: number;
  /** Months (1 to 12) in which there are three times as many. */
  months?: readonly number[];
  cases: readonly Case[];
}
