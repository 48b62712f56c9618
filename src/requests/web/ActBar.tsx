import { lazy, Suspense, useState } from "react";
import { useCompany } from "../../web/CompanyContext.tsx";
import { useNow } from "../../web/Moment.tsx";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { allowedActs } from "../contract-acts.ts";
import { type RequestDetail } from "../contract.ts";
import styles from "./ActBar.module.css";

const ActDialog = lazy(() => import("./ActDialog.tsx"));
const NewFromDialog = lazy(() => import("./NewFromDialog.tsx"));
export type Act = "resolve" | "confirm" | "reopen" | "cancel";

/** What can be done in this state; the likely next one first and filled. */
export function ActBar({ request }: { request: RequestDetail }) {
  const { may } = useCompany();
  const [act, setAct] = useState<Act>();
  const [open, setOpen] = useState(false);
  const [followUp, setFollowUp] = useState<"open" | "closed">();
  const allowed = allowedActs(request);
  const now = useNow().getTime();
  const reopenable = request.mayReopenUntil === null || Date.parse(request.mayReopenUntil) > now;
  const start = (next: Act) => {
    setAct(next);
    setOpen(true);
  };
  const resolved = request.state === "resolved";
  // Whether it is fixed, and whether it is still wanted, is the company's to say.
  const decides = may("requests.write");
  const buttons: { act: Act; main?: boolean; quiet?: boolean }[] = [
    ...(decides && allowed.confirm && resolved ? [{ act: "confirm" as const, main: true }] : []),
    ...(allowed.resolve ? [{ act: "resolve" as const, main: !decides }] : []),
    ...(decides && allowed.reopen && reopenable ? [{ act: "reopen" as const }] : []),
    ...(decides && allowed.confirm && !resolved ? [{ act: "confirm" as const }] : []),
    ...(decides && allowed.cancel ? [{ act: "cancel" as const, quiet: true }] : []),
  ];
  const late = decides && allowed.reopen && !reopenable && !request.withdrawn;
  if (buttons.length === 0 && !late) return null;
  return (
    <div className={styles["bar"]} data-screen-only>
      {buttons.map(({ act, main, quiet }) => (
        <Button key={act} look={main ? "main" : quiet ? "quiet" : "plain"} onClick={() => start(act)}>
          {t(act === "resolve" && !decides ? "act.resolve.own" : `act.${act}`)}
        </Button>
      ))}
      {late && (
        <Button look="main" onClick={() => setFollowUp("open")}>
          {t("act.followUp")}
        </Button>
      )}
      {followUp && (
        <Suspense>
          <NewFromDialog request={request} open={followUp === "open"} onClose={() => setFollowUp("closed")} />
        </Suspense>
      )}
      {act && (
        <Suspense>
          <ActDialog key={act} act={act} request={request} open={open} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}
