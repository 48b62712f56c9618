import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { meQuery } from "../../accounts/web/queries.ts";
import { useCompany } from "../CompanyContext.tsx";
import { t } from "../text/text.ts";
import { openFeed } from "./feed.ts";
import styles from "./Live.module.css";
import { hearPresence } from "./presence.ts";
import { refresher } from "./refresh.ts";
import { setLive, useIsLive } from "./state.ts";

/** A cut that mends itself within this is nobody's business. */
const silentMs = 4_000;

/** Keeps the company's pages as they are at the server, and says so when it cannot. */
export default function Live() {
  const { id: company, account } = useCompany();
  const client = useQueryClient();
  useEffect(() => {
    const { take, end } = refresher(client, company);
    const close = openFeed({
      company,
      account: account.id,
      onTold: (told) => {
        if (told.kind === "presence") hearPresence(told);
        else take(told);
      },
      onState: setLive,
      // Whoever is signed out by now goes to the sign-in page; whoever is no member any more sees that.
      onRefused: () => client.fetchQuery({ ...meQuery, staleTime: 0 }),
    });
    return () => {
      close();
      end();
      setLive(false);
    };
  }, [client, company, account.id]);
  return <NotLive />;
}

function NotLive() {
  const live = useIsLive();
  const [told, setTold] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setTold(!live), live ? 0 : silentMs);
    return () => clearTimeout(timer);
  }, [live]);
  return (
    <output className={styles["state"]} data-live={live || undefined} data-screen-only>
      {told && !live && <span className={styles["words"]}>{t("live.away")}</span>}
    </output>
  );
}
