import { AppError } from "../errors.ts";

/** A place in a list by the keys of the row it follows; whoever pages on hands it back as it is. */
export function cursorFrom(keys: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(keys)).toString("base64url");
}

/** An instant as PostgreSQL reads it in a cursor's key. */
export const cursorTime = /^(\d{4}-\d\d-\d\dT[\d:.]+Z|infinity)$/;

/** The keys in a cursor, yet to be checked. @throws AppError invalid_input for what is no cursor */
export function parseCursor(cursor: string): (string | undefined)[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    return Array.isArray(parts) ? parts.map(String) : [];
  } catch {
    throw badCursor();
  }
}

export function badCursor(): AppError {
  return new AppError("invalid_input", "This cursor does not belong to this list. Start again from its beginning.", {
    cursor: "Not a cursor of this list.",
  });
}
