import { t } from "../../web/text/text.ts";
import { localDate } from "../../web/zone.ts";
import type { CompanyView } from "../../web/CompanyContext.tsx";
import type { ImportReport, SubjectName } from "../contract.ts";

type Counts = ImportReport["counts"];

/** "890 requests", "12 people" */
export function thingsOf(subject: SubjectName, n: number): string {
  return t(`imports.things.${subject}`, { n });
}

/** "890 new, none known already" */
export function partsOf({ created, updated, unchanged }: Counts): string {
  const known = updated + unchanged;
  return [
    created > 0 ? t("imports.ready.new", { n: created }) : t("imports.ready.noneNew"),
    known > 0 ? t("imports.ready.known", { n: known }) : t("imports.ready.noneKnown"),
    ...(updated > 0 ? [t("imports.ready.updated", { n: updated })] : []),
  ].join(", ");
}

/** "890 requests from 5,998 rows: 890 new, none known already. Every row can be read." */
export function dryRunSentence(subject: SubjectName, counts: Counts): string {
  const sum = t("imports.ready.sum", {
    things: thingsOf(subject, counts.requests),
    rows: t("imports.rows", { n: counts.rows }),
    parts: partsOf(counts),
  });
  return `${sum} ${refusedSentence(counts)}`;
}

function refusedSentence({ refused }: Counts): string {
  return refused > 0 ? t("imports.ready.refused", { n: refused }) : t("imports.ready.all");
}

/** Nothing in the file that the record does not know. */
export function changesNothing({ requests, created, updated }: Counts): boolean {
  return requests > 0 && created + updated === 0;
}

/** First and last day of report, in the company's zone. */
export function periodOf(
  { from, to }: Pick<ImportReport, "from" | "to">,
  { zone }: Pick<CompanyView, "zone">,
): { from: string; to: string } | undefined {
  if (!from || !to) return undefined;
  return { from: localDate(new Date(from), zone), to: localDate(new Date(to), zone) };
}
