import { useCompany } from "../../web/CompanyContext.tsx";
import { Dialog } from "../../web/ui/Dialog.tsx";
import type { Attachment } from "../contract-attachments.ts";
import { attachmentAddress } from "./attachment-address.ts";
import { FileLink } from "./FileLink.tsx";
import styles from "./PictureDialog.module.css";

/** One picture as large as the screen allows, and the way to keep it. */
export default function PictureDialog({ file, onClose }: { file: Attachment; onClose: () => void }) {
  const { id: company } = useCompany();
  return (
    <Dialog title={file.name} open onClose={onClose} wide>
      <img
        className={styles["picture"]}
        src={attachmentAddress(company, file.id)}
        alt={file.name}
        width={file.width}
        height={file.height}
      />
      <FileLink file={file} />
    </Dialog>
  );
}
