import { Notifications, notifications } from "@mantine/notifications";
import { useEffect } from "react";
import "@mantine/core/styles/Notification.layer.css";
import "@mantine/core/styles/CloseButton.layer.css";
import "@mantine/notifications/styles.layer.css";
import { t } from "../text/text.ts";
import { TextButton } from "./Button.tsx";
import { drawNotices } from "./notify.ts";
import { Icon } from "./Icon.tsx";
import styles from "./Notices.module.css";

/** Where notices appear: at the lower edge, read out politely, gone after a few seconds unless they are bad news. */
export default function Notices() {
  useEffect(() => {
    drawNotices(({ text, tone = "good", action }) => {
      // One at a time: each says what was just done, and the earlier one has been read or is no longer news.
      notifications.clean();
      const id = notifications.show({
        message: (
          <span className={styles["message"]}>
            {text}
            {action && (
              <TextButton
                onClick={() => {
                  notifications.hide(id);
                  action.run();
                }}
              >
                {action.label}
              </TextButton>
            )}
          </span>
        ),
        icon: <Icon name={tone === "good" ? "check" : "alert"} size={18} />,
        autoClose: tone === "good" ? 6000 : false,
        role: tone === "good" ? "status" : "alert",
        withBorder: false,
        closeButtonProps: { "aria-label": t("common.close") },
        classNames: {
          root: styles["root"],
          icon: styles[tone],
          description: styles["text"],
          closeButton: styles["close"],
        },
      });
    });
  }, []);
  return <Notifications position="bottom-center" transitionDuration={150} containerWidth="28rem" />;
}
