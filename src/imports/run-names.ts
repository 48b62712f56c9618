import type { Context } from "../context.ts";
import { Email } from "../contract.ts";
import {
  findOrAddPeople,
  findOrAddSuppliers,
  listSuppliers,
  nameKey,
  type NamedPerson,
} from "../companies/companies.ts";
import type { ImportedRequest } from "../requests/requests.ts";
import type { DecidedNames } from "./names.ts";
import type { FoundRequest } from "./parse.ts";

/** Turns the names of a file into people and suppliers of the record, each looked up once; unknown ones are added. */
export class Names {
  private readonly people = new Map<string, string>();
  private readonly suppliers = new Map<string, string>();
  private readonly decided: DecidedNames | undefined;
  private onlySupplier: { id: string; key: string } | null | undefined;

  /** @param decided which names stand for others */
  constructor(decided?: DecidedNames) {
    this.decided = decided;
  }

  /** The batch with ids for names, as the ledger takes it. */
  async resolve(ctx: Context, batch: readonly FoundRequest[]): Promise<ImportedRequest[]> {
    await this.findSuppliers(ctx, batch);
    const supplierOf = ({ supplier }: FoundRequest) =>
      supplier === undefined
        ? (this.onlySupplier?.id ?? null)
        : supplier === null
          ? null
          : this.suppliers.get(supplier)!;
    const wanted = new Map<string, NamedPerson>();
    for (const request of batch) {
      for (const [name, supplierId] of namesIn(request, supplierOf(request))) {
        const key = keyOf(name, supplierId);
        if (this.people.has(key) || wanted.has(key)) continue;
        const same = this.decided?.standsFor("person", supplierId === null ? "" : this.sideOf(request), name);
        if (same?.id) this.people.set(key, same.id);
        else wanted.set(key, personOf(same?.name ?? name, supplierId));
      }
    }
    const found = await findOrAddPeople(ctx, [...wanted.values()]);
    for (const [at, key] of [...wanted.keys()].entries()) this.people.set(key, found[at]!.id);
    return batch.map((request) => {
      const { reporter, technician } = request;
      const supplierId = supplierOf(request);
      const idOf = (name: string | null, side: string | null) =>
        name === null ? null : this.people.get(keyOf(name, side))!;
      return { ...request, supplierId, reporterId: idOf(reporter, null), technicianId: idOf(technician, supplierId) };
    });
  }

  private async findSuppliers(ctx: Context, batch: readonly FoundRequest[]): Promise<void> {
    const names = new Set(batch.map(({ supplier }) => supplier).filter((name) => typeof name === "string"));
    const missing: string[] = [];
    for (const name of names) {
      if (this.suppliers.has(name)) continue;
      const same = this.decided?.standsFor("supplier", "", name);
      if (same?.id) this.suppliers.set(name, same.id);
      else missing.push(name);
    }
    const meant = missing.map((name) => this.decided?.standsFor("supplier", "", name)?.name ?? name);
    const found = await findOrAddSuppliers(ctx, meant);
    for (const [at, name] of missing.entries()) this.suppliers.set(name, found[at]!.id);
    if (this.onlySupplier !== undefined || batch.every(({ supplier }) => supplier !== undefined)) return;
    const current = (await listSuppliers(ctx)).filter(({ endedAt }) => endedAt === null);
    const [only] = current;
    this.onlySupplier = current.length === 1 ? { id: only!.id, key: nameKey(only!.name) } : null;
  }

  /** Whose people a technician belongs to, as it was decided about them. */
  private sideOf({ supplier }: FoundRequest): string {
    if (typeof supplier !== "string") return this.onlySupplier?.key ?? "";
    return nameKey(this.decided?.standsFor("supplier", "", supplier)?.name ?? supplier);
  }
}

/** Who reports is one of the company's own people, who repairs one of the supplier's. */
function namesIn({ reporter, technician }: FoundRequest, supplierId: string | null): [string, string | null][] {
  const names: [string, string | null][] = [];
  if (reporter !== null) names.push([reporter, null]);
  if (technician !== null) names.push([technician, supplierId]);
  return names;
}

function keyOf(name: string, supplierId: string | null): string {
  return `${supplierId ?? ""} ${name}`;
}

const withAddress = /^([^<>]*)<([^<>\s]+@[^<>\s]+)>$/;

/** "Ana Lopes <ana@example.org>", "ana@example.org" or just a name. */
export function personOf(text: string, supplierId: string | null): NamedPerson {
  const [, name = "", address = text] = withAddress.exec(text) ?? [];
  if (!address.includes("@") || !Email.safeParse(address).success) return { name: text, supplierId };
  return { name: name.replaceAll('"', "").trim() || address, email: address, supplierId };
}
