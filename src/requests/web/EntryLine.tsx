import { Link } from "@tanstack/react-router";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { Icon, type IconName } from "../../web/ui/Icon.tsx";
import type { Entry, RequestDetail } from "../contract.ts";
import { AmendEntry } from "./AmendEntry.tsx";
import { EntryFiles } from "./EntryFiles.tsx";
import styles from "./EntryLine.module.css";
import { entryKey } from "./timeline-parts.ts";
import {
  changeLines,
  didWords,
  isImported,
  isLate,
  type KnownNames,
  reads,
  record,
  text,
  whoWords,
  workedLines,
} from "./entry-words.ts";

const icons: Partial<Record<Entry["kind"], IconName>> = {
  note: "lock",
  worked: "clock",
  promised: "clock",
  waiting: "clock",
  resolved: "check",
  confirmed: "check",
  reopened: "alert",
};

/** Where it stands on the page. */
export function entryId(entry: Pick<Entry, "seq" | "from">): string {
  return `entry-${entryKey(entry)}`;
}

/** One line of the ledger: when, who, what; folded below it what the source said and the proof. */
export function EntryLine({
  entry: recorded,
  request,
  names,
  firstOfImport,
  cameIn,
}: {
  entry: Entry;
  request: RequestDetail;
  names: KnownNames;
  /** Of all that one spreadsheet brought, the first entry says so. */
  firstOfImport: boolean;
  /** While the page was looked at: marked for a moment. */
  cameIn: boolean;
}) {
  const { format, zone } = useCompany();
  const entry = reads(recorded);
  const icon = icons[entry.kind];
  const whole = format.moment(entry.happenedAt);
  return (
    <li
      id={entryId(entry)}
      tabIndex={-1}
      className={styles["entry"]}
      data-kind={entry.kind}
      data-back={entry.takenBack !== null || undefined}
      data-new={cameIn || undefined}
    >
      <time className={styles["time"]} dateTime={entry.happenedAt} title={`${whole} (${zone})`}>
        {format.clock(entry.happenedAt)}
      </time>
      <div className={styles["body"]}>
        <p className={styles["who"]}>
          <span className={styles["name"]} dir="auto">
            {whoWords(entry, request)}
          </span>{" "}
          <span className={styles["did"]}>
            {icon && <Icon name={icon} size={15} />}
            {didWords(entry)}
            <OtherRequest entry={entry} />
          </span>
          {entry.from ? <From from={entry.from} /> : <AmendEntry entry={recorded} request={request} />}
        </p>
        <Words entry={entry} names={names} subject={request.subject} />
        <EntryFiles entry={entry} />
        <Amended entry={recorded} />
        <Recorded entry={entry} firstOfImport={firstOfImport} />
        <Source entry={entry} />
      </div>
    </li>
  );
}

/** Which merged request it was said in. */
function From({ from: { number } }: { from: NonNullable<Entry["from"]> }) {
  const { id: company } = useCompany();
  const params = { company, request: String(number) };
  return (
    <Link to="/c/$company/requests/$request" params={params} className={styles["from"]} preload={false}>
      {t("entry.from", { number: String(number) })}
    </Link>
  );
}

/** The request that a tie names. */
function OtherRequest({ entry }: { entry: Entry }) {
  const { id: company } = useCompany();
  const number = entry.content?.["number"];
  if (!ties.has(entry.kind) || typeof number !== "number") return null;
  return (
    <>
      {" "}
      <Link to="/c/$company/requests/$request" params={{ company, request: String(number) }} preload={false}>
        #{number}
      </Link>
    </>
  );
}
const ties: ReadonlySet<Entry["kind"]> = new Set(["linked", "merged_into", "merged_from"]);

/** That it was taken back; that it was corrected, and what it said before. */
function Amended({ entry }: { entry: Entry }) {
  const { format } = useCompany();
  const { takenBack, corrected } = entry;
  if (takenBack) {
    return (
      <p className={styles["late"]}>
        {t("entry.takenBack", { name: takenBack.by, time: format.moment(takenBack.at) })}
      </p>
    );
  }
  if (!corrected) return null;
  const before = [
    corrected.happened_at && format.moment(entry.happenedAt),
    corrected.minutes !== undefined && format.business(Number(entry.content?.["minutes"] ?? 0)),
    (corrected.text || corrected.description) &&
      (text(entry, "text") ?? text(entry, "description") ?? t("common.none")),
  ].filter((one) => typeof one === "string");
  return (
    <details className={styles["source"]}>
      <summary>{t("entry.correctedBy", { name: corrected.by, time: format.moment(corrected.at) })}</summary>
      {before.map((one) => (
        <p key={one} className={styles["before"]} dir="auto">
          <s>{one}</s>
        </p>
      ))}
    </details>
  );
}

/** Who wrote it down and when, where that was later than it happened. */
function Recorded({ entry, firstOfImport }: { entry: Entry; firstOfImport: boolean }) {
  const { format } = useCompany();
  const time = format.moment(entry.recordedAt);
  if (isImported(entry)) {
    return firstOfImport ? <ImportedFrom entry={entry} time={time} /> : null;
  }
  if (!isLate(entry)) return null;
  return <p className={styles["late"]}>{t("entry.recordedBy", { name: entry.actor.name, time })}</p>;
}

/** Which spreadsheet it came from and who brought it, with the way to that import for those who may see it. */
function ImportedFrom({ entry, time }: { entry: Entry; time: string }) {
  const { id: company, may } = useCompany();
  const from = entry.actor.import;
  if (!from) return <p className={styles["late"]}>{t("entry.importedOn", { time })}</p>;
  const file = (
    <Link to="/c/$company/imports/$import" params={{ company, import: from.id }} preload={false} dir="auto">
      {from.fileName}
    </Link>
  );
  return (
    <p className={styles["late"]}>
      {t("entry.importedBy", { name: from.by, time })} {may("imports.read") ? file : <bdi>{from.fileName}</bdi>}
    </p>
  );
}

function Words({ entry, names, subject }: { entry: Entry; names: KnownNames; subject: string }) {
  const { format } = useCompany();
  if (entry.content === null) {
    const why = entry.audience === "supplier" ? "entry.contentTheirs" : "entry.contentErased";
    return <p className={styles["erased"]}>{t(why)}</p>;
  }
  const lines: string[] = [];
  const due = text(entry, "dueAt");
  if (due) lines.push(t("entry.promised.due", { time: format.moment(due) }));
  if (entry.kind === "worked") lines.push(...workedLines(entry, format));
  const on = text(entry, "on");
  if (on === "company" || on === "third_party") lines.push(t(`entry.waiting.${on}`));
  const until = text(entry, "until");
  if (until) lines.push(t("entry.waiting.until", { time: format.moment(until) }));
  if (entry.kind === "changed") lines.push(...changeLines(entry, names));
  const state = entry.kind === "reported" || entry.kind === "corrected" ? undefined : text(entry, "state");
  if (state) lines.push(t("entry.state", { state }));
  // The subject stands at the head of the page; here only where it was another one.
  const reported = text(entry, "subject");
  const said = [
    reported !== subject ? reported : undefined,
    text(entry, "description"),
    text(entry, "reason"),
    text(entry, "text"),
  ].filter((one) => one !== undefined);
  return (
    <>
      {said.map((one) => (
        <p key={one} className={styles["words"]} dir="auto">
          {one}
        </p>
      ))}
      {lines.length > 0 && (
        <ul className={styles["lines"]}>
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function Source({ entry }: { entry: Entry }) {
  const source = record(entry, "source");
  if (source.length === 0) return null;
  return (
    <details className={styles["source"]} data-screen-only>
      <summary>{t("entry.source")}</summary>
      <dl>
        {source.map(([name, value]) => (
          <div key={name}>
            <dt dir="auto">{name}</dt>
            <dd dir="auto">{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
