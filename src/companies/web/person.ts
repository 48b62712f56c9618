/** A person by id when they were picked, by name when they were typed. */
export interface PersonValue {
  name: string;
  id?: string;
}

/** What the API takes for a person: nobody, somebody known, or a name. */
export function whoOf(person: PersonValue): { id: string } | { name: string } | undefined {
  const name = person.name.trim();
  if (name === "") return undefined;
  return person.id ? { id: person.id } : { name };
}

/** Two people of one name are offered once: the field cannot tell them apart by their text. */
export function unique<T extends { value: string }>(suggestions: T[]): T[] {
  return [...new Map(suggestions.map((one) => [one.value, one])).values()];
}
