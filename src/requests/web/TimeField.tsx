import { useCompany } from "../../web/CompanyContext.tsx";
import { useNow } from "../../web/Moment.tsx";
import { t } from "../../web/text/text.ts";
import { TextField } from "../../web/ui/Fields.tsx";
import { instantOf, localTime } from "../../web/zone.ts";

/** A local time of the company; a time that the clocks skipped says what was taken instead. */
export function TimeField({
  label,
  value,
  onChange,
  past,
  future,
  error,
  hint,
}: {
  label: string;
  /** YYYY-MM-DDTHH:MM, or empty. */
  value: string;
  onChange: (value: string) => void;
  past?: boolean;
  future?: boolean;
  error?: string;
  hint?: string;
}) {
  const { zone, format } = useCompany();
  const now = localTime(useNow(), zone);
  const taken = value ? instantOf(value, zone) : undefined;
  const skipped = taken?.skipped
    ? t("log.skippedTime", { time: format.clock(taken.instant.toISOString()) })
    : undefined;
  return (
    <TextField
      label={label}
      type="datetime-local"
      value={value}
      onChange={onChange}
      max={past ? now : undefined}
      min={future ? now : undefined}
      error={error}
      hint={skipped ?? hint}
    />
  );
}
