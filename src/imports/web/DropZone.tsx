import { useRef } from "react";
import { useFilesGiven } from "../../web/files-given.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { DropCover } from "../../web/ui/DropCover.tsx";
import { Icon } from "../../web/ui/Icon.tsx";
import styles from "./DropZone.module.css";

/** Exports of ours (.zip, .json) may come here too. Phones grey out what this leaves out, and name CSV in many ways; the server looks at the content itself. */
const accept = [
  ".csv,.tsv,.txt,.xlsx,.xlsm,.ods,.zip,.json,.jsonl",
  "text/csv,text/plain,text/tab-separated-values,text/comma-separated-values,application/csv,application/vnd.ms-excel",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  "application/vnd.oasis.opendocument.spreadsheet",
  "application/zip,application/json",
].join(",");

/** A file by button, by keyboard, or dropped anywhere on the page. */
export function DropZone({ onFiles, again }: { onFiles: (files: File[]) => void; again: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  const over = useFilesGiven(onFiles);
  return (
    <div className={styles["zone"]}>
      <span className={styles["icon"]}>
        <Icon name="import" size={32} />
      </span>
      <p className={styles["words"]}>
        <span className={styles["wide"]}>{t("imports.drop")}</span>
        <span className={styles["narrow"]}>{t("imports.dropShort")}</span>
      </p>
      <Button look="main" onClick={() => input.current?.click()}>
        {again ? t("imports.refused.other") : t("imports.choose")}
      </Button>
      <input
        ref={input}
        type="file"
        accept={accept}
        hidden
        data-testid="file"
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          // The same file may be chosen again after it was mended.
          event.currentTarget.value = "";
        }}
      />
      <p className={styles["limits"]}>{t("imports.limits")}</p>
      {over && <DropCover>{t("imports.dropNow")}</DropCover>}
    </div>
  );
}
