import { useEffect, useId, useState } from "react";
import { shrink } from "../../web/report/photo.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Icon } from "../../web/ui/Icon.tsx";
import { Row, Stack } from "../../web/ui/Layout.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import styles from "./OwnPage.module.css";

export interface Photo {
  blob: Blob | undefined;
  /** Of the picture on this page; the same as long as the photo is the same. */
  address: string | undefined;
  take: (blob: Blob | undefined) => void;
}

/** The photo of a report that is being written; it lives as long as the page. */
export function usePhoto(): Photo {
  const [shown, setShown] = useState<{ blob: Blob; address: string }>();
  useEffect(() => () => (shown ? URL.revokeObjectURL(shown.address) : undefined), [shown]);
  return {
    blob: shown?.blob,
    address: shown?.address,
    take: (blob) => setShown(blob && { blob, address: URL.createObjectURL(blob) }),
  };
}

/** Takes one photo, as the report page does: drawn anew and made smaller before it is sent. */
export function OwnPhoto({ photo }: { photo: Photo }) {
  const id = useId();
  const [bad, setBad] = useState(false);
  const taken = async (file: File) => {
    try {
      photo.take(await shrink(file));
      setBad(false);
    } catch {
      setBad(true);
    }
  };
  return (
    <Stack gap="small">
      {bad && <Notice tone="bad">{t("own.photoBad")}</Notice>}
      {photo.address && <img src={photo.address} alt={t("own.photoAlt")} className={styles["preview"]} />}
      <Row>
        <input
          id={id}
          className={styles["unseen"]}
          type="file"
          accept="image/*"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            event.currentTarget.value = "";
            if (file) void taken(file);
          }}
        />
        <label htmlFor={id} className={styles["photo"]}>
          <Icon name="camera" size={18} />
          {photo.blob ? t("own.photoAgain") : t("own.photo")}
        </label>
        {photo.blob && (
          <Button look="quiet" onClick={() => photo.take(undefined)}>
            {t("own.photoRemove")}
          </Button>
        )}
      </Row>
    </Stack>
  );
}
