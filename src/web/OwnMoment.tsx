import { formatFor, supported } from "./format.ts";
import { useNow } from "./Moment.tsx";
import { ownZone } from "./zone.ts";

/** As `Moment`, outside any company: in the reader's own zone and language. */
export function OwnMoment({ at }: { at: string }) {
  const format = formatFor(supported(navigator.language), ownZone());
  const whole = format.moment(at);
  return (
    <time dateTime={at} title={`${whole} (${format.zone})`}>
      {format.near(at, useNow())}
    </time>
  );
}
