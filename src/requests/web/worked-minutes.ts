import { maxWorkedMinutes } from "../contract.ts";

const forms = [
  /^(?<m>\d{1,4})\s*(?:m|min|minutes?)?$/i,
  /^(?<h>\d{1,2}):(?<m>[0-5]\d)$/,
  /^(?<h>\d{1,2})\s*h\s*(?:(?<m>\d{1,2})\s*(?:m|min)?)?$/i,
  /^(?<h>\d{0,2}[.,]\d{1,2})\s*h?$/i,
];

/** How long something took, as people write it: "45", "1:30", "1 h 30", "1.5 h". undefined: not understood, or none. */
export function minutesOf(text: string): number | undefined {
  for (const form of forms) {
    const { h, m } = form.exec(text.trim())?.groups ?? {};
    if (h === undefined && m === undefined) continue;
    const minutes = Math.round(Number((h ?? "0").replace(",", ".")) * 60) + Number(m ?? 0);
    return minutes >= 1 && minutes <= maxWorkedMinutes ? minutes : undefined;
  }
  return undefined;
}
