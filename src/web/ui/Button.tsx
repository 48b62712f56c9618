import { ActionIcon, Button as MantineButton } from "@mantine/core";
import type { ComponentProps, MouseEventHandler, ReactNode, Ref } from "react";
import "@mantine/core/styles/UnstyledButton.layer.css";
import "@mantine/core/styles/Loader.layer.css";
import "@mantine/core/styles/Button.layer.css";
import "@mantine/core/styles/ActionIcon.layer.css";
import { Icon, type IconName } from "./Icon.tsx";
import styles from "./Button.module.css";

interface Common {
  children?: ReactNode;
  onClick?: MouseEventHandler<HTMLButtonElement>;
  disabled?: boolean;
  ref?: Ref<HTMLButtonElement>;
}
type Aria = Pick<ComponentProps<"button">, "aria-expanded" | "aria-controls" | "aria-haspopup" | "aria-pressed" | "id">;

/** `main`: the one thing to do here · `plain`: everything else · `quiet`: without a frame. */
export function Button({
  look = "plain",
  bad,
  busy,
  icon,
  wide,
  type = "button",
  form,
  ...rest
}: Common &
  Aria & {
    look?: "main" | "plain" | "quiet";
    bad?: boolean;
    busy?: boolean;
    icon?: IconName;
    wide?: boolean;
    type?: "button" | "submit";
    form?: string;
  }) {
  return (
    <MantineButton
      {...rest}
      type={type}
      form={form}
      variant={look === "main" ? "filled" : look === "plain" ? "default" : "subtle"}
      color={bad ? "bad" : undefined}
      loading={busy}
      fullWidth={wide}
      leftSection={icon ? <Icon name={icon} size={18} /> : undefined}
      className={styles["button"]}
    />
  );
}

/** A button that is only a drawing: its name is for screen readers and on hover. */
export function IconButton({ icon, label, ...rest }: Common & Aria & { icon: IconName; label: string }) {
  return (
    <ActionIcon {...rest} variant="subtle" aria-label={label} title={label} className={styles["icon"]}>
      <Icon name={icon} />
    </ActionIcon>
  );
}

/** A button that reads like a link within text. */
export function TextButton({ children, onClick, disabled, ...rest }: Common & Aria) {
  return (
    <button type="button" onClick={onClick} disabled={disabled} className={styles["text"]} {...rest}>
      {children}
    </button>
  );
}
