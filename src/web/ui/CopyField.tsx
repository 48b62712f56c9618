import { useId, useState } from "react";
import { t } from "../text/text.ts";
import { Button } from "./Button.tsx";
import styles from "./CopyField.module.css";

/** Something to take along: shown whole, selected when touched, copied by the button. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const id = useId();
  const [said, setSaid] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setSaid(t("common.copied"));
    } catch {
      // Refused, or plain http: the text is there to be selected.
      setSaid(t("common.copyFailed"));
    }
  };
  return (
    <div className={styles["field"]}>
      <label className={styles["label"]} htmlFor={id}>
        {label}
      </label>
      <div className={styles["line"]}>
        <input
          id={id}
          className={styles["value"]}
          readOnly
          value={value}
          onFocus={(event) => event.currentTarget.select()}
        />
        <Button icon="copy" onClick={() => void copy()}>
          {t("common.copy")}
        </Button>
      </div>
      <output className={styles["said"]}>{said}</output>
    </div>
  );
}
