import type { Channel, Kind, Outcome, State } from "../requests/contract.ts";
import type { Priority } from "../companies/contract.ts";
import type { Mapping } from "./contract.ts";
import { guessChannel, guessKind, guessOutcome, guessPriority, guessState } from "./guess-words.ts";

/** What a word of the source's says of a request's state. */
export interface StateMeaning {
  state: State;
  waitingOn?: "company" | "third_party" | undefined;
  outcome?: Outcome | undefined;
}

/** What two spellings of a word have in common: width, white space, case. */
export function foldWord(word: string): string {
  return word.normalize("NFKC").replace(/\s+/gu, " ").trim().toLowerCase();
}

/** On one line, white space folded, composed characters: what counts when two cells are compared. */
export function tidy(text: string): string {
  return text.normalize("NFC").replace(/\s+/gu, " ").trim();
}

/** Text of several lines. */
export function tidyText(text: string): string {
  return text.normalize("NFC").trim();
}

/** Cells that say: not known. */
const unknownWords = new Set(
  [
    ["", "?", "??", "???", "-", "--", "---", "–", "—", ".", "/", "#n/a", "#na", "n/a", "na", "n.a.", "nil", "null"],
    ["(null)", "(empty)", "(blank)", "empty", "blank", "none", "unknown", "not known", "undefined", "nan", "tbd"],
    ["unbekannt", "k.a.", "k. a.", "keine angabe", "leer", "inconnu", "inconnue", "n.d.", "s/o", "sans objet"],
    ["desconocido", "desconocida", "s/d", "sin datos", "sconosciuto", "onbekend", "n.v.t.", "desconhecido"],
    ["#null!", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "#error!"],
  ].flat(),
);

export interface Words {
  isUnknown(text: string): boolean;
  state(word: string): StateMeaning | undefined;
  priority(word: string): Priority | undefined;
  channel(word: string): Channel | undefined;
  kind(word: string): Kind | undefined;
  outcome(word: string): Outcome | undefined;
}

/** The vocabulary of one file: what its mapping says, and words that mean one thing wherever they stand. */
export function wordsOf(mapping: Mapping): Words {
  const unknown = new Set([...unknownWords, ...(mapping.unknownWords ?? []).map(foldWord)]);
  const lookup = <T>(given: Record<string, T> | undefined, clear: (word: string) => T | undefined) => {
    const known = new Map(Object.entries(given ?? {}).map(([word, meaning]) => [foldWord(word), meaning]));
    const asked = new Map<string, T | undefined>();
    return (word: string) => {
      if (!asked.has(word)) asked.set(word, known.get(foldWord(word)) ?? clear(word));
      return asked.get(word);
    };
  };
  return {
    isUnknown: (text) => text === "" || (text.length <= 60 && unknown.has(foldWord(text))),
    state: lookup<StateMeaning>(mapping.states, guessState),
    priority: lookup(mapping.priorities, guessPriority),
    channel: lookup(mapping.channels, guessChannel),
    kind: lookup(mapping.kinds, guessKind),
    outcome: lookup(mapping.outcomes, guessOutcome),
  };
}
