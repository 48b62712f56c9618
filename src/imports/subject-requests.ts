import { importFields, Mapping } from "./contract.ts";
import { guessMapping } from "./guess.ts";
import { columnsOf } from "./parse-columns.ts";
import { understand } from "./parse.ts";
import { bringInRequests, compareRequests } from "./run-requests.ts";
import type { ImportSubject } from "./subject.ts";
import { undoRequests } from "./undo-requests.ts";

/** Requests from a spreadsheet: one row per request, or an event log. */
export const requestsSubject: ImportSubject<Mapping> = {
  name: "requests",
  mapping: Mapping,
  fields: importFields,
  guess: guessMapping,
  check: (mapping, header) => void columnsOf(mapping, header),
  async understand(table, mapping, at) {
    const parsed = await understand(table, mapping, at);
    const { rowCount, findings, cellsOf } = parsed;
    const { layout } = mapping;
    return {
      rowCount,
      findings,
      cellsOf,
      compare: (ctx, onProgress) => compareRequests(ctx, parsed, layout, onProgress),
      bringIn: (ctx, importId, onProgress) => bringInRequests(ctx, importId, parsed, layout, onProgress),
    };
  },
  undo: undoRequests,
};
