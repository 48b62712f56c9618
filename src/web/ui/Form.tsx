import type { ReactNode } from "react";
import styles from "./Form.module.css";

/** Fields one under the other; Enter sends. Our own messages take the place of the browser's bubbles. */
export function Form({ id, onSubmit, children }: { id?: string; onSubmit: () => void; children: ReactNode }) {
  return (
    <form
      id={id}
      className={styles["form"]}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        onSubmit();
        // Once what is wrong is shown, the first of it is where one goes on.
        requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      }}
    >
      {children}
    </form>
  );
}

/** Fields that belong together under a small heading. */
export function FieldGroup({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className={styles["group"]}>
      <legend className={styles["legend"]}>{title}</legend>
      {children}
    </fieldset>
  );
}
