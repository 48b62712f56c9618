import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { suppliersQuery } from "../../companies/web/queries.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Section } from "../../web/ui/Layout.tsx";
import { localDate } from "../../web/zone.ts";
import type { Entry, RequestDetail } from "../contract.ts";
import { EntryLine } from "./EntryLine.tsx";
import type { KnownNames } from "./entry-words.ts";
import { entriesQuery } from "./queries.ts";
import styles from "./Timeline.module.css";

/** What happened, in the order it happened, a heading per day. */
export function Timeline({ request }: { request: RequestDetail }) {
  const { id: company, format, zone } = useCompany();
  const rest = useInfiniteQuery({
    ...entriesQuery(company, request.id, request.version),
    enabled: false,
  });
  const loaded = rest.data?.pages.flatMap((page) => page.items);
  const entries = loaded && loaded.length > request.entries.length ? loaded : request.entries;
  const days = useMemo(() => byDay(entries, zone), [entries, zone]);
  const names = useKnownNames(request);
  const firsts = useMemo(() => firstOfEachImport(entries), [entries]);
  const hidden = request.entryCount - entries.length;
  return (
    <Section title={t("request.timeline")} id="timeline">
      <ol className={styles["days"]}>
        {days.map(({ day, entries: ofDay }) => (
          <li key={day}>
            <h3 className={styles["day"]}>{format.day(ofDay[0]!.happenedAt)}</h3>
            <ol>
              {ofDay.map((entry) => (
                <EntryLine
                  key={entry.seq}
                  entry={entry}
                  request={request}
                  names={names}
                  firstOfImport={firsts.has(entry.seq)}
                />
              ))}
            </ol>
          </li>
        ))}
      </ol>
      {hidden > 0 && (
        <div className={styles["more"]} data-screen-only>
          <span>{t("request.firstEntries", { shown: entries.length, count: request.entryCount })}</span>
          <Button
            busy={rest.isFetching}
            onClick={() =>
              void (rest.data ? rest.fetchNextPage() : rest.fetchNextPage().then(() => rest.fetchNextPage()))
            }
          >
            {t("request.timelineMore", { n: hidden })}
          </Button>
        </div>
      )}
    </Section>
  );
}

/** The entry with which each spreadsheet begins, by its number. */
function firstOfEachImport(entries: Entry[]): Set<number> {
  const first = new Map<string, number>();
  for (const { actor, seq } of entries) if (!first.has(actor.id)) first.set(actor.id, seq);
  return new Set(first.values());
}

function byDay(entries: Entry[], zone: string): { day: string; entries: Entry[] }[] {
  const days: { day: string; entries: Entry[] }[] = [];
  for (const entry of entries) {
    const day = localDate(new Date(entry.happenedAt), zone);
    const last = days.at(-1);
    if (last?.day === day) last.entries.push(entry);
    else days.push({ day, entries: [entry] });
  }
  return days;
}

/** Names for the ids that changes carry: suppliers, and the people this page speaks of. */
function useKnownNames(request: RequestDetail): KnownNames {
  const { id: company } = useCompany();
  const changes = request.entries.some((entry) => entry.kind === "changed");
  const { data } = useQuery({ ...suppliersQuery(company), enabled: changes });
  return useMemo(() => {
    const names = new Map<string, string>();
    for (const supplier of data?.items ?? []) names.set(supplier.id, supplier.name);
    for (const entry of request.entries) if (entry.by?.id && entry.by.name) names.set(entry.by.id, entry.by.name);
    for (const one of [request.supplier, request.reporter, request.technician]) if (one) names.set(one.id, one.name);
    return names;
  }, [data, request]);
}
