import { Checkbox, NativeSelect, PasswordInput, SegmentedControl, Textarea, TextInput } from "@mantine/core";
import { type ReactNode, type Ref, useId } from "react";
import "@mantine/core/styles/Input.layer.css";
import "@mantine/core/styles/PasswordInput.layer.css";
import "@mantine/core/styles/Checkbox.layer.css";
import "@mantine/core/styles/CheckboxIndicator.layer.css";
import "@mantine/core/styles/InlineInput.layer.css";
import "@mantine/core/styles/FloatingIndicator.layer.css";
import "@mantine/core/styles/SegmentedControl.layer.css";
import { t } from "../text/text.ts";
import { Icon } from "./Icon.tsx";
import styles from "./Fields.module.css";

export interface FieldProps {
  label: string;
  /** The label is for screen readers only: the place says what it is. */
  labelHidden?: boolean;
  hint?: ReactNode;
  error?: string | undefined;
  required?: boolean;
  disabled?: boolean;
  name?: string;
}

function common({ label, labelHidden, hint, error, required, disabled, name }: FieldProps) {
  return {
    label: labelHidden ? undefined : label,
    "aria-label": labelHidden ? label : undefined,
    description: hint,
    error: error,
    required,
    withAsterisk: false,
    disabled,
    name,
  };
}

export function TextField({
  value,
  onChange,
  type = "text",
  search,
  ref,
  ...rest
}: FieldProps & {
  value: string;
  onChange: (value: string) => void;
  type?: "text" | "email" | "tel" | "search" | "date" | "time" | "datetime-local" | "number";
  /** A magnifying glass before the text. */
  search?: boolean;
  placeholder?: string;
  autoComplete?: string;
  /** Takes the focus when its dialog opens. */
  first?: boolean;
  maxLength?: number;
  min?: string | number;
  max?: string | number;
  step?: string | number;
  list?: string;
  inputMode?: "text" | "email" | "tel" | "numeric" | "decimal" | "search";
  onBlur?: () => void;
  ref?: Ref<HTMLInputElement>;
}) {
  const { label, labelHidden, hint, error, required, disabled, name, first, ...input } = rest;
  return (
    <TextInput
      {...common({ label, labelHidden, hint, error, required, disabled, name })}
      {...input}
      data-autofocus={first || undefined}
      ref={ref}
      type={type}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      leftSection={search ? <Icon name="search" size={18} /> : undefined}
      className={styles["field"]}
    />
  );
}

export function PasswordField({
  value,
  onChange,
  autoComplete,
  first,
  ...rest
}: FieldProps & {
  value: string;
  onChange: (value: string) => void;
  autoComplete: "current-password" | "new-password";
  first?: boolean;
}) {
  return (
    <PasswordInput
      {...common(rest)}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      visibilityToggleFocusable
      visibilityToggleButtonProps={{ "aria-label": t("common.showPassword") }}
      autoComplete={autoComplete}
      data-autofocus={first || undefined}
      className={styles["field"]}
    />
  );
}

export function TextArea({
  value,
  onChange,
  rows = 3,
  placeholder,
  first,
  maxLength,
  onSend,
  ref,
  ...rest
}: FieldProps & {
  value: string;
  onChange: (value: string) => void;
  rows?: number;
  placeholder?: string;
  first?: boolean;
  maxLength?: number;
  /** Ctrl or Cmd with Enter. */
  onSend?: () => void;
  ref?: Ref<HTMLTextAreaElement>;
}) {
  return (
    <Textarea
      {...common(rest)}
      ref={ref}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
          event.preventDefault();
          onSend?.();
        }
      }}
      rows={rows}
      placeholder={placeholder}
      maxLength={maxLength}
      dir="auto"
      data-autofocus={first || undefined}
      className={`${styles["field"]} ${styles["area"]}`}
    />
  );
}

export interface Choice<T extends string = string> {
  value: T;
  label: string;
  disabled?: boolean;
}

/** A plain select of the browser: works on every phone and with every screen reader. */
export function SelectField<T extends string>({
  value,
  onChange,
  choices,
  ...rest
}: FieldProps & { value: T; onChange: (value: T) => void; choices: readonly Choice<T>[] }) {
  return (
    <NativeSelect
      {...common(rest)}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value as T)}
      data={[...choices]}
      rightSection={<Icon name="chevronDown" size={16} />}
      className={styles["field"]}
    />
  );
}

/** A few choices side by side, one of them taken. */
export function ChoiceField<T extends string>({
  label,
  labelHidden,
  value,
  onChange,
  choices,
}: Pick<FieldProps, "label" | "labelHidden"> & {
  value: T;
  onChange: (value: T) => void;
  choices: readonly Choice<T>[];
}) {
  const id = useId();
  return (
    <div className={styles["choice"]}>
      <div id={id} className={labelHidden ? styles["hidden"] : styles["choiceLabel"]}>
        {label}
      </div>
      <SegmentedControl
        aria-labelledby={id}
        value={value}
        onChange={(next) => onChange(next as T)}
        data={choices.map((choice) => ({ ...choice }))}
        transitionDuration={0}
        withItemsBorders={false}
        classNames={{
          root: styles["segments"],
          indicator: styles["segmentsIndicator"],
          label: styles["segmentsLabel"],
        }}
      />
    </div>
  );
}

export function CheckField({
  label,
  checked,
  onChange,
  disabled,
}: {
  label: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}) {
  return (
    <Checkbox
      label={label}
      checked={checked}
      disabled={disabled}
      color="var(--accent)"
      iconColor="var(--on-accent)"
      onChange={(event) => onChange(event.currentTarget.checked)}
      classNames={{ root: styles["check"], body: styles["checkBody"], label: styles["checkLabel"] }}
    />
  );
}
