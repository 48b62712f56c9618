/** Figures from what was counted: each with its value, what it was made from, and the filters that list those rows. */
import type { Figure, FigureName } from "./contract.ts";
import type { Counted } from "./counting.ts";
import type { Rows } from "./scope.ts";

const ended = { state: "resolved,closed" };
const underWay = { state: "open" };

export function figuresOf({ counts, medians }: Counted, base: Rows): Record<FigureName, Figure> {
  const { reported } = counts;
  const figure = (value: number | null, rows: Rows, n: number, unknown?: Unknown): Figure => ({
    value,
    n,
    unknown: reported - n,
    notYet: unknown?.notYet ?? 0,
    rows: { ...base, ...rows },
    ...(unknown && reported - n > unknown.notYet ? { unknownRows: { ...base, ...unknown.rows } } : {}),
    ...(unknown && unknown.notYet > 0 ? { notYetRows: { ...base, ...unknown.notYetRows } } : {}),
  });
  const count = (value: number, rows: Rows) => figure(value, rows, reported);
  const end = (value: number, outcome: string) =>
    figure(value, { outcome }, counts.closed - counts.endUnknown, {
      rows: { outcome: "unknown" },
      notYet: reported - counts.closed,
      notYetRows: { state: "open,resolved" },
    });
  const unanswered = unknownTime("responded", counts.notResponded);
  const unresolved = unknownTime("resolutionKnown", counts.notResolved);
  const response = (median: number | null) =>
    figure(wholeMinutes(median), { responded: "true" }, counts.responded, unanswered);
  const resolution = (median: number | null) =>
    figure(wholeMinutes(median), { resolutionKnown: "true" }, counts.resolutionKnown, unresolved);
  return {
    reported: count(reported, {}),
    open: count(counts.open, underWay),
    resolved: count(reported - counts.open, ended),
    closed: count(counts.closed, { state: "closed" }),
    confirmed: end(counts.confirmed, "confirmed"),
    unconfirmed: end(counts.unconfirmed, "unconfirmed"),
    cancelled: end(counts.cancelled, "cancelled"),
    reopened: count(counts.reopened, { reopened: "true" }),
    waitingForCompany: count(counts.waitingForCompany, { state: "open,resolved", promiseParty: "company" }),
    overdue: count(counts.overdue, { ...underWay, overdue: "true" }),
    firstResponseMedianMinutes: response(medians.response_minutes),
    firstResponseMedianElapsedMinutes: response(medians.response_elapsed_minutes),
    resolutionMedianMinutes: resolution(medians.resolution_minutes),
    resolutionMedianGrossMinutes: resolution(medians.resolution_gross_minutes),
    resolutionMedianElapsedMinutes: resolution(medians.resolution_elapsed_minutes),
    responseWithinTarget: figure(
      counts.responseWithin,
      { responseWithinTarget: "true" },
      counts.responseTargets,
      unanswered,
    ),
    resolutionWithinTarget: figure(
      counts.resolutionWithin,
      { resolutionWithinTarget: "true" },
      counts.resolutionTargets,
      unresolved,
    ),
  };
}

/** How those that had not the data are listed: never recorded, and still under way. */
interface Unknown {
  rows: Rows;
  notYet: number;
  notYetRows: Rows;
}

function unknownTime(filter: "responded" | "resolutionKnown", notYet: number): Unknown {
  return { rows: { ...ended, [filter]: "false" }, notYet, notYetRows: { ...underWay, [filter]: "false" } };
}

/** Half a minute is a whole one. */
function wholeMinutes(median: number | null): number | null {
  return median === null ? null : Math.floor(median + 0.5);
}
