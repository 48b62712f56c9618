import { t } from "../../web/text/text.ts";

const shortest = 12;

/** What is wrong with a new password, or undefined; the same rule as the API's. */
export function passwordProblem(password: string): string | undefined {
  const missing = shortest - [...password].length;
  return missing > 0 ? t("password.tooShort", { n: missing }) : undefined;
}
