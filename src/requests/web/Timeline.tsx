import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { suppliersQuery } from "../../companies/web/queries.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button, TextButton } from "../../web/ui/Button.tsx";
import { Section, Unseen } from "../../web/ui/Layout.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { localDate } from "../../web/zone.ts";
import type { Entry, RequestDetail } from "../contract.ts";
import { entryId, EntryLine } from "./EntryLine.tsx";
import type { KnownNames } from "./entry-words.ts";
import { KeepPlace } from "./KeepPlace.tsx";
import styles from "./Timeline.module.css";
import { entryKey } from "./timeline-parts.ts";
import { type ShownTimeline, useTimeline } from "./use-timeline.ts";

/** Where it is long, the way to either end is shown. */
const longTimeline = 30;

/** What happened, in the order it happened, a heading per day; of a long one the first entry and the latest. */
export function Timeline({ request }: { request: RequestDetail }) {
  const timeline = useTimeline(request);
  const { beginning, latest, hidden } = timeline;
  const shown = useMemo(() => [...beginning, ...latest], [beginning, latest]);
  const names = useKnownNames(request, shown);
  const firsts = useMemo(() => firstOfEachImport(shown), [shown]);
  const [opened] = useState(request.version);
  const line = { request, names, firsts, opened };
  const [first, last] = [shown[0], shown.at(-1)];
  const long = request.entryCount > longTimeline;
  return (
    <Section title={t("request.timeline")} id="timeline">
      {long && <Jump to={last} label={t("request.toLatest", { n: request.entryCount })} />}
      <KeepPlace first={latest[0] && entryId(latest[0])}>
        {hidden > 0 && <Days entries={beginning} {...line} />}
        {hidden > 0 && <Between timeline={timeline} />}
        <Days entries={latest} {...line} />
      </KeepPlace>
      {long && <Jump to={first} label={t("request.toFirst")} />}
      <News n={shown.filter((entry) => cameIn(entry, opened)).length} />
    </Section>
  );
}

interface Line {
  request: RequestDetail;
  names: KnownNames;
  firsts: ReadonlySet<string>;
  /** The version that the page was opened with: what is later came in while it was looked at. */
  opened: number;
}

/** Of the request's own; what was merged into it counts for itself. */
function cameIn({ seq, from }: Entry, opened: number): boolean {
  return !from && seq > opened;
}

/** Said to whoever does not see a line come in. */
function News({ n }: { n: number }) {
  return <output>{n > 0 && <Unseen as="span">{t("live.newLine", { n })}</Unseen>}</output>;
}

function Days({ entries, request, names, firsts, opened }: Line & { entries: Entry[] }) {
  const { format, zone } = useCompany();
  const days = useMemo(() => byDay(entries, zone), [entries, zone]);
  return (
    <ol className={styles["days"]}>
      {days.map(({ day, entries: ofDay }) => (
        <li key={day}>
          <h3 className={styles["day"]}>{format.day(ofDay[0]!.happenedAt)}</h3>
          <ol>
            {ofDay.map((entry) => (
              <EntryLine
                key={entryKey(entry)}
                entry={entry}
                request={request}
                names={names}
                firstOfImport={firsts.has(entryKey(entry))}
                cameIn={cameIn(entry, opened)}
              />
            ))}
          </ol>
        </li>
      ))}
    </ol>
  );
}

/** What is not shown, on paper too, and the two ways on. */
function Between({ timeline: { hidden, earlier, following } }: { timeline: ShownTimeline }) {
  const error = earlier.error ?? following.error;
  return (
    <div className={styles["between"]}>
      <span>{t("request.between", { n: hidden })}</span>
      <span className={styles["ways"]} data-screen-only>
        <Button busy={following.busy} onClick={following.more}>
          {t("request.showFollowing")}
        </Button>
        <Button busy={earlier.busy} onClick={earlier.more}>
          {t("request.showEarlier")}
        </Button>
      </span>
      {error && <Notice tone="bad">{problemText(error)}</Notice>}
    </div>
  );
}

function Jump({ to, label }: { to: Entry | undefined; label: string }) {
  const jump = () => {
    const element = to && document.getElementById(entryId(to));
    element?.focus({ preventScroll: true });
    element?.scrollIntoView({ block: "center" });
  };
  return (
    <p className={styles["jump"]} data-screen-only>
      <TextButton onClick={jump}>{label}</TextButton>
    </p>
  );
}

/** The entry with which each spreadsheet begins, by its number. */
function firstOfEachImport(entries: Entry[]): Set<string> {
  const first = new Map<string, string>();
  for (const entry of entries) if (!first.has(entry.actor.id)) first.set(entry.actor.id, entryKey(entry));
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
function useKnownNames(request: RequestDetail, shown: Entry[]): KnownNames {
  const { id: company } = useCompany();
  const changes = shown.some((entry) => entry.kind === "changed");
  const { data } = useQuery({ ...suppliersQuery(company), enabled: changes });
  return useMemo(() => {
    const names = new Map<string, string>();
    for (const supplier of data?.items ?? []) names.set(supplier.id, supplier.name);
    for (const entry of shown) if (entry.by?.id && entry.by.name) names.set(entry.by.id, entry.by.name);
    for (const one of [request.supplier, request.reporter, request.technician]) if (one) names.set(one.id, one.name);
    return names;
  }, [data, request, shown]);
}
