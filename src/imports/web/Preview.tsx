import { t } from "../../web/text/text.ts";
import { Note, Section, Unseen } from "../../web/ui/Layout.tsx";
import { PriorityMark } from "../../requests/web/PriorityMark.tsx";
import { StateMark } from "../../requests/web/StateMark.tsx";
import type { Priority } from "../../companies/contract.ts";
import type { Column } from "../../web/ui/Table.tsx";
import { Table } from "../../web/ui/Table.tsx";
import type { Import, ImportReport, Mapping } from "../contract.ts";
import { Frame } from "./Frame.tsx";
import { type PreviewRequest, previewOf } from "./first-requests.ts";
import styles from "./Preview.module.css";
import { meaningOf, stateMeaning } from "./words.ts";

/** The first rows as they would become requests: the quickest way to see that a column was taken for another. */
export function Preview({
  file,
  mapping,
  report,
}: {
  file: Import;
  mapping: Mapping;
  report: ImportReport | undefined;
}) {
  const requests = previewOf(file, mapping, report?.refused);
  const has = (part: keyof PreviewRequest) => requests.some((request) => request[part] !== "");
  const columns: Column<PreviewRequest>[] = [
    { key: "number", title: t("column.number"), render: ({ number }) => number || "–" },
    { key: "subject", title: t("column.subject"), render: (request) => <Subject request={request} /> },
    { key: "state", title: t("column.state"), render: (request) => <State request={request} mapping={mapping} /> },
    ...(has("reporter")
      ? [{ key: "reporter", title: t("column.reporter"), render: ({ reporter }: PreviewRequest) => reporter }]
      : []),
    ...(has("priority")
      ? [
          {
            key: "priority",
            title: t("column.priority"),
            render: (request: PreviewRequest) => <Urgency request={request} mapping={mapping} />,
          },
        ]
      : []),
    {
      key: "reported",
      title: t("column.reported"),
      render: ({ reported }) => <span data-number>{reported || "–"}</span>,
    },
  ];
  const caption =
    mapping.layout === "events"
      ? t("imports.preview.events", { rows: t("imports.rows", { n: file.sample.length }) })
      : t("imports.preview.requests");
  return (
    <Section title={t("imports.preview")} id="preview">
      {requests.length === 0 ? (
        <p className={styles["none"]}>{t("imports.preview.none")}</p>
      ) : (
        <>
          <Frame label={caption}>
            <div className={styles["table"]}>
              <Table
                caption={t("imports.preview")}
                captionHidden
                columns={columns}
                rows={requests}
                rowKey={({ key }) => key}
              />
            </div>
          </Frame>
          <div className={styles["note"]}>
            <Note>{caption}</Note>
          </div>
        </>
      )}
    </Section>
  );
}

function Subject({ request: { subject, rows } }: { request: PreviewRequest }) {
  return (
    <span className={styles["subject"]}>
      <span className={styles["words"]} dir="auto">
        {subject || <em>{t("imports.preview.noSubject")}</em>}
      </span>
      {rows > 1 && <span className={styles["rows"]}>{t("imports.rows", { n: rows })}</span>}
    </span>
  );
}

function State({ request: { state, leftOut }, mapping }: { request: PreviewRequest; mapping: Mapping }) {
  if (state === "" && leftOut) return <span className={styles["unknown"]}>{t("imports.preview.leftOut")}</span>;
  if (state === "") return <StateMark request={{ state: "open", outcome: null, waitingOn: null }} />;
  const value = meaningOf(mapping, "state", state);
  if (!value) return <span className={styles["unknown"]}>{t("imports.preview.stateUnknown", { word: state })}</span>;
  if (leftOut) return <span className={styles["unknown"]}>{t("imports.preview.leftOut")}</span>;
  const meaning = stateMeaning(value);
  return (
    <span title={state}>
      <StateMark
        request={{ state: meaning.state, outcome: meaning.outcome ?? null, waitingOn: meaning.waitingOn ?? null }}
      />
      <Unseen>{` (${state})`}</Unseen>
    </span>
  );
}

function Urgency({ request: { priority }, mapping }: { request: PreviewRequest; mapping: Mapping }) {
  const value = meaningOf(mapping, "priority", priority) || "normal";
  return <PriorityMark priority={value as Priority} />;
}
