import type { ImportReport } from "./contract.ts";
import type { Parsed } from "./parse.ts";
import { listedRefusals, type Refusal } from "./parse-findings.ts";
import { alikeDoubts } from "./run-alike.ts";
import type { Understood } from "./subject.ts";
import type { Comparison } from "./run-compare.ts";

/** What a check or an import amounts to, added up batch by batch. */
export class Tally {
  private readonly parsed: Parsed;
  private readonly outcomes = { created: 0, updated: 0, unchanged: 0 };
  private entries = 0;
  private strangers = 0;
  private changedBack = 0;
  /** Rows whose requests were dealt with. */
  done = 0;

  constructor(parsed: Parsed) {
    this.parsed = parsed;
  }

  add(compared: readonly Comparison[]): void {
    for (const { outcome, entries, stranger, changedBack } of compared) {
      this.outcomes[outcome]++;
      this.entries += entries;
      if (stranger) this.strangers++;
      if (changedBack) this.changedBack++;
    }
  }

  report({ names = [], vanished }: Pick<ImportReport, "names" | "vanished"> = {}): ImportReport {
    const { parsed } = this;
    return {
      counts: {
        rows: parsed.rowCount,
        requests: parsed.requestCount,
        entries: this.entries,
        ...this.outcomes,
        refused: parsed.findings.refusedCount,
      },
      doubts: [...this.doubts(), ...alikeDoubts(names), ...parsed.doubts],
      refused: [...refusalsOf(parsed, listedRefusals)],
      from: parsed.from?.toISOString() ?? null,
      to: parsed.to?.toISOString() ?? null,
      ...(names.length > 0 && { names }),
      ...(vanished && { vanished }),
    };
  }

  private doubts(): ImportReport["doubts"] {
    const doubts: ImportReport["doubts"] = [];
    const doubt = (code: string, message: string, count: number) => {
      if (count > 0 && !this.parsed.settled.has(code)) doubts.push({ row: null, code, message, count, key: code });
    };
    doubt(
      "number_known_otherwise",
      "Requests whose number is in the record already, but as something else, reported at another time. If two suppliers number alike, give the mapping a source: then they are other requests.",
      this.strangers,
    );
    doubt(
      "changed_back",
      "Requests that say again what they said before a later import: opened again, or an older file. What this file says will count.",
      this.changedBack,
    );
    return doubts;
  }
}

/** The refused rows in the order of the file; cells are cut to what a report can bear when `most` is given. */
export function* refusalsOf(
  { findings, cellsOf }: Pick<Understood, "findings" | "cellsOf">,
  most = Infinity,
): Generator<Refusal> {
  let count = 0;
  for (const refusal of findings.refusals(cellsOf)) {
    if (++count > most) return;
    yield most === Infinity ? refusal : { ...refusal, cells: refusal.cells.slice(0, 100).map(cut) };
  }
}

function cut(cell: string): string {
  return cell.length > 200 ? `${cell.slice(0, 199).toWellFormed()}…` : cell;
}
