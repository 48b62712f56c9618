import { ReturnExport } from "../../exports/web/ReturnExport.tsx";
import { useCompany } from "../../web/CompanyContext.tsx";
import { CallError } from "../../web/call.ts";
import { problemText } from "../../web/problem.ts";
import { fileSize } from "../../web/size.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import styles from "./Arriving.module.css";
import { Progress, quarterWords, Told } from "./Progress.tsx";
import { forgetUpload, stopUpload, type Upload } from "./upload-store.ts";

/** A file on its way: how much of it is there, and the way to stop it. */
export function Arriving({ upload }: { upload: Extract<Upload, { step: "sending" | "done" }> }) {
  const { format } = useCompany();
  const file = upload.fileName;
  const { sent, total } = upload.step === "sending" ? upload : { sent: 1, total: 1 };
  const reading = sent >= total;
  const label = reading ? t("imports.reading", { file }) : t("imports.sending", { file });
  return (
    <div className={styles["arriving"]}>
      <Told>{reading ? label : quarterWords(label, sent, total)}</Told>
      <p className={styles["name"]} dir="auto">
        {label}
      </p>
      <Progress label={label} done={reading ? undefined : sent} total={total} />
      <p className={styles["count"]}>
        {reading
          ? t("imports.readingHint")
          : t("imports.sent", { sent: fileSize(sent, format.number), total: fileSize(total, format.number) })}
      </p>
      <Button onClick={stopUpload}>{t("imports.stopSending")}</Button>
    </div>
  );
}

/** Why a file was not taken, in the server's words where it said some. */
export function RefusedFile({
  upload: { fileName, error, again },
  onAgain,
}: {
  upload: Extract<Upload, { step: "refused" }>;
  onAgain: (files: File[]) => void;
}) {
  const isExport = again && error instanceof CallError && error.code === "file_is_export";
  const passing = error instanceof CallError && (error.status === 0 || error.status >= 500);
  return (
    <Notice
      tone="bad"
      title={<span dir="auto">{t("imports.refused.title", { file: fileName })}</span>}
      actions={
        isExport ? (
          <ReturnExport file={again} onAsked={forgetUpload} />
        ) : (
          passing && again && <Button onClick={() => onAgain([again])}>{t("common.retry")}</Button>
        )
      }
    >
      {refusalText(error, fileName)}
    </Notice>
  );
}

function refusalText(error: unknown, fileName: string): string {
  if (!(error instanceof CallError)) return problemText(error);
  if (error.status === 0) return t("imports.refused.network");
  if (error.code === "several_files") return t("imports.refused.several");
  if (error.code === "file_too_large" && !error.detail) return t("imports.refused.large");
  // The title names the file already.
  return problemText(error).replace(`${fileName}: `, "");
}
