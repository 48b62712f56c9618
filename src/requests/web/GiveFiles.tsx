import { useRef, useState } from "react";
import { useCompany } from "../../web/CompanyContext.tsx";
import { useFilesGiven } from "../../web/files-given.ts";
import { problemText } from "../../web/problem.ts";
import { fileSize } from "../../web/size.ts";
import { t } from "../../web/text/text.ts";
import { Button, IconButton, TextButton } from "../../web/ui/Button.tsx";
import { DropCover } from "../../web/ui/DropCover.tsx";
import { Icon } from "../../web/ui/Icon.tsx";
import { isPicture } from "../contract-attachments.ts";
import { attachmentAddress } from "./attachment-address.ts";
import styles from "./GiveFiles.module.css";
import { type GivenFile, mayTryAgain } from "./given-files.ts";
import type { Files } from "./use-files.ts";

/** Files by button, camera, drop and paste, and the list of those that were given. */
export function GiveFiles({
  files: { files, given, failed },
  tried,
  error,
}: {
  files: Files;
  /** It was to be sent, and a file stood in the way. */
  tried: boolean;
  error?: string | undefined;
}) {
  const over = useFilesGiven(given.add, { pastes: true });
  const said = error ?? (tried && failed ? t("files.failed") : undefined);
  return (
    <div className={styles["give"]}>
      {files.length > 0 && (
        <ul className={styles["list"]} aria-label={t("files.given")}>
          {files.map((one) => (
            <Line key={one.key} one={one} onRemove={() => given.remove(one.key)} onAgain={() => given.again(one.key)} />
          ))}
        </ul>
      )}
      {said && (
        <p className={styles["error"]} role="alert">
          {said}
        </p>
      )}
      <div className={styles["buttons"]}>
        <Choose onFiles={given.add} />
        <Choose onFiles={given.add} camera />
        <span className={styles["hint"]}>{t("files.hint")}</span>
      </div>
      {over && <DropCover>{t("files.dropNow")}</DropCover>}
    </div>
  );
}

function Choose({ onFiles, camera = false }: { onFiles: (files: File[]) => void; camera?: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <span className={camera ? styles["camera"] : undefined}>
      <Button look="quiet" icon={camera ? "camera" : "clip"} onClick={() => input.current?.click()}>
        {camera ? t("files.photo") : t("files.attach")}
      </Button>
      <input
        ref={input}
        type="file"
        multiple={!camera}
        {...(camera ? { accept: "image/*", capture: "environment" as const } : {})}
        hidden
        data-testid={camera ? "camera" : "attach"}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          // The same file may be chosen again after it was taken off.
          event.currentTarget.value = "";
        }}
      />
    </span>
  );
}

function Line({ one, onRemove, onAgain }: { one: GivenFile; onRemove: () => void; onAgain: () => void }) {
  const { format } = useCompany();
  const { name, size, sent, attachment, error } = one;
  const total = fileSize(size, format.number);
  const refused = error !== undefined;
  return (
    <li className={styles["line"]} data-refused={refused || undefined}>
      <Preview one={one} />
      <div className={styles["what"]}>
        <span className={styles["name"]} dir="auto">
          {name}
        </span>
        <span className={styles["size"]}>
          {attachment || refused ? total : t("files.sent", { sent: fileSize(sent, format.number), total })}
        </span>
        {refused && (
          <span className={styles["why"]}>
            {problemText(error)} {mayTryAgain(one) && <TextButton onClick={onAgain}>{t("files.again")}</TextButton>}
          </span>
        )}
        {!attachment && !refused && (
          <progress className={styles["progress"]} aria-label={name} value={sent} max={Math.max(size, 1)} />
        )}
      </div>
      <IconButton icon="close" label={t("files.remove", { name })} onClick={onRemove} />
    </li>
  );
}

function Preview({ one: { preview, attachment } }: { one: GivenFile }) {
  const { id: company } = useCompany();
  const arrived = attachment && isPicture(attachment) ? attachmentAddress(company, attachment.id) : undefined;
  const [broken, setBroken] = useState(false);
  const source = broken ? undefined : (preview ?? arrived);
  return (
    <span className={styles["preview"]}>
      {source ? <img src={source} alt="" onError={() => setBroken(true)} /> : <Icon name="note" />}
    </span>
  );
}
