import { useMutation } from "@tanstack/react-query";
import { call } from "../../web/call.ts";
import { OwnMoment } from "../../web/OwnMoment.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Note } from "../../web/ui/Layout.tsx";
import { notify } from "../../web/ui/notify.ts";
import { AccountLine, AccountSection } from "./AccountSection.tsx";
import { endOtherSessions, endSession, type Session } from "../contract-security.ts";
import { deviceName } from "./device-name.ts";
import { useSecurityChanged } from "./security-part.ts";

/** Where somebody is signed in, and the way to end it. */
export function SessionsPart({ sessions }: { sessions: readonly Session[] }) {
  const changed = useSecurityChanged();
  const onError = (error: Error) => notify({ tone: "bad", text: problemText(error) });
  const end = useMutation({
    mutationFn: (session: string) => call(endSession, { params: { session } }),
    onError,
    onSettled: changed,
  });
  const endAll = useMutation({
    mutationFn: () => call(endOtherSessions, {}),
    onSuccess: () => notify({ text: t("account.sessionsEnded") }),
    onError,
    onSettled: changed,
  });
  return (
    <AccountSection
      title={t("account.sessions")}
      id="sessions"
      aside={
        sessions.length > 1 && (
          <Button look="quiet" bad busy={endAll.isPending} onClick={() => endAll.mutate()}>
            {t("account.sessionEndAll")}
          </Button>
        )
      }
    >
      {sessions.map((one) => (
        <AccountLine
          key={one.id}
          act={
            !one.current && (
              <Button look="quiet" bad onClick={() => end.mutate(one.id)}>
                {t("account.sessionEnd")}
              </Button>
            )
          }
        >
          {deviceName(one.userAgent) ?? t("account.unknownDevice")}{" "}
          <Note as="span">
            {one.current ? t("account.sessionThis") : <OwnMoment at={one.lastSeenAt ?? one.createdAt} />}
            {one.network ? ` · ${one.network}` : ""}
          </Note>
        </AccountLine>
      ))}
    </AccountSection>
  );
}
