/** Names that may be two spellings of one: people and suppliers of a file next to those of the record. Pure. */

export interface Alike {
  name: string;
  /** In how many requests it stands. */
  rows: number;
  /** What it may be another spelling of, known ones first. */
  alike: string[];
}

const mostAlike = 3;
/** Names that share one word of which are looked at: beyond, the word is no name but a kind of one. */
const mostOfOneWord = 200;
/** Longer ones are no names of people. */
const longest = 60;
const legal = new Set(
  "gmbh ag kg ohg ug se ltd limited llc inc corp co plc bv nv sa sas sarl srl spa sl slu lda oy ab as aps kft".split(
    " ",
  ),
);

interface Folded {
  name: string;
  words: string[];
  /** In order of the alphabet: "Tanaka, Bo" is "Bo Tanaka". */
  sorted: string;
  isKnown: boolean;
}

/**
 * Of each new name, which others it may be another spelling of: the order of words, accents and signs, an initial, a
 * first name or a further surname alone, one letter. Names that differ by a number are not alike: "Caller 17".
 * @param known names of the record; what is exactly among them is not asked about
 * @param found names of the file, with the rows they stand in
 */
export function alikeNames(
  kind: "person" | "supplier",
  known: Iterable<string>,
  found: ReadonlyMap<string, number>,
): Alike[] {
  const index = new Index();
  for (const name of known) index.add(fold(kind, name, true));
  const fresh = [...found.keys()].filter((name) => name.length <= longest).map((name) => fold(kind, name, false));
  // Of two that are new the fuller one is the name, the other the spelling.
  fresh.sort(
    (a, b) => letters(b) - letters(a) || found.get(b.name)! - found.get(a.name)! || (a.name < b.name ? -1 : 1),
  );
  const alike: Alike[] = [];
  for (const one of fresh) {
    const others = alone(
      one,
      index.near(one).filter((other) => isAlike(kind, one, other)),
    );
    index.add(one);
    if (others.length === 0) continue;
    const sorted = others.toSorted((a, b) => Number(b.isKnown) - Number(a.isKnown));
    alike.push({
      name: one.name,
      rows: found.get(one.name)!,
      alike: sorted.slice(0, mostAlike).map(({ name }) => name),
    });
  }
  return alike.toSorted((a, b) => b.rows - a.rows || (a.name < b.name ? -1 : 1));
}

/** A first name alone may be anybody's: it is asked about only where one person bears it. */
function alone(one: Folded, others: Folded[]): Folded[] {
  return one.words.length === 1 && others.length > 1 ? others.filter(({ words }) => words.length === 1) : others;
}

const letters = ({ words }: Folded) => words.reduce((sum, word) => sum + word.length, 0);

function fold(kind: "person" | "supplier", name: string, isKnown: boolean): Folded {
  const plain = name.replaceAll("ß", "ss").normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const all = plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
  const named = kind === "supplier" ? all.filter((word) => !legal.has(word)) : all;
  const words = named.length > 0 ? named : all;
  return { name, words, sorted: words.toSorted().join(" "), isKnown };
}

class Index {
  private readonly byWord = new Map<string, Folded[]>();
  private readonly byLetters = new Map<string, Folded[]>();

  add(one: Folded): void {
    for (const word of new Set(one.words)) if (word.length > 1) put(this.byWord, word, one);
    for (const key of nearKeys(one.sorted)) put(this.byLetters, key, one);
  }

  near(one: Folded): Folded[] {
    const found = new Set<Folded>();
    for (const word of one.words) for (const other of this.byWord.get(word) ?? []) found.add(other);
    for (const key of nearKeys(one.sorted)) for (const other of this.byLetters.get(key) ?? []) found.add(other);
    return [...found];
  }
}

function put(map: Map<string, Folded[]>, key: string, one: Folded): void {
  const list = map.get(key);
  if (!list) map.set(key, [one]);
  else if (list.length < mostOfOneWord) list.push(one);
}

/** Two texts that differ by one letter have one of these in common: themselves, or less one letter. */
function nearKeys(text: string): string[] {
  if (text.length < leastForLetter || text.length > longest || /\d/.test(text)) return [text];
  return [text, ...Array.from(text, (_, at) => text.slice(0, at) + text.slice(at + 1))];
}
const leastForLetter = 6;

function isAlike(kind: "person" | "supplier", a: Folded, b: Folded): boolean {
  if (a.sorted === b.sorted) return true;
  if (/\d/.test(a.sorted) || /\d/.test(b.sorted)) return false;
  if (isOneLetterOff(a.sorted, b.sorted)) return true;
  const [less, more] = a.words.length <= b.words.length ? [a, b] : [b, a];
  if (kind === "supplier") return less.words.every((word, at) => word.length > 2 && more.words[at] === word);
  return abbreviates(less, more) || (less.words.length === more.words.length && abbreviates(more, less));
}

/** Every word of the one is a word of the other or the first letter of one; a single word has to be the first. */
function abbreviates(less: Folded, more: Folded): boolean {
  const whole = less.words.filter((word) => word.length > 1);
  if (whole.length === 0 || (less.words.length === 1 && (more.words[0] !== less.words[0] || whole[0]!.length < 3))) {
    return false;
  }
  const rest = [...more.words];
  for (const word of whole) {
    const at = rest.indexOf(word);
    if (at < 0) return false;
    rest.splice(at, 1);
  }
  return less.words
    .filter((word) => word.length === 1)
    .every((initial) => {
      const at = rest.findIndex((word) => word.startsWith(initial));
      if (at >= 0) rest.splice(at, 1);
      return at >= 0;
    });
}

/** One letter more, less, other, or two neighbours exchanged. */
function isOneLetterOff(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < leastForLetter || Math.abs(a.length - b.length) > 1) return false;
  let from = 0;
  while (from < a.length && a[from] === b[from]) from++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - from && a.at(-1 - end) === b.at(-1 - end)) end++;
  const [left, right] = [a.slice(from, a.length - end), b.slice(from, b.length - end)];
  if (left.length <= 1 && right.length <= 1) return true;
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
}
