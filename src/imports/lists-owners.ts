import { allPeople, emailKey, findOrAddPeople, nameKey, type NamedPerson } from "../companies/companies.ts";
import type { Context } from "../context.ts";
import { personOf } from "./run-names.ts";
import type { Findings } from "./parse-findings.ts";

/** The people that the cells of an inventory name as users of a thing; those not yet known are added. */
export class KnownOwners {
  private readonly ids = new Map<string, string>();

  static async open(ctx: Context): Promise<KnownOwners> {
    const owners = new KnownOwners();
    for (const { id, name, email, supplierId, leftAt } of await allPeople(ctx)) {
      if (email !== null) owners.ids.set(emailKey(email), id);
      // Of several of one name the first recorded, as wherever a name is typed.
      const key = nameKey(name);
      if (supplierId === null && leftAt === null && !owners.ids.has(key)) owners.ids.set(key, id);
    }
    return owners;
  }

  /** Stands for somebody of the record, in a form no cell can have: names are not unique. */
  known({ id }: { id: string }): string {
    return `\u0000${id}`;
  }

  keyOf(text: string): string {
    if (text === "" || text.startsWith("\u0000")) return text;
    const { key } = keyed(text);
    const id = this.ids.get(key);
    return id === undefined ? key : `\u0000${id}`;
  }

  /** Those not yet known must have been added. */
  idOf(text: string): string {
    return text.startsWith("\u0000") ? text.slice(1) : this.ids.get(keyed(text).key)!;
  }

  /** Adds those that are not known yet. @returns their ids */
  async add(ctx: Context, texts: readonly string[]): Promise<string[]> {
    const missing = this.missing(texts);
    const found = await findOrAddPeople(ctx, [...missing.values()]);
    for (const [index, key] of [...missing.keys()].entries()) this.ids.set(key, found[index]!.id);
    return found.filter(({ added }) => added).map(({ id }) => id);
  }

  doubt(findings: Findings, texts: readonly string[]): void {
    for (const { name } of this.missing(texts).values()) {
      findings.doubt(null, "person_added", `“${name}” is not among your people yet and is added.`);
    }
  }

  private missing(texts: readonly string[]): Map<string, NamedPerson> {
    const asked = texts.filter((text) => !text.startsWith("\u0000")).map(keyed);
    return new Map(asked.filter(({ key }) => !this.ids.has(key)).map(({ key, person }) => [key, person]));
  }
}

function keyed(text: string): { key: string; person: NamedPerson } {
  const person = personOf(text, null);
  return { key: person.email ? emailKey(person.email) : nameKey(person.name), person };
}
