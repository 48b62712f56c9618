import { use } from "react";
import { t } from "../../web/text/text.ts";
import type { RequestSummary } from "../contract.ts";
import { rowsInOrder } from "./row-keys.ts";
import styles from "./SelectRow.module.css";
import { SelectionContext, useIsSelected } from "./selection.ts";

/** Chooses a row; with Shift everything up to it. */
export function SelectRow({ request }: { request: RequestSummary }) {
  const selection = use(SelectionContext);
  const selected = useIsSelected(request.id);
  if (!selection) return null;
  return (
    <label className={styles["label"]} data-screen-only>
      <input
        type="checkbox"
        className={styles["box"]}
        aria-label={t("bulk.select", { number: request.number })}
        checked={selected ?? false}
        onChange={(event) => {
          const shift = (event.nativeEvent as MouseEvent).shiftKey;
          if (shift) selection.extend(request.id, rowsInOrder());
          else selection.toggle(request.id);
        }}
      />
    </label>
  );
}
