import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import "@mantine/core/styles/ModalBase.layer.css";
import "@mantine/core/styles/Modal.layer.css";
import "@mantine/core/styles/Overlay.layer.css";
import "@mantine/core/styles/CloseButton.layer.css";
import "@mantine/core/styles/Paper.layer.css";
import { t } from "../text/text.ts";
import styles from "./Dialog.module.css";

/** A sheet over the page: the whole screen of a phone, a centred sheet elsewhere. Escape and the cross close it. */
export function Dialog({
  title,
  open,
  onClose,
  wide,
  children,
}: {
  title: ReactNode;
  open: boolean;
  onClose: () => void;
  wide?: boolean;
  children: ReactNode;
}) {
  return (
    <Modal
      opened={open}
      onClose={onClose}
      title={title}
      size={wide ? "44rem" : "34rem"}
      // The page is kept still by base.css: the library's own way writes style elements.
      lockScroll={false}
      data-dialog-open
      transitionProps={{ duration: 0 }}
      closeButtonProps={{ "aria-label": t("common.close") }}
      // Inside a dialog a header is no banner of the page.
      attributes={{ header: { role: "presentation" } }}
      overlayProps={{ className: styles["overlay"] }}
      classNames={{
        inner: styles["inner"],
        content: styles["content"],
        header: styles["header"],
        title: styles["title"],
        body: styles["body"],
        close: styles["close"],
      }}
    >
      {children}
    </Modal>
  );
}

/** The row of buttons at the end of a dialog or form; the main one comes last. */
export function Actions({ children }: { children: ReactNode }) {
  return <div className={styles["actions"]}>{children}</div>;
}
