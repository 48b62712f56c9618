import { useEffect, useEffectEvent, useRef, useState } from "react";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Icon } from "../../web/ui/Icon.tsx";
import styles from "./DropZone.module.css";

/** Phones grey out what this leaves out, and name CSV in many ways; the server looks at the content itself. */
const accept = [
  ".csv,.tsv,.txt,.xlsx,.xlsm,.ods",
  "text/csv,text/plain,text/tab-separated-values,text/comma-separated-values,application/csv,application/vnd.ms-excel",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  "application/vnd.oasis.opendocument.spreadsheet",
].join(",");

/** A file by button, by keyboard, or dropped anywhere on the page. */
export function DropZone({ onFiles, again }: { onFiles: (files: File[]) => void; again: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  const over = useDropAnywhere(onFiles);
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
      {over && (
        <div className={styles["over"]} aria-hidden="true">
          <p>{t("imports.dropNow")}</p>
        </div>
      )}
    </div>
  );
}

/** Whether a file hangs over the page; a drop anywhere on it counts. */
function useDropAnywhere(onFiles: (files: File[]) => void): boolean {
  const [over, setOver] = useState(false);
  const take = useEffectEvent(onFiles);
  useEffect(() => {
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const hover = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      event.dataTransfer!.dropEffect = "copy";
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      // Null: it left the window, not one element for another.
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setOver(false);
      take([...(event.dataTransfer?.files ?? [])]);
    };
    window.addEventListener("dragover", hover);
    window.addEventListener("dragleave", leave);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", hover);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("drop", drop);
    };
  }, []);
  return over;
}
