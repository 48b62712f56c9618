import { t } from "../../web/text/text.ts";
import { TextButton } from "../../web/ui/Button.tsx";
import { Note, Row } from "../../web/ui/Layout.tsx";

/** What stands in the form was typed before this page was opened. */
export function Restored({ onDiscard }: { onDiscard: () => void }) {
  return (
    <Row>
      <Note as="span">{t("log.draft")}</Note>
      <TextButton onClick={onDiscard}>{t("log.discard")}</TextButton>
    </Row>
  );
}
