import { importFields, Mapping } from "./contract.ts";
import { guessMapping } from "./guess.ts";
import { columnsOf } from "./parse-columns.ts";
import { understand } from "./parse.ts";
import { reserveNumbers, returnNumbers, type NumberBlock } from "../requests/requests.ts";
import { bringInRequests, compareRequests, countNew } from "./run-requests.ts";
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
    const kind = { layout: mapping.layout, mappingId: at.mappingId };
    let reserved: NumberBlock = { next: 1, last: 0 };
    return {
      rowCount,
      findings,
      cellsOf,
      compare: (ctx, onProgress) => compareRequests(ctx, parsed, kind, onProgress),
      async reserve(ctx) {
        reserved = await reserveNumbers(ctx, await countNew(ctx, parsed));
      },
      async bringIn(ctx, importId, onProgress) {
        // A transaction that is repeated begins with all of them again.
        const numbers = { ...reserved };
        const report = await bringInRequests(ctx, { importId, numbers }, parsed, kind, onProgress);
        reserved = numbers;
        return report;
      },
      release: (ctx) => returnNumbers(ctx, reserved),
    };
  },
  undo: undoRequests,
};
