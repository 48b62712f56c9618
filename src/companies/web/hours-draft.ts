import { t } from "../../web/text/text.ts";
import type { Format } from "../../web/format.ts";
import type { HoursVersion } from "../contract.ts";

export type Span = { from: string; to: string };
/** The spans of each weekday, Monday first. */
export type Week = Span[][];

export const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;

export function weekOf(version: Pick<HoursVersion, "week"> | undefined): Week {
  if (!version) return weekdays.map((day) => (day <= 5 ? [{ from: "08:00", to: "17:00" }] : []));
  return weekdays.map((day) =>
    version.week
      .filter((open) => open.weekday === day)
      .map(({ from, to }) => ({ from, to }))
      .sort((a, b) => a.from.localeCompare(b.from)),
  );
}

/** The week as the API takes it. A day that ends at midnight ends at 24:00: a field cannot say that, 00:00 can. */
export function openHoursOf(week: Week): HoursVersion["week"] {
  return week.flatMap((spans, index) =>
    spans.map(({ from, to }) => ({ weekday: index + 1, from, to: to === "00:00" ? "24:00" : to })),
  );
}

/** The first thing wrong with a week, in words. */
export function weekProblem(week: Week, format: Format): string | undefined {
  if (week.every((spans) => spans.length === 0)) return t("hours.never");
  for (const [index, spans] of week.entries()) {
    const day = format.weekday(index + 1);
    const sorted = spans
      .map(({ from, to }) => ({ from, to: to === "00:00" ? "24:00" : to }))
      .sort((a, b) => a.from.localeCompare(b.from));
    for (const [at, span] of sorted.entries()) {
      if (!span.from || !span.to || span.from >= span.to) return t("hours.wrongSpan", { day });
      const next = sorted[at + 1];
      if (next && next.from < span.to) return t("hours.overlap", { day });
    }
  }
  return undefined;
}

/** Days of the same hours together: "Monday – Friday 08:00 – 17:00". */
export function weekLines(version: Pick<HoursVersion, "week">, format: Format): { days: string; hours: string }[] {
  const words = weekOf(version).map((spans) =>
    spans.length === 0 ? t("hours.closed") : spans.map(({ from, to }) => `${from} – ${to}`).join(", "),
  );
  const lines: { days: string; hours: string }[] = [];
  for (let first = 0; first < 7;) {
    let last = first;
    while (last + 1 < 7 && words[last + 1] === words[first]) last++;
    const days =
      last === first ? format.weekday(first + 1) : `${format.weekday(first + 1)} – ${format.weekday(last + 1)}`;
    lines.push({ days, hours: words[first]! });
    first = last + 1;
  }
  return lines;
}
