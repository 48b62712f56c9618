import { allPeople, listSuppliers, nameKey } from "../companies/companies.ts";
import type { Context } from "../context.ts";
import type { ImportReport } from "./contract.ts";
import { alikeNames } from "./look-alikes.ts";
import { DecidedNames } from "./names.ts";
import type { Parsed } from "./parse.ts";
import { personOf } from "./run-names.ts";

type NameQuestion = NonNullable<ImportReport["names"]>[number];

/** Questions that are asked at once; the most frequent names first. */
const mostQuestions = 50;
/** Different names beyond which nobody could answer. */
const mostNames = 20_000;

/** Finds the names of a file that may be another spelling of one that is known, or of one another. */
export class AlikeNames {
  private readonly decided: DecidedNames;
  /** By side: the names the record has there, by their keys. */
  private readonly known = new Map<string, Map<string, string>>();
  private readonly suppliers: Map<string, string>;
  private readonly onlySupplier: string;
  /** By side and name, how many requests name them. */
  private readonly people = new Map<string, Map<string, number>>();
  private readonly firms = new Map<string, number>();
  private count = 0;

  private constructor(decided: DecidedNames, people: People, suppliers: Suppliers) {
    this.decided = decided;
    this.suppliers = new Map(suppliers.map(({ name }) => [nameKey(name), name]));
    const current = suppliers.filter(({ endedAt }) => endedAt === null);
    this.onlySupplier = current.length === 1 ? nameKey(current[0]!.name) : "";
    const sides = new Map(suppliers.map(({ id, name }) => [id, nameKey(name)]));
    for (const { name, supplierId, leftAt } of people) {
      if (leftAt) continue;
      const side = supplierId === null ? "" : (sides.get(supplierId) ?? "");
      const there = this.known.get(side) ?? new Map<string, string>();
      this.known.set(side, there.set(nameKey(name), name));
    }
  }

  /** Before the file brings anybody. */
  static async open(ctx: Context, decided: DecidedNames, parsed: Parsed): Promise<AlikeNames> {
    const alike = new AlikeNames(decided, await allPeople(ctx), await listSuppliers(ctx));
    alike.read(parsed);
    return alike;
  }

  private read(parsed: Parsed): void {
    for (const { supplier, reporter, technician } of parsed.named()) {
      if (this.count > mostNames) return;
      if (typeof supplier === "string") this.note(this.firms, supplier);
      if (reporter !== null) this.noteAt("", reporter);
      if (technician !== null) this.noteAt(this.sideOf(supplier), technician);
    }
  }

  private sideOf(supplier: string | null | undefined): string {
    if (typeof supplier !== "string") return supplier === undefined ? this.onlySupplier : "";
    return nameKey(this.decided.standsFor("supplier", "", supplier)?.name ?? supplier);
  }

  private noteAt(side: string, name: string): void {
    let names = this.people.get(side);
    if (!names) this.people.set(side, (names = new Map()));
    this.note(names, name);
  }

  private note(names: Map<string, number>, name: string): void {
    const before = names.get(name);
    if (before === undefined) this.count++;
    names.set(name, (before ?? 0) + 1);
  }

  /** What a person should be asked, the most frequent first. */
  questions(): NameQuestion[] {
    if (this.count > mostNames) return [];
    const of = (kind: NameQuestion["kind"], side: string, known: Map<string, string>, found: Map<string, number>) => {
      const open = new Map([...found].filter(([name]) => this.isOpen(kind, side, name, known)));
      const shown = this.suppliers.get(side) ?? side;
      return alikeNames(kind, known.values(), open).map((alike) => ({ kind, side: shown, ...alike }));
    };
    const none = new Map<string, string>();
    const people = [...this.people].flatMap(([side, found]) => of("person", side, this.known.get(side) ?? none, found));
    const questions = [...of("supplier", "", this.suppliers, this.firms), ...people];
    return questions.toSorted((a, b) => b.rows - a.rows).slice(0, mostQuestions);
  }

  private isOpen(kind: NameQuestion["kind"], side: string, name: string, known: Map<string, string>): boolean {
    // An address decides alone.
    if (kind === "person" && personOf(name, null).email) return false;
    return !known.has(nameKey(name)) && !this.decided.isDecided(kind, side, name);
  }
}

type People = Awaited<ReturnType<typeof allPeople>>;
type Suppliers = Awaited<ReturnType<typeof listSuppliers>>;

/** The same for whoever reads only the list of doubts. */
export function alikeDoubts(questions: readonly NameQuestion[]): ImportReport["doubts"] {
  return questions.map(({ name, alike, rows }) => {
    const others = alike.map((other) => `“${other}”`).join(" or ");
    const message = `“${name}” looks like ${others}. Until somebody says that they are the same, it counts as another.`;
    return { row: null, code: "looks_alike", message, count: rows };
  });
}
