import { lazy, Suspense, useState } from "react";
import { t } from "../../web/text/text.ts";
import { Button, TextButton } from "../../web/ui/Button.tsx";
import { maxAtOnce } from "../contract-bulk.ts";
import { useRowKeys } from "./row-keys.ts";
import { type Selection, useSelectedIds } from "./selection.ts";
import styles from "./SelectionBar.module.css";

const BulkDialog = lazy(() => import("./BulkDialog.tsx"));

/** What can be done with the rows that are chosen; nothing stands here while none is. */
export function SelectionBar({ selection }: { selection: Selection }) {
  const ids = useSelectedIds(selection);
  const [open, setOpen] = useState(false);
  useRowKeys(selection, () => setOpen(true));
  return (
    <div className={styles["place"]} aria-live="polite" data-screen-only>
      {ids.size > 0 && (
        <div className={styles["bar"]}>
          <span>
            {ids.size < maxAtOnce ? t("bulk.chosen", { n: ids.size }) : t("bulk.chosenMost", { n: ids.size })}
          </span>
          <Button look="main" onClick={() => setOpen(true)}>
            {t("bulk.change")}
          </Button>
          <TextButton onClick={() => selection.clear()}>{t("bulk.none")}</TextButton>
        </div>
      )}
      <Suspense>
        {open && <BulkDialog ids={[...ids]} onClose={() => setOpen(false)} onDone={() => selection.clear()} />}
      </Suspense>
    </div>
  );
}
