import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import type { Import, ImportReport, SubjectName } from "../contract.ts";
import { ActionBar } from "./ActionBar.tsx";
import { useAsked } from "./asked.ts";
import { Columns } from "./Columns.tsx";
import { changesNothing, dryRunSentence, periodOf, thingsOf } from "./counts.ts";
import { Doubts } from "./Doubts.tsx";
import { FileReading } from "./FileReading.tsx";
import { ListPreview } from "./ListPreview.tsx";
import { Preview } from "./Preview.tsx";
import { quarterWords, Told } from "./Progress.tsx";
import { Questions } from "./Questions.tsx";
import { ReadAs } from "./ReadAs.tsx";
import { RefusedRows } from "./RefusedRows.tsx";
import { SubjectChoice } from "./SubjectChoice.tsx";
import styles from "./TryOut.module.css";
import { VanishedRequests } from "./VanishedRequests.tsx";
import { type MappingDraft, useMapping } from "./use-mapping.ts";
import { missingField } from "./words.ts";

/** Before anything is kept: what would come of the file, what has to be settled, what was understood. */
export function TryOut({ file }: { file: Import }) {
  const { may } = useCompany();
  const draft = useMapping(file);
  const report = useLastReport(file);
  const asked = useAsked(report, draft.mapping);
  const missing = missingField(file.subject, draft.mapping);
  const mayRun = may("imports.run");
  const busy = draft.pending || file.state === "checking" || (file.state === "uploaded" && mayRun && !missing);
  const stopped = !busy && (file.state === "cancelled" || file.state === "failed");
  const words = useHeadline({
    subject: file.subject,
    report,
    busy,
    missing: missing !== undefined,
    asks: asked.open > 0,
  });
  return (
    <>
      <section className={styles["head"]} aria-busy={busy}>
        <Told>
          {busy
            ? quarterWords(t("imports.checking"), file.progress?.done, file.progress?.total)
            : stopped
              ? stoppedTitle(file)
              : words.title}
        </Told>
        {stopped ? <Stopped file={file} draft={mayRun ? draft : undefined} /> : <Headline {...words} />}
        <MappingProblem draft={draft} />
        {mayRun && <ReadAs file={file} />}
        {mayRun && <SubjectChoice file={file} />}
        {report && !busy && !stopped && changesNothing(report.counts) && <KnownRows report={report} />}
      </section>
      {mayRun && <Questions file={file} draft={draft} asked={asked} missing={missing} />}
      {draft.mapping.layout === "list" ? (
        <ListPreview file={file} mapping={draft.mapping} />
      ) : (
        <Preview file={file} mapping={draft.mapping} report={report} />
      )}
      <Columns file={file} draft={draft} asked={asked} readOnly={!mayRun} />
      <FileReading file={file} draft={draft} report={report} readOnly={!mayRun} />
      {report && !stopped && (
        <>
          <VanishedRequests report={report} />
          <Doubts report={report} warnings={file.warnings} answerable={mayRun} draft={mayRun ? draft : undefined} />
          <RefusedRows file={file} report={report} />
        </>
      )}
      {mayRun && <ActionBar file={file} report={stopped ? undefined : report} busy={busy} />}
    </>
  );
}

/** The last result stays in sight while the next one is worked out. */
function useLastReport({ report, state }: Import): ImportReport | undefined {
  const [last, setLast] = useState(report);
  if (report && report !== last) setLast(report);
  if (report) return report;
  return state === "checking" || state === "uploaded" ? (last ?? undefined) : undefined;
}

interface Words {
  title: string;
  text: string;
}

function useHeadline({
  subject,
  report,
  busy,
  missing,
  asks,
}: {
  subject: SubjectName;
  report: ImportReport | undefined;
  busy: boolean;
  missing: boolean;
  asks: boolean;
}): Words {
  const company = useCompany();
  if (missing && !report) return { title: t("imports.arrived"), text: t("imports.arrivedText") };
  if (!report) return { title: t("imports.checking.first"), text: busy ? t("imports.checking.text") : "" };
  const { counts } = report;
  if (counts.requests === 0) {
    const text = asks || missing ? t("imports.ready.nothingAsked") : t("imports.ready.nothingText");
    return { title: t("imports.ready.nothing"), text };
  }
  if (changesNothing(counts)) {
    return {
      title: t("imports.ready.same"),
      text: t("imports.ready.sameText", { things: thingsOf(subject, counts.requests) }),
    };
  }
  const period = periodOf(report, company);
  return {
    title: dryRunSentence(subject, counts),
    text: period
      ? t("imports.ready.period", { dates: company.format.dates(period.from, period.to) })
      : t("imports.ready.kept"),
  };
}

function Headline({ title, text }: Words) {
  return (
    <div className={styles["headline"]}>
      <h1>{title}</h1>
      <p className={styles["text"]}>{text}</p>
    </div>
  );
}

/** Where what the file tells stands already. */
function KnownRows({ report }: { report: ImportReport }) {
  const company = useCompany();
  const period = periodOf(report, company);
  if (!period) return null;
  return (
    <p>
      <Link
        to="/c/$company/requests"
        params={{ company: company.id }}
        search={{ reportedFrom: period.from, reportedTo: period.to }}
      >
        {t("imports.ready.sameList")}
      </Link>
    </p>
  );
}

function stoppedTitle({ state }: Import): string {
  return state === "cancelled" ? t("imports.cancelled.title") : t("imports.failed.title");
}

function Stopped({ file, draft }: { file: Import; draft: MappingDraft | undefined }) {
  const again = draft && <Button onClick={draft.retry}>{t("imports.again")}</Button>;
  if (file.state === "cancelled") {
    return (
      <div className={styles["headline"]}>
        <h1>{stoppedTitle(file)}</h1>
        <p className={styles["text"]}>{t("imports.cancelled.text")}</p>
        {again && <div>{again}</div>}
      </div>
    );
  }
  const sheet = file.error?.code === "mapping_invalid" ? file.mapping?.sheet : undefined;
  const back = draft && <Button onClick={() => draft.choosePlace({})}>{t("imports.sheet.back")}</Button>;
  return (
    <div className={styles["headline"]}>
      <h1>{stoppedTitle(file)}</h1>
      <Notice tone="bad" actions={sheet ? back : again}>
        {sheet ? t("imports.sheet.other", { sheet }) : file.error?.message}
      </Notice>
    </div>
  );
}

function MappingProblem({ draft: { error, pending, retry } }: { draft: MappingDraft }) {
  if (!error || pending) return null;
  return (
    <Notice tone="bad" title={t("imports.tryFailed")} actions={<Button onClick={retry}>{t("common.retry")}</Button>}>
      {problemText(error)}
    </Notice>
  );
}
