import { Fragment, useState } from "react";
import { setSingleKeys, singleKeysOn } from "../keys.ts";
import { t, type PlainKey } from "../text/text.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { CheckField } from "../ui/Fields.tsx";
import styles from "./ShortcutsDialog.module.css";

const mod = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";
const shortcuts: [keys: string[], what: PlainKey][] = [
  [[mod, "K"], "shortcut.palette"],
  [["c"], "shortcut.log"],
  [["/"], "shortcut.search"],
  [["g", "o"], "shortcut.overview"],
  [["g", "r"], "shortcut.requests"],
  [["g", "a"], "shortcut.assets"],
  [["g", "i"], "shortcut.import"],
  [["g", "s"], "shortcut.settings"],
  [["j"], "shortcut.next"],
  [["k"], "shortcut.previous"],
  [["o"], "shortcut.open"],
  [["x"], "shortcut.choose"],
  [["X"], "shortcut.chooseTo"],
  [["e"], "shortcut.change"],
  [["m"], "shortcut.message"],
  [["l"], "shortcut.latest"],
  [[mod, "Enter"], "shortcut.send"],
  [["Esc"], "shortcut.close"],
  [["?"], "shortcut.help"],
];

export default function ShortcutsDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [single, setSingle] = useState(singleKeysOn);
  return (
    <Dialog title={t("shortcut.title")} open={open} onClose={onClose}>
      <dl className={styles["list"]}>
        {shortcuts.map(([keys, what]) => (
          <div key={what} className={styles["line"]}>
            <dt>{t(what)}</dt>
            <dd>
              {keys.map((key, index) => (
                <Fragment key={key}>
                  {index > 0 && keys[0] !== mod && <span className={styles["then"]}>{t("shortcut.then")}</span>}
                  <kbd className={styles["key"]}>{key}</kbd>
                </Fragment>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <CheckField
        label={t("shortcut.single")}
        checked={single}
        onChange={(on) => {
          setSingle(on);
          setSingleKeys(on);
        }}
      />
    </Dialog>
  );
}
