import { addHolidays, getSettings } from "../companies/companies.ts";
import type { Context } from "../context.ts";
import type { ListField } from "./contract.ts";
import { thingOf, type Identity, type Refused, type Thing } from "./lists-fold.ts";
import { textsOf, type OpenList } from "./lists-open.ts";
import type { ListRow } from "./lists-rows.ts";
import { KnownSuppliers } from "./lists-suppliers.ts";

/** What the record keeps of a holiday's name. */
const maxName = 100;

/** Holidays: by day, of the company or of one supplier. */
export async function openHolidays(ctx: Context, rows: readonly ListRow[]): Promise<OpenList> {
  const suppliers = await KnownSuppliers.open(ctx);
  const identity = new HolidayIdentity(suppliers);
  for (const { id, date, name, supplierId } of (await getSettings(ctx)).holidays) {
    const supplier = supplierId === null ? undefined : suppliers.nameOf(supplierId);
    identity.learn(
      thingOf(id, false, [
        ["date", date],
        ["name", name],
        ["supplier", supplier],
      ]),
    );
  }
  return {
    identity,
    rows,
    doubt: (findings, fold) => suppliers.doubt(findings, textsOf(fold, "supplier")),
    async write(ctx, fold, onWritten) {
      const { added, changed } = fold;
      if (added.length + changed.length === 0) return { added: [] };
      const newSuppliers = await suppliers.add(ctx, textsOf(fold, "supplier"));
      const holidays = [...added, ...changed].map(({ says }) => ({
        date: says.get("date")!,
        name: says.get("name")!,
        supplierId: suppliers.idOf(says.get("supplier") ?? ""),
      }));
      // All at once: each change of the holidays has every request of the company measured anew.
      const settings = await addHolidays(ctx, { holidays });
      await onWritten(holidays.length);
      const ids = new Map(settings.holidays.map(({ id, date, supplierId }) => [`${date} ${supplierId}`, id]));
      const addedIds = holidays.slice(0, added.length).map(({ date, supplierId }) => ids.get(`${date} ${supplierId}`)!);
      return { added: addedIds, suppliers: newSuppliers };
    },
  };
}

class HolidayIdentity implements Identity {
  readonly called = "day";
  private readonly suppliers: KnownSuppliers;
  private readonly days = new Map<string, Thing>();

  constructor(suppliers: KnownSuppliers) {
    this.suppliers = suppliers;
  }

  keyOf(field: ListField, text: string): string {
    return field === "supplier" ? this.suppliers.keyOf(text) : text;
  }

  learn(thing: Thing): void {
    this.days.set(this.dayOf(thing.says), thing);
  }

  find({ says }: ListRow): Thing | Refused | undefined {
    const name = says.get("name") ?? "";
    if (name.length <= maxName) return this.days.get(this.dayOf(says));
    const message = `The name has ${name.length} characters; at most ${maxName} are kept.`;
    return { code: "too_long", message };
  }

  complete({ says }: ListRow): Map<ListField, string> | Refused {
    if (!says.has("date")) return { code: "no_date", message: "The row names no day." };
    if (!says.has("name")) return { code: "no_name", message: "The day has no name." };
    return new Map(says);
  }

  private dayOf(says: ReadonlyMap<ListField, string>): string {
    return `${says.get("date")} ${this.suppliers.keyOf(says.get("supplier") ?? "")}`;
  }
}
