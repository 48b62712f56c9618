import { useCompany } from "../../web/CompanyContext.tsx";
import { fileSize } from "../../web/size.ts";
import { Icon } from "../../web/ui/Icon.tsx";
import type { Attachment } from "../contract-attachments.ts";
import { attachmentAddress } from "./attachment-address.ts";
import styles from "./FileLink.module.css";

/** Downloads it. */
export function FileLink({ file }: { file: Attachment }) {
  const { id: company, format } = useCompany();
  return (
    <a className={styles["file"]} href={attachmentAddress(company, file.id)} download={file.name}>
      <Icon name="note" size={18} />
      <span className={styles["name"]} dir="auto">
        {file.name}
      </span>
      <span className={styles["size"]}>{fileSize(file.size, format.number)}</span>
    </a>
  );
}
