import { TagsInput } from "@mantine/core";
import "@mantine/core/styles/Input.layer.css";
import "@mantine/core/styles/CloseButton.layer.css";
import "@mantine/core/styles/ScrollArea.layer.css";
import "@mantine/core/styles/Paper.layer.css";
import "@mantine/core/styles/Popover.layer.css";
import "@mantine/core/styles/Combobox.layer.css";
import "@mantine/core/styles/Pill.layer.css";
import "@mantine/core/styles/PillsInput.layer.css";
import type { FieldProps } from "./Fields.tsx";
import styles from "./Suggest.module.css";

/** Words one types, each with Enter or a comma; those in use are offered. Backspace takes the last one away. */
export function TagsField({
  label,
  labelHidden,
  hint,
  error,
  values,
  onChange,
  suggestions,
  maxTags,
  maxLength,
}: FieldProps & {
  values: readonly string[];
  onChange: (values: string[]) => void;
  suggestions: readonly string[];
  maxTags?: number;
  maxLength?: number;
}) {
  return (
    <TagsInput
      label={labelHidden ? undefined : label}
      aria-label={labelHidden ? label : undefined}
      description={hint}
      error={error}
      value={[...values]}
      onChange={(next) => onChange([...new Set(next.map((tag) => tag.trim().toLowerCase()).filter(Boolean))])}
      data={[...suggestions]}
      limit={8}
      maxTags={maxTags}
      maxLength={maxLength}
      acceptValueOnBlur
      splitChars={[","]}
      comboboxProps={{ transitionProps: { duration: 0 }, shadow: "md", withinPortal: false }}
      classNames={{ dropdown: styles["dropdown"], option: styles["line"] }}
      className={styles["field"]}
    />
  );
}
