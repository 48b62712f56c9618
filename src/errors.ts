/**
 * The one error a feature throws on purpose. `code` is stable and snake_case (`visit_already_closed`); the message
 * is written for the person who meets it: what happened, what was kept, what to do. Only doors translate it: an HTTP
 * status, a refused row of an import, a parked job, an exit status.
 */
export class AppError extends Error {
  readonly code: string;
  /** Field path → message, for input that a form can point at. */
  readonly fields: Readonly<Record<string, string>> | undefined;

  constructor(code: string, message: string, fields?: Record<string, string>) {
    super(message);
    this.name = "AppError";
    this.code = code;
    this.fields = fields;
  }
}

/** One body for everything that is missing or belongs to somebody else: the difference would tell something. */
export function notFound(): AppError {
  return new AppError("not_found", "There is nothing here, or it is not yours to see.");
}

/** The thing is visible, the role does not suffice. */
export function forbidden(): AppError {
  return new AppError("forbidden", "Your role in this company does not allow this.");
}
