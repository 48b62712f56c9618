import type { AnyMapping, PlaceSaid } from "./contract.ts";

/** What a mapping says of where the rows stand. Pure. */

/** Only what is said of it. */
export function placeSaid({ sheet, sheets, headerRow }: PlaceSaid): PlaceSaid {
  return {
    ...(sheet !== undefined && { sheet }),
    ...(sheets !== undefined && { sheets }),
    ...(headerRow !== undefined && { headerRow }),
  };
}

/** Whether a mapping is about another place than the one that is found by itself. */
export function isElsewhere({ sheet, sheets, headerRow }: PlaceSaid): boolean {
  return sheet !== undefined || sheets !== undefined || headerRow !== undefined;
}

/** A mapping that names no columns says only where they stand and how they are meant: the rest is guessed. */
export function saysNothing({ columns }: AnyMapping): boolean {
  return Object.keys(columns).length === 0;
}
