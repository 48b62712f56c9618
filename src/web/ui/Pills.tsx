import type { ReactNode } from "react";
import { Icon } from "./Icon.tsx";
import styles from "./Pills.module.css";

/** Several of a few: each can be on or off. */
export function PillsField<T extends string>({
  label,
  values,
  onChange,
  choices,
}: {
  label: string;
  values: readonly T[];
  onChange: (values: T[]) => void;
  choices: readonly { value: T; label: ReactNode }[];
}) {
  return (
    <fieldset className={styles["field"]}>
      <legend className={styles["label"]}>{label}</legend>
      <div className={styles["pills"]}>
        {choices.map((choice) => {
          const on = values.includes(choice.value);
          return (
            <button
              key={choice.value}
              type="button"
              className={styles["pill"]}
              aria-pressed={on}
              onClick={() => onChange(on ? values.filter((one) => one !== choice.value) : [...values, choice.value])}
            >
              {on && <Icon name="check" size={14} />}
              {choice.label}
            </button>
          );
        })}
      </div>
    </fieldset>
  );
}

/** Something that is on and can be taken away. */
export function Chip({
  children,
  removeLabel,
  onRemove,
}: {
  children: ReactNode;
  removeLabel: string;
  onRemove: () => void;
}) {
  return (
    <button type="button" className={styles["chip"]} onClick={onRemove} aria-label={removeLabel} title={removeLabel}>
      <span dir="auto">{children}</span>
      <Icon name="close" size={14} />
    </button>
  );
}
