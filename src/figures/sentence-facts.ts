import type { Figure, FigureName, Figures } from "./contract.ts";
import type { Period } from "./periods.ts";

/** What a sentence is made from, in any language. */
export interface SentenceFacts {
  figures: Record<FigureName, Figure>;
  period: Period;
  /** The local date; undefined where the record is shown as of a past moment: then "last week" would mislead. */
  today: Temporal.PlainDate | undefined;
  /** Name of the supplier the figures are limited to. */
  supplier: string | undefined;
}

export type Part = Figures["sentence"][number];
