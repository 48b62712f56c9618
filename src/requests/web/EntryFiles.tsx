import { lazy, Suspense, useState } from "react";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import type { Entry } from "../contract.ts";
import { type Attachment, isPicture } from "../contract-attachments.ts";
import { attachmentAddress } from "./attachment-address.ts";
import styles from "./EntryFiles.module.css";
import { FileLink } from "./FileLink.tsx";

const PictureDialog = lazy(() => import("./PictureDialog.tsx"));

/** A picture that is larger is fetched only when somebody wants it. */
const shownBytes = 6_000_000;

/** The files that came with an entry: pictures small, everything else by its name. */
export function EntryFiles({ entry }: { entry: Entry }) {
  const files = attachmentsOf(entry);
  const [open, setOpen] = useState<Attachment>();
  if (files.length === 0) return null;
  const small = files.filter((file) => isPicture(file) && file.size <= shownBytes);
  const others = files.filter((file) => !small.includes(file));
  return (
    <>
      {small.length > 0 && (
        <ul className={styles["pictures"]} aria-label={t("files.pictures")}>
          {small.map((file) => (
            <li key={file.id}>
              <Thumbnail file={file} onOpen={() => setOpen(file)} />
            </li>
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <ul className={styles["files"]} aria-label={t("files.files")}>
          {others.map((file) => (
            <li key={file.id}>
              <FileLink file={file} />
            </li>
          ))}
        </ul>
      )}
      {open && (
        <Suspense>
          <PictureDialog file={open} onClose={() => setOpen(undefined)} />
        </Suspense>
      )}
    </>
  );
}

/** Those that the content names; it comes from the record, so its shape is looked at. */
export function attachmentsOf(entry: Entry): Attachment[] {
  const named = entry.content?.["attachments"];
  if (!Array.isArray(named)) return [];
  return (named as Partial<Attachment>[]).filter(
    (one): one is Attachment => typeof one.id === "string" && typeof one.name === "string",
  );
}

function Thumbnail({ file, onOpen }: { file: Attachment; onOpen: () => void }) {
  const { id: company } = useCompany();
  const [broken, setBroken] = useState(false);
  if (broken) return <FileLink file={file} />;
  return (
    <button
      type="button"
      className={styles["thumbnail"]}
      onClick={onOpen}
      aria-label={t("files.open", { name: file.name })}
      title={file.name}
    >
      <img
        src={attachmentAddress(company, file.id)}
        alt=""
        width={file.width}
        height={file.height}
        loading="lazy"
        decoding="async"
        onError={() => setBroken(true)}
      />
    </button>
  );
}
