import {
  addPeople,
  allPeople,
  changePeople,
  emailKey,
  nameKey,
  type KnownPerson,
  type PersonInput,
} from "../companies/companies.ts";
import type { Context } from "../context.ts";
import type { ListField } from "./contract.ts";
import { thingOf, type Identity, type Refused, type Thing } from "./lists-fold.ts";
import { changesOf, inBatches, textsOf, type OpenList } from "./lists-open.ts";
import type { ListRow } from "./lists-rows.ts";
import { KnownSuppliers } from "./lists-suppliers.ts";
import type { Findings } from "./parse-findings.ts";

/**
 * People: by e-mail address, else by name and whose people they are. Somebody known by name alone, as the requests
 * named them, is the one whose address comes now.
 */
export async function openPeople(ctx: Context, rows: readonly ListRow[]): Promise<OpenList> {
  const suppliers = await KnownSuppliers.open(ctx);
  const people = await allPeople(ctx);
  const identity = new PeopleIdentity(people, suppliers);
  return {
    identity,
    rows: rows.map((row) => withWholeName(row)),
    doubt: (findings, fold) => {
      suppliers.doubt(findings, textsOf(fold, "supplier"));
      identity.doubt(findings);
    },
    async write(ctx, fold, onWritten) {
      const newSuppliers = await suppliers.add(ctx, textsOf(fold, "supplier"));
      const added = await inBatches(fold.added, onWritten, (batch) =>
        addPeople(
          ctx,
          batch.map(({ says }) => inputOf(says, suppliers) as PersonInput),
        ),
      );
      await inBatches(fold.changed, onWritten, (batch) =>
        changePeople(
          ctx,
          batch.map((thing) => ({ id: thing.id!, to: inputOf(changesOf(thing), suppliers) })),
        ),
      );
      return { added: added.flat(), suppliers: newSuppliers };
    },
  };
}

function inputOf(says: ReadonlyMap<ListField, string>, suppliers: KnownSuppliers): Partial<PersonInput> {
  const supplier = says.get("supplier");
  const { name, email, phone, department } = Object.fromEntries(says) as Partial<Record<ListField, string>>;
  return { name, email, phone, department, supplierId: supplier === undefined ? undefined : suppliers.idOf(supplier) };
}

/** First and last name are one name; a whole name that stands beside them wins. */
function withWholeName(row: ListRow): ListRow {
  const says = new Map(row.says);
  const parts = [says.get("firstName"), says.get("lastName")].filter((part) => part !== undefined);
  says.delete("firstName");
  says.delete("lastName");
  if (!says.has("name") && parts.length > 0) says.set("name", parts.join(" ").slice(0, 200).toWellFormed());
  return { ...row, says };
}

class PeopleIdentity implements Identity {
  readonly called = "person";
  private readonly suppliers: KnownSuppliers;
  private readonly byEmail = new Map<string, Thing>();
  private readonly byName = new Map<string, Thing[]>();
  private readonly members = new Set<string>();
  private namesakes = 0;

  constructor(people: readonly KnownPerson[], suppliers: KnownSuppliers) {
    this.suppliers = suppliers;
    for (const { id, name, email, phone, department, supplierId, leftAt, isMember } of people) {
      if (isMember) this.members.add(id);
      const supplier = supplierId === null ? undefined : suppliers.nameOf(supplierId);
      this.learn(
        thingOf(id, leftAt !== null, [
          ["name", name],
          ["email", email],
          ["phone", phone],
          ["department", department],
          ["supplier", supplier],
        ]),
      );
    }
  }

  keyOf(field: ListField, text: string): string {
    if (field === "name") return nameKey(text);
    if (field === "email") return emailKey(text);
    return field === "supplier" ? this.suppliers.keyOf(text) : text;
  }

  learn(thing: Thing): void {
    const [name, email] = [thing.says.get("name"), thing.says.get("email")];
    if (email !== undefined) this.byEmail.set(emailKey(email), thing);
    if (name === undefined || thing.ended) return;
    const key = nameKey(name);
    const same = this.byName.get(key) ?? [];
    if (!same.includes(thing)) this.byName.set(key, [...same, thing]);
  }

  find({ says }: ListRow): Thing | Refused | undefined {
    const [name, email, supplier] = [says.get("name"), says.get("email"), says.get("supplier")];
    const known = email === undefined ? undefined : this.byEmail.get(emailKey(email));
    if (known || name === undefined) return known;
    const side = (thing: Thing) => this.suppliers.keyOf(thing.says.get("supplier") ?? "");
    const named = this.byName.get(nameKey(name)) ?? [];
    const here =
      supplier === undefined ? named : named.filter((thing) => side(thing) === this.suppliers.keyOf(supplier));
    const open = email === undefined ? here : here.filter((thing) => !thing.says.has("email"));
    if (open.length === 0 && here.length > 0) this.namesakes++;
    const own = open.filter((thing) => side(thing) === "");
    if (open.length > 1 && own.length !== 1) {
      const message = `${open.length} people have this name. Give the e-mail address, so that the right one is changed.`;
      return { code: "several_of_this_name", message };
    }
    return own.length === 1 ? own[0] : open[0];
  }

  complete({ says }: ListRow): Map<ListField, string> | Refused {
    const name = says.get("name") ?? says.get("email")?.slice(0, 200);
    if (name === undefined) {
      return { code: "no_name", message: "The row names nobody: neither a name nor an e-mail address." };
    }
    return new Map([...says, ["name", name]]);
  }

  refuse({ id }: Thing, field: ListField): Refused | undefined {
    if (field !== "supplier" || id === undefined || !this.members.has(id)) return undefined;
    const message = "Somebody with an account here cannot change sides. End the membership first.";
    return { code: "person_is_member", message };
  }

  doubt(findings: Findings): void {
    if (this.namesakes === 0) return;
    const message = "People who have the name of somebody in the record, but another e-mail address: taken for others.";
    findings.doubt(null, "namesake", message, this.namesakes);
  }
}
