import type { Chance } from "./chance.ts";
import { colleagues, type Colleague } from "./company.ts";
import { customers } from "./words.ts";

export interface Blanks {
  reporter: Colleague;
  asset?: string | undefined;
  technician?: string | undefined;
}

/** Fills the blanks of a text: {first} of the reporter, {colleague}, {customer}, {asset}, {me}, {ext}, {number}, … */
export function fill(chance: Chance, text: string, { reporter, asset, technician }: Blanks): string {
  return text.replaceAll(/\{(\w+)\}/g, (blank, name: string) => {
    switch (name) {
      case "first":
        return firstName(reporter.name);
      case "department":
        return reporter.department;
      case "me":
        return reporter.laptop ?? "the shared terminal";
      case "ext":
        return reporter.extension ?? "260";
      case "asset":
        return asset ?? "the device";
      case "colleague":
        return firstName(neighbour(chance, reporter).name);
      case "customer":
        return chance.pick(customers);
      case "number":
        return String(chance.between(20_400, 48_900));
      case "technician":
        return technician ? firstName(technician) : "";
      default:
        return blank;
    }
  });
}

function neighbour(chance: Chance, reporter: Colleague): Colleague {
  const others = colleagues.filter((c) => c !== reporter && !c.newcomer && c.email);
  const near = others.filter((c) => c.department === reporter.department);
  return chance.pick(near.length > 0 ? near : others);
}

function firstName(name: string): string {
  return name.split(" ")[0]!;
}

/** How somebody writes who has no time: two letters swapped in one long word, or no capital at the beginning. */
export function hurried(chance: Chance, subject: string): string {
  const words = subject.split(" ");
  const long = words.flatMap((word, i) => (i > 0 && /^[a-z]{6,}$/.test(word) ? [i] : []));
  if (long.length === 0 || chance.yes(0.4)) return subject[0]!.toLowerCase() + subject.slice(1);
  const index = chance.pick(long);
  const word = words[index]!;
  const at = chance.between(1, word.length - 3);
  words[index] = word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2);
  return words.join(" ");
}
