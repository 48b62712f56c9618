/** What `openbook figures` prints: for a script by name, for people in columns. */
import { figureNames, type Comparison, type Figures, type FiguresBy, type FigureName } from "./figures/contract.ts";
import type { Result } from "./cli-commands.ts";
import { AppError } from "./errors.ts";

type Made = Figures["figures"];

/** @throws AppError invalid_input for a word that is none of these */
export function wordOf<T extends string>(option: string, words: readonly T[], word: string): T {
  const found = words.find((one) => one === word);
  if (found) return found;
  throw new AppError("invalid_input", `--${option} is one of ${words.join(", ")}; "${word}" is none.`, {
    [option]: `One of ${words.join(", ")}.`,
  });
}

export function figuresResult(result: Figures): Result {
  const { from, to, asOf, timeZone, family } = result;
  const sentence = plain(result.sentence);
  return {
    json: { ...flat(result.figures), from, to, asOf, timeZone, family, sentence, ...compared(result.comparison) },
    text: [
      sentence,
      ...(result.comparison ? [plain(result.comparison.sentence)] : []),
      ...lines(result.figures, result.comparison),
    ].join("\n"),
  };
}

export function figuresByResult(result: FiguresBy): Result {
  const { dimension, from, to, asOf, timeZone, family } = result;
  const rows = result.rows.map(({ figures, ...row }) => ({ ...row, ...flat(figures) }));
  return {
    json: { dimension, from, to, asOf, timeZone, family, rows, total: flat(result.total) },
    text: table(result),
  };
}

/** Values by name at the top, so that a script reads `.reported`; n and unknown beside them, by the same names. */
function flat(figures: Made): Record<string, unknown> {
  const names = Object.keys(figures) as FigureName[];
  const pick = (key: "value" | "n" | "unknown" | "notYet") =>
    Object.fromEntries(names.map((name) => [name, figures[name][key]]));
  return { ...pick("value"), n: pick("n"), unknown: pick("unknown"), notYet: pick("notYet") };
}

function plain(sentence: Figures["sentence"]): string {
  return sentence.map((part) => ("text" in part ? part.text : part.number)).join("");
}

function compared(comparison: Comparison | undefined): Record<string, unknown> {
  if (!comparison) return {};
  const { figures, sentence, ...rest } = comparison;
  return { comparison: { ...rest, sentence: plain(sentence), ...(figures ? flat(figures) : {}) } };
}

function lines(figures: Made, comparison: Comparison | undefined): string[] {
  const then = comparison?.figures;
  return figureNames.map((name) => {
    const { value, n, unknown } = figures[name];
    const known = unknown > 0 ? `known for ${n}, not for ${unknown}` : "";
    const before = then ? `then ${String(then[name].value ?? "unknown")}` : "";
    const told = [before.padEnd(then ? 14 : 0), known].filter(Boolean).join("  ");
    return `  ${name.padEnd(36)}${String(value ?? "unknown").padStart(8)}  ${told}`.trimEnd();
  });
}

const columns = [
  "reported",
  "closed",
  "confirmed",
  "reopened",
  "firstResponseMedianMinutes",
  "resolutionMedianMinutes",
  "resolutionWithinTarget",
] as const satisfies FigureName[];
const widest = 40;

function table({ dimension, rows, total }: FiguresBy): string {
  const named = rows.map(({ part, key, name, values, figures }) => {
    const words = { value: name ?? key ?? "", none: `no ${dimension} recorded`, rest: `${values} others` }[part];
    return [words.length > widest ? `${words.slice(0, widest - 1)}…` : words, ...cells(figures)];
  });
  const all = [[dimension, ...columns], ...named, ["all", ...cells(total)]];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all
    .map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  "))
    .join("\n");
}

/** None of these is not the same as nobody knows. */
function cells(figures: Made): string[] {
  return columns.map((name) => {
    const { value, n, unknown } = figures[name];
    return value === null || (n === 0 && unknown > 0) ? "unknown" : String(value);
  });
}
