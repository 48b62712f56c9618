import { Autocomplete, Loader } from "@mantine/core";
import type { Ref } from "react";
import "@mantine/core/styles/Input.layer.css";
import "@mantine/core/styles/Loader.layer.css";
import "@mantine/core/styles/ScrollArea.layer.css";
import "@mantine/core/styles/Paper.layer.css";
import "@mantine/core/styles/Popover.layer.css";
import "@mantine/core/styles/Combobox.layer.css";
import type { FieldProps } from "./Fields.tsx";
import styles from "./Suggest.module.css";

export interface Suggestion {
  /** The text that goes into the field; each one is different. */
  value: string;
  hint?: string;
}

/** A field of free text that offers what is known while one types. */
export function SuggestField({
  label,
  labelHidden,
  hint,
  error,
  value,
  onChange,
  suggestions,
  busy,
  placeholder,
  filter = true,
  openOnFocus = true,
  first,
  ref,
}: FieldProps & {
  value: string;
  onChange: (value: string) => void;
  suggestions: readonly Suggestion[];
  busy?: boolean;
  placeholder?: string;
  /** false: the suggestions were found by the server for this very text. */
  filter?: boolean;
  /** false: nothing unfolds before one types. */
  openOnFocus?: boolean;
  first?: boolean;
  ref?: Ref<HTMLInputElement>;
}) {
  const hints = new Map(suggestions.map((suggestion) => [suggestion.value, suggestion.hint]));
  return (
    <Autocomplete
      ref={ref}
      label={labelHidden ? undefined : label}
      aria-label={labelHidden ? label : undefined}
      description={hint}
      error={error}
      value={value}
      onChange={onChange}
      data={suggestions.map((suggestion) => suggestion.value)}
      filter={filter ? undefined : ({ options }) => options}
      openOnFocus={openOnFocus}
      limit={8}
      maxDropdownHeight="18rem"
      placeholder={placeholder}
      autoComplete="off"
      data-autofocus={first || undefined}
      rightSection={busy ? <Loader size={16} color="var(--ink-soft)" /> : undefined}
      comboboxProps={{ transitionProps: { duration: 0 }, shadow: "md", withinPortal: false }}
      renderOption={({ option }) => (
        <span className={styles["option"]}>
          <span dir="auto">{option.value}</span>
          {hints.get(option.value) && <span className={styles["hint"]}>{hints.get(option.value)}</span>}
        </span>
      )}
      classNames={{ dropdown: styles["dropdown"], option: styles["line"] }}
      className={styles["field"]}
    />
  );
}
