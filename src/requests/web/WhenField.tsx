import { t } from "../../web/text/text.ts";
import { ChoiceField } from "../../web/ui/Fields.tsx";
import { TimeField } from "./TimeField.tsx";

export type When = "now" | "earlier";

/** Now, or an earlier time that is kept beside the time of writing it down. */
export function WhenField({
  label,
  atLabel,
  when,
  at,
  onWhen,
  onAt,
  error,
}: {
  label: string;
  atLabel: string;
  when: When;
  /** YYYY-MM-DDTHH:MM, or empty. */
  at: string;
  onWhen: (when: When) => void;
  onAt: (at: string) => void;
  error?: string;
}) {
  return (
    <>
      <ChoiceField
        label={label}
        value={when}
        onChange={onWhen}
        choices={[
          { value: "now", label: t("common.now") },
          { value: "earlier", label: t("common.earlier") },
        ]}
      />
      {when === "earlier" && (
        <TimeField label={atLabel} value={at} onChange={onAt} past hint={t("log.earlierNote")} error={error} />
      )}
    </>
  );
}
