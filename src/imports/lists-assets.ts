import { addAssets, allAssets, changeAssets, serialKey, type AssetInput } from "../assets/assets.ts";
import type { Asset, AssetKind } from "../assets/contract.ts";
import { nameKey } from "../companies/companies.ts";
import type { Context } from "../context.ts";
import type { ListField } from "./contract.ts";
import { thingOf, type Identity, type Refused, type Thing } from "./lists-fold.ts";
import { changesOf, inBatches, textsOf, type OpenList } from "./lists-open.ts";
import { KnownOwners } from "./lists-owners.ts";
import type { ListRow } from "./lists-rows.ts";
import { KnownSuppliers } from "./lists-suppliers.ts";
import type { Findings } from "./parse-findings.ts";

/** Assets: by serial number, else by name; where several rows have one name, by who uses it and its place as well. */
export async function openAssets(ctx: Context, rows: readonly ListRow[]): Promise<OpenList> {
  const suppliers = await KnownSuppliers.open(ctx);
  const owners = await KnownOwners.open(ctx);
  const read = rows.map(withoutMadeUpSerial);
  const identity = new AssetIdentity(suppliers, owners, read);
  for (const asset of await allAssets(ctx)) identity.learn(thingOfAsset(asset, owners));
  return {
    identity,
    rows: read,
    doubt(findings, fold) {
      suppliers.doubt(findings, textsOf(fold, "supplier"));
      owners.doubt(findings, textsOf(fold, "owner"));
      identity.doubt(findings);
    },
    async write(ctx, fold, onWritten) {
      const newSuppliers = await suppliers.add(ctx, textsOf(fold, "supplier"));
      const newPeople = await owners.add(ctx, textsOf(fold, "owner"));
      const input = (says: ReadonlyMap<ListField, string>) => inputOf(says, suppliers, owners);
      const added = await inBatches(fold.added, onWritten, (batch) =>
        addAssets(
          ctx,
          batch.map(({ says }) => ({ kind: "other", ...input(says) }) as AssetInput),
        ),
      );
      await inBatches(fold.changed, onWritten, (batch) =>
        changeAssets(
          ctx,
          batch.map((thing) => ({ id: thing.id!, to: input(changesOf(thing)) })),
        ),
      );
      return { added: added.flat(), people: newPeople, suppliers: newSuppliers };
    },
  };
}

function thingOfAsset(asset: Asset, owners: KnownOwners): Thing {
  const { id, name, kind, serialNumber, place, owner, supplier, warrantyEnds, note, endedAt } = asset;
  return thingOf(id, endedAt !== null, [
    ["name", name],
    ["kind", kind],
    ["serialNumber", serialNumber],
    ["place", place],
    ["owner", owner && owners.known(owner)],
    ["supplier", supplier?.name],
    ["warrantyEnds", warrantyEnds],
    ["note", note],
  ]);
}

function inputOf(
  says: ReadonlyMap<ListField, string>,
  suppliers: KnownSuppliers,
  owners: KnownOwners,
): Partial<AssetInput> {
  const { name, kind, serialNumber, place, warrantyEnds, note } = Object.fromEntries(says) as Partial<
    Record<ListField, string>
  >;
  const [owner, supplier] = [says.get("owner"), says.get("supplier")];
  return {
    ...(name !== undefined && { name }),
    ...(kind !== undefined && { kind: kind as AssetKind }),
    serialNumber,
    place,
    warrantyEnds,
    note,
    ...(owner !== undefined && { owner: { id: owners.idOf(owner) } }),
    ...(supplier !== undefined && { supplierId: suppliers.idOf(supplier) }),
  };
}

/** What machines without a serial number call theirs; many have the same. */
const madeUp =
  /^(?:to be filled by o\.?e\.?m\.?|default string|system serial number|chassis serial number|not specified|not applicable|not available|oem|invalid|0+|1234567890?|x+|serial)$/i;

function withoutMadeUpSerial(row: ListRow): ListRow {
  if (!madeUp.test(row.says.get("serialNumber") ?? "")) return row;
  return { ...row, says: new Map([...row.says].filter(([field]) => field !== "serialNumber")) };
}

class AssetIdentity implements Identity {
  readonly called = "asset";
  private readonly suppliers: KnownSuppliers;
  private readonly owners: KnownOwners;
  private readonly bySerial = new Map<string, Thing>();
  private readonly byName = new Map<string, Set<Thing>>();
  /** Names without serial number that several rows of the file have. */
  private readonly shared: Set<string>;
  private nameless = 0;

  constructor(suppliers: KnownSuppliers, owners: KnownOwners, rows: readonly ListRow[]) {
    this.suppliers = suppliers;
    this.owners = owners;
    const seen = new Set<string>();
    this.shared = new Set<string>();
    for (const { says } of rows) {
      const name = says.get("name");
      if (name === undefined || says.has("serialNumber")) continue;
      const key = nameKey(name);
      if (seen.has(key)) this.shared.add(key);
      seen.add(key);
    }
  }

  keyOf(field: ListField, text: string): string {
    if (field === "name") return nameKey(text);
    if (field === "serialNumber") return serialKey(text);
    if (field === "owner") return this.owners.keyOf(text);
    return field === "supplier" ? this.suppliers.keyOf(text) : text;
  }

  learn(thing: Thing): void {
    const [name, serial] = [thing.says.get("name"), thing.says.get("serialNumber")];
    if (serial !== undefined) this.bySerial.set(serialKey(serial), thing);
    if (name === undefined || thing.ended) return;
    const same = this.byName.get(nameKey(name)) ?? new Set();
    this.byName.set(nameKey(name), same.add(thing));
  }

  find(row: ListRow): Thing | Refused | undefined {
    const { says } = row;
    const [name, serial] = [says.get("name"), says.get("serialNumber")];
    const known = serial === undefined ? undefined : this.bySerial.get(serialKey(serial));
    if (known || name === undefined) return known;
    let named = [...(this.byName.get(nameKey(name)) ?? [])];
    if (serial !== undefined) named = named.filter((thing) => !thing.says.has("serialNumber"));
    else if (this.shared.has(nameKey(name))) return named.find((thing) => this.agrees(thing, row));
    if (named.length > 1) named = named.filter((thing) => this.agrees(thing, row));
    if (named.length <= 1) return named[0];
    const message = `${named.length} assets have this name. Give the serial number, so that the right one is changed.`;
    return { code: "several_of_this_name", message };
  }

  /** Same user, same place, as far as the row says them. */
  private agrees(thing: Thing, { says }: ListRow): boolean {
    return (["owner", "place"] as const).every((field) => {
      const text = says.get(field);
      return text === undefined || this.keyOf(field, thing.says.get(field) ?? "") === this.keyOf(field, text);
    });
  }

  complete({ says }: ListRow): Map<ListField, string> | Refused {
    const name = says.get("name") ?? says.get("serialNumber");
    if (name === undefined) {
      return { code: "no_name", message: "The row names no asset: neither a name nor a serial number." };
    }
    if (!says.has("name")) this.nameless++;
    return new Map([...says, ["name", name]]);
  }

  doubt(findings: Findings): void {
    if (this.nameless === 0) return;
    findings.doubt(null, "nameless", "Assets without a name: the serial number stands in.", this.nameless);
  }
}
