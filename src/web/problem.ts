import { CallError } from "./call.ts";
import { t } from "./text/text.ts";

/** What to tell a person about an error: what happened, what was kept, what to do. */
export function problemText(error: unknown): string {
  if (!(error instanceof CallError)) return t("error.unknown");
  if (error.status === 0) return t("error.network");
  if (error.status === 401 && error.code !== "wrong_credentials" && !error.detail) return t("error.signedOut");
  if (error.status >= 500) {
    return error.logId ? t("error.serverLog", { id: error.logId }) : t("error.server");
  }
  if (error.detail) return error.detail;
  if (error.status === 403) return t("error.forbidden");
  if (error.status === 404) return t("missing.text");
  if (error.status === 429) return t("error.tooMany");
  return t("error.unknown");
}

/** The server's word on one field of a form, whichever way its path is written. */
export function fieldProblem(error: unknown, field: string): string | undefined {
  if (!(error instanceof CallError)) return undefined;
  return error.fields[field] ?? error.fields[`body.${field}`];
}
