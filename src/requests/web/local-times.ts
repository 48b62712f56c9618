import { instantOf } from "../../web/zone.ts";

/** The instant of a field's local time as the API takes it; undefined for an empty field. */
export function instantText(local: string, zone: string): string | undefined {
  return local ? instantOf(local, zone).instant.toISOString() : undefined;
}

/** Whether a field's local time lies in the future of the company's clock. */
export function isFuture(local: string, zone: string): boolean {
  return local !== "" && instantOf(local, zone).instant.getTime() > Date.now() + 60_000;
}
