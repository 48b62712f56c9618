import { setImmediate } from "node:timers/promises";
import type { Context } from "../context.ts";
import type { ListField } from "./contract.ts";
import type { Fold, Identity, Thing } from "./lists-fold.ts";
import type { ListRow } from "./lists-rows.ts";
import type { Findings } from "./parse-findings.ts";

/** A list of the record as a file is laid over it: how its things are told apart, and how they are written. */
export interface OpenList {
  identity: Identity;
  /** The rows as this list reads them. */
  rows: readonly ListRow[];
  /** What a person should look at, once all rows are known. */
  doubt?(findings: Findings, fold: Fold): void;
  /** Adds and changes through the features' functions; `onWritten` hears how many more are done. */
  write(ctx: Context, fold: Fold, onWritten: (more: number) => void | Promise<void>): Promise<Written>;
}

/** What was added, by ids: of the list itself, and the people and suppliers that its cells named. */
export interface Written {
  added: string[];
  people?: string[];
  suppliers?: string[];
}

const batchSize = 500;

/** Hands things on in batches, in their order. @returns what came of each batch */
export async function inBatches<T, R>(
  things: readonly T[],
  onWritten: (more: number) => void | Promise<void>,
  write: (batch: readonly T[]) => Promise<R>,
): Promise<R[]> {
  const written: R[] = [];
  for (let at = 0; at < things.length; at += batchSize) {
    const batch = things.slice(at, at + batchSize);
    written.push(await write(batch));
    await onWritten(batch.length);
    await setImmediate();
  }
  return written;
}

/** What a thing that the record knows says now, of what this file changes. */
export function changesOf({ says, changed }: Thing): Map<ListField, string> {
  return new Map([...changed.keys()].map((field) => [field, says.get(field)!]));
}

/** The different texts of a field that are going to be written. */
export function textsOf({ added, changed }: Fold, field: ListField): string[] {
  const written = [...added.map(({ says }) => says), ...changed.map(changesOf)];
  return [...new Set(written.flatMap((says) => says.get(field) ?? []))];
}
