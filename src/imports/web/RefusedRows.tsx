import { address } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { Note, Section } from "../../web/ui/Layout.tsx";
import { Table } from "../../web/ui/Table.tsx";
import { getRefused, type Import, type ImportReport } from "../contract.ts";
import { Frame } from "./Frame.tsx";
import styles from "./RefusedRows.module.css";
import { quotedWord, rowWords } from "./words.ts";

/** Above this the server makes no workbook of them. */
const mostInWorkbook = 20_000;

/** The rows that are left out, each with its reason, and all of them to take along. */
export function RefusedRows({ file, report }: { file: Import; report: ImportReport }) {
  const { format } = useCompany();
  const { refused } = report;
  const all = report.counts.refused;
  if (all === 0) return null;
  return (
    <Section title={t("imports.refusedRows", { n: all })} id="refused">
      <div className={styles["intro"]}>
        <p>{t("imports.refusedRows.hint")}</p>
        <TakeAlong file={file} all={all} />
      </div>
      <Frame label={t("imports.refusedRows.caption")} tall>
        <Table
          caption={t("imports.refusedRows.caption")}
          captionHidden
          rows={refused}
          rowKey={({ row, sheet }) => `${row} ${sheet ?? ""}`}
          columns={[
            {
              key: "row",
              title: t("imports.refusedRows.row"),
              width: "5rem",
              render: (refusal) => <span data-number>{rowWords(refusal, format)}</span>,
            },
            {
              key: "reason",
              title: t("imports.refusedRows.reason"),
              render: (refusal) => <Reason refusal={refusal} />,
            },
            {
              key: "cells",
              title: t("imports.refusedRows.cells"),
              render: ({ cells }) => <Cells cells={cells} />,
            },
          ]}
        />
      </Frame>
      {refused.length < all && (
        <Note>{t("imports.refusedRows.first", { n: refused.length, all: format.number(all) })}</Note>
      )}
    </Section>
  );
}

function TakeAlong({ file, all }: { file: Import; all: number }) {
  const { id: company } = useCompany();
  const link = (format: "xlsx" | "csv") =>
    address(getRefused, { params: { company, import: file.id }, query: { format } });
  return (
    <p className={styles["take"]}>
      {t("imports.refusedRows.take")}
      {all <= mostInWorkbook && (
        <a href={link("xlsx")} download>
          {t("imports.format.xlsx")}
        </a>
      )}
      <a href={link("csv")} download>
        {t("imports.format.csv")}
      </a>
    </p>
  );
}

function Reason({ refusal: { code, message } }: { refusal: ImportReport["refused"][number] }) {
  const word = code === "unknown_state" ? quotedWord(message) : undefined;
  return (
    <span className={styles["reason"]} dir="auto">
      {word ? t("imports.refusedRows.unknownState", { word }) : message}
    </span>
  );
}

function Cells({ cells }: { cells: string[] }) {
  const text = cells.filter((cell) => cell.trim() !== "").join(" · ");
  return (
    <span className={styles["cells"]} dir="auto">
      {text}
    </span>
  );
}
