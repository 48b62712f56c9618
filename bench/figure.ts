/** One measured number and what it stands beside. */
export interface Figure {
  name: string;
  what: string;
  value: number;
  unit: string;
  /** The same work without what is ours, measured in the same run. */
  floor?: { value: number; what: string };
  /** value / floor, or the other way round where less is better; undefined: no floor. */
  ratio?: number;
  target?: Target;
  /** What else was seen, by name. */
  more?: Record<string, number | string>;
}

export interface Target {
  of: "ratio" | "value";
  at: "least" | "most";
  bound: number;
}

export function met(figure: Figure): boolean | undefined {
  if (!figure.target) return undefined;
  const { of, at, bound } = figure.target;
  const measured = of === "ratio" ? figure.ratio : figure.value;
  if (measured === undefined || Number.isNaN(measured)) return false;
  return at === "least" ? measured >= bound : measured <= bound;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The nearest-rank percentile. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]!;
}

/** A table for people: one figure a line, what else was seen below it. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.what,
    `${short(figure.value)} ${figure.unit}`,
    figure.floor ? `${short(figure.floor.value)} ${figure.unit}` : "",
    figure.ratio === undefined ? "" : short(figure.ratio),
    figure.target ? `${figure.target.of === "ratio" ? "ratio " : ""}${sign(figure.target)} ${figure.target.bound}` : "",
    verdict(figure),
  ]);
  const head = ["figure", "measured", "floor", "ratio", "target", ""];
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]!.length)));
  const line = (row: string[]) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join("  ")
      .trimEnd();
  const notes = figures.flatMap((figure) => notesOf(figure).map((note) => `  ${figure.name}: ${note}`));
  return [line(head), ...rows.map(line), ...(notes.length > 0 ? ["", ...notes] : [])].join("\n");
}

function notesOf({ floor, more = {} }: Figure): string[] {
  const seen = Object.entries(more).map(
    ([name, value]) => `${name} ${typeof value === "number" ? short(value) : value}`,
  );
  return [...(floor ? [`the floor is ${floor.what}`] : []), ...(seen.length > 0 ? [seen.join(" · ")] : [])];
}

function sign({ at }: Target): string {
  return at === "least" ? "≥" : "≤";
}

function verdict(figure: Figure): string {
  const reached = met(figure);
  return reached === undefined ? "" : reached ? "met" : "MISSED";
}

function short(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en-GB", { maximumFractionDigits: digits, minimumFractionDigits: digits });
}
