import { t } from "../../web/text/text.ts";
import { Note, Section } from "../../web/ui/Layout.tsx";
import { type Column, Table } from "../../web/ui/Table.tsx";
import type { Import, ListMapping, ListName } from "../contract.ts";
import { Frame } from "./Frame.tsx";
import styles from "./Preview.module.css";
import { listedFields } from "./words.ts";

const shownRows = 6;

interface FirstRow {
  key: string;
  cells: string[];
}

/** The first rows by what their columns mean: the quickest way to see that one was taken for another. */
export function ListPreview({ file, mapping }: { file: Import; mapping: ListMapping }) {
  const fields = listedFields(file.subject as ListName, mapping);
  const index = (field: (typeof fields)[number]["field"]) =>
    file.columns.findIndex(({ header }) => header === mapping.columns[field]);
  const rows = file.sample.slice(0, shownRows).map((cells, row): FirstRow => ({ key: String(row), cells }));
  const columns: Column<FirstRow>[] = fields.map(({ field, label }) => ({
    key: field,
    title: label,
    render: ({ cells }) => <span dir="auto">{cells[index(field)] || "–"}</span>,
  }));
  return (
    <Section title={t("imports.preview")} id="preview">
      {rows.length === 0 || columns.length === 0 ? (
        <p className={styles["none"]}>{t("imports.preview.none")}</p>
      ) : (
        <>
          <Frame label={t("imports.preview.list")}>
            <div className={styles["table"]}>
              <Table
                caption={t("imports.preview")}
                captionHidden
                columns={columns}
                rows={rows}
                rowKey={({ key }) => key}
              />
            </div>
          </Frame>
          <div className={styles["note"]}>
            <Note>{t("imports.preview.list")}</Note>
          </div>
        </>
      )}
    </Section>
  );
}
