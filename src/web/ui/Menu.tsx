import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { Icon } from "./Icon.tsx";
import styles from "./Menu.module.css";

/**
 * A button that unfolds a small sheet below it: the account, further choices. What is inside are ordinary links,
 * buttons and fields in tab order; Escape and a click elsewhere close it. Small on purpose: part of the first load.
 */
export function Menu({
  label,
  children,
  look = "plain",
  align = "end",
}: {
  /** What the button shows; unseen words in it are its name for screen readers. */
  label: ReactNode;
  look?: "plain" | "field" | "head";
  align?: "start" | "end";
  children: ReactNode | ((close: () => void) => ReactNode);
}) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => setOpen(false);
  useEffect(() => {
    if (!open) return;
    const outside = (event: PointerEvent | FocusEvent) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    const escape = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    document.addEventListener("keydown", escape, true);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
      document.removeEventListener("keydown", escape, true);
    };
  }, [open]);
  return (
    <div ref={box} className={styles["box"]} data-screen-only>
      <button
        ref={button}
        type="button"
        className={styles[look]}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {label}
        {look !== "head" && <Icon name="chevronDown" size={16} />}
      </button>
      {open && (
        <div id={id} ref={keepInWindow} className={styles["sheet"]} data-align={align}>
          {typeof children === "function" ? children(close) : children}
        </div>
      )}
    </div>
  );
}

const edge = 12;

/** A sheet that would reach over the edge of the window, on a phone, moves aside. */
function keepInWindow(sheet: HTMLElement | null): void {
  if (!sheet) return;
  const { left, right } = sheet.getBoundingClientRect();
  const over = right - (document.documentElement.clientWidth - edge);
  const aside = over > 0 ? -Math.min(over, left - edge) : Math.max(0, edge - left);
  if (aside !== 0) sheet.style.translate = `${aside}px`;
}

/** One line of a menu that does something. */
export function MenuAction({ children, onClick }: { children: ReactNode; onClick: () => void }) {
  return (
    <button type="button" className={styles["item"]} onClick={onClick}>
      {children}
    </button>
  );
}

/** A line of a menu that holds something else, usually a link (class `item` for the link itself). */
export const menuItemClass = styles["item"];

export function MenuLine({ children }: { children: ReactNode }) {
  return <div className={styles["words"]}>{children}</div>;
}
export function MenuRule() {
  return <hr className={styles["rule"]} />;
}
