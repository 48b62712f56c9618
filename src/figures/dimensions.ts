/** By what figures are told apart: where it stands on a request, how it is named, and the filter that lists its rows. */
import { sql, type RawBuilder } from "kysely";
import type { Context } from "../context.ts";
import { priorities } from "../companies/contract.ts";
import { channels, maxLeftOut } from "../requests/contract.ts";
import { weekdayOf } from "../requests/requests.ts";
import type { Dimension } from "./contract.ts";
import type { Rows } from "./scope.ts";

/** Its values are known beforehand and always recorded; each has its row, also without a request. */
interface Fixed {
  /** SQL over `r`. */
  key: (ctx: Context) => RawBuilder<unknown>;
  values: readonly string[];
}

/** Its values are whatever was recorded: many, or never any. */
export interface Open {
  key: (ctx: Context) => RawBuilder<unknown>;
  /** SQL over `c.value`: what the value is called. */
  name: RawBuilder<unknown>;
  /** SQL over `key`: how many characters it takes, at most, in an address that names it. */
  size: RawBuilder<unknown>;
}

const personsName = sql`(select p.name from people p where p.company_id = c.company_id and p.id = c.value)`;
/** In a JSON array, its quotes and comma percent-encoded. */
const sizeOfId = sql`45`;
const sizeOfText = sql`9 + 3 * octet_length(key)`;

export const dimensionsOf: Record<Dimension, Fixed | Open> = {
  supplier: {
    key: () => sql`r.supplier_id`,
    name: sql`(select s.name from suppliers s where s.company_id = c.company_id and s.id = c.value)`,
    size: sizeOfId,
  },
  category: { key: () => sql`r.category`, name: sql`c.value`, size: sizeOfText },
  reporter: { key: () => sql`r.reporter_id`, name: personsName, size: sizeOfId },
  technician: { key: () => sql`r.technician_id`, name: personsName, size: sizeOfId },
  priority: { key: () => sql`r.priority`, values: priorities },
  channel: { key: () => sql`r.channel`, values: channels },
  weekday: { key: weekdayOf, values: ["1", "2", "3", "4", "5", "6", "7"] },
};

/** The filter of one value. */
export function rowsOfValue(dimension: Dimension, key: string): Rows {
  return { [dimension]: key };
}

/** The filter of those for which nothing was recorded. */
export function rowsOfNone(dimension: Dimension): Rows {
  return { without: dimension };
}

/** The filter of what is left when these are taken out. */
export function rowsOfRest(dimension: Dimension, shown: readonly string[]): Rows {
  return { [`${dimension}Not`]: JSON.stringify(shown) };
}

/** The rest is listed by what it leaves out, and that list must fit into an address. */
export const restFits = { values: maxLeftOut, size: 4500 } as const;
