import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { CopyField } from "../../web/ui/CopyField.tsx";
import { Actions, Dialog } from "../../web/ui/Dialog.tsx";
import { Stack } from "../../web/ui/Layout.tsx";

/** A one-time link, shown now and never again: to be copied and handed over. */
export function HandOverDialog({
  title,
  text,
  link,
  onClose,
}: {
  title: string;
  text: string;
  /** A path of these pages. */
  link: string;
  onClose: () => void;
}) {
  return (
    <Dialog title={title} open onClose={onClose}>
      <Stack gap="medium">
        <p>{text}</p>
        <CopyField label={t("members.link")} value={new URL(link, location.origin).href} />
        <Actions>
          <Button look="main" onClick={onClose}>
            {t("common.close")}
          </Button>
        </Actions>
      </Stack>
    </Dialog>
  );
}
