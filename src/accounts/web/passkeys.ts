import { CallError } from "../../web/call.ts";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";

/** Whether this browser and this address can use passkeys at all. */
export function passkeysWork(): boolean {
  return typeof PublicKeyCredential === "function" && !/^[\d.]+$|:/.test(location.hostname);
}

/** What went wrong: the server's word, or the device's, which are all one to people. */
export function passkeyProblem(error: unknown): string {
  return error instanceof CallError ? problemText(error) : t("passkey.stopped");
}
