import { AppError } from "../errors.ts";

/**
 * What two spellings of one name have in common: NFKC, inner white space as one blank, no case. "Ａnna  SCHMIDT" and
 * "anna schmidt" are one name; the one first written is kept for showing.
 */
export function nameKey(name: string): string {
  return name.normalize("NFKC").replace(/\s+/gu, " ").trim().toLowerCase();
}

/** The e-mail address by which an account or a person is found: NFKC, trimmed, without letter case. */
export function emailKey(email: string): string {
  return email.normalize("NFKC").trim().toLowerCase();
}

/** @throws AppError invalid_input: a batch names somebody or something with no name, or with more than 200 characters. */
export function checkNames(names: readonly string[], path: (index: number) => string): void {
  const fields: Record<string, string> = {};
  names.forEach((name, index) => {
    if (nameKey(name) === "") fields[path(index)] = "A name is needed.";
    else if (name.length > 200) fields[path(index)] = "At most 200 characters.";
    else if (name.includes("\0")) fields[path(index)] = "This name contains a character that cannot be stored.";
  });
  if (Object.keys(fields).length > 0) {
    throw new AppError("invalid_input", "A name cannot be used. Nothing was changed.", fields);
  }
}
