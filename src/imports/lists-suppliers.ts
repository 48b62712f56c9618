import {
  addSuppliers,
  changeSuppliers,
  findOrAddSuppliers,
  listSuppliers,
  nameKey,
  type SupplierInput,
} from "../companies/companies.ts";
import type { Context } from "../context.ts";
import type { ListField } from "./contract.ts";
import { thingOf, type Identity, type Refused, type Thing } from "./lists-fold.ts";
import { changesOf, inBatches, type OpenList } from "./lists-open.ts";
import type { ListRow } from "./lists-rows.ts";
import type { Findings } from "./parse-findings.ts";

/** Suppliers: by name. */
export async function openSuppliers(ctx: Context, rows: readonly ListRow[]): Promise<OpenList> {
  const identity = new SupplierIdentity();
  for (const { id, name, email, phone, endedAt } of await listSuppliers(ctx)) {
    identity.learn(
      thingOf(id, endedAt !== null, [
        ["name", name],
        ["email", email],
        ["phone", phone],
      ]),
    );
  }
  return {
    identity,
    rows,
    async write(ctx, fold, onWritten) {
      const added = await inBatches(fold.added, onWritten, (batch) =>
        addSuppliers(
          ctx,
          batch.map(({ says }) => Object.fromEntries(says) as unknown as SupplierInput),
        ),
      );
      await inBatches(fold.changed, onWritten, (batch) =>
        changeSuppliers(
          ctx,
          batch.map((thing) => ({
            id: thing.id!,
            to: Object.fromEntries(changesOf(thing)),
          })),
        ),
      );
      return { added: added.flat() };
    },
  };
}

class SupplierIdentity implements Identity {
  readonly called = "supplier";
  private readonly byName = new Map<string, Thing>();

  keyOf(field: ListField, text: string): string {
    return field === "name" ? nameKey(text) : text;
  }

  learn(thing: Thing): void {
    this.byName.set(nameKey(thing.says.get("name")!), thing);
  }

  find({ says }: ListRow): Thing | undefined {
    const name = says.get("name");
    return name === undefined ? undefined : this.byName.get(nameKey(name));
  }

  complete({ says }: ListRow): Map<ListField, string> | Refused {
    if (says.has("name")) return new Map(says);
    return { code: "no_name", message: "The row names no supplier." };
  }
}

/** The suppliers that the cells of other lists name. */
export class KnownSuppliers {
  private readonly own: string;
  private readonly names = new Map<string, string>();
  private readonly ids = new Map<string, string>();

  static async open(ctx: Context): Promise<KnownSuppliers> {
    return new KnownSuppliers(ctx.company.name, await listSuppliers(ctx));
  }

  private constructor(own: string, suppliers: readonly { id: string; name: string }[]) {
    this.own = nameKey(own);
    for (const { id, name } of suppliers) {
      this.names.set(id, name);
      this.ids.set(nameKey(name), id);
    }
  }

  nameOf(id: string): string | undefined {
    return this.names.get(id);
  }

  /** "": the company itself, whose name a list of its own people often bears. */
  keyOf(text: string): string {
    const key = nameKey(text);
    return key === this.own ? "" : key;
  }

  /** null: the company itself. Those not yet known must have been added. */
  idOf(text: string): string | null {
    const key = this.keyOf(text);
    return key === "" ? null : this.ids.get(key)!;
  }

  /** Adds those that are not known yet. @returns their ids */
  async add(ctx: Context, texts: readonly string[]): Promise<string[]> {
    const missing = this.missing(texts);
    const found = await findOrAddSuppliers(ctx, missing);
    for (const [index, text] of missing.entries()) this.ids.set(nameKey(text), found[index]!.id);
    return found.filter(({ added }) => added).map(({ id }) => id);
  }

  doubt(findings: Findings, texts: readonly string[]): void {
    for (const name of this.missing(texts)) {
      findings.doubt(null, "supplier_added", `“${name}” is not among your suppliers yet and is added.`);
    }
  }

  /** One spelling of each. */
  private missing(texts: readonly string[]): string[] {
    const byKey = new Map(texts.toReversed().map((text) => [this.keyOf(text), text]));
    return [...byKey].filter(([key]) => key !== "" && !this.ids.has(key)).map(([, text]) => text);
  }
}
