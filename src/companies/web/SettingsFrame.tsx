import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import styles from "./SettingsFrame.module.css";
import { settingsPages } from "./settings-pages.ts";

/** The settings of a company, a page for each; beside them on a wide screen, above them on a phone. */
export function SettingsFrame() {
  const { id: company, may } = useCompany();
  const nav = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  // On a phone the names run out of the screen: the one that is open is brought into it.
  useEffect(() => {
    const row = nav.current;
    const active = path ? row?.querySelector<HTMLElement>("[aria-current]") : undefined;
    if (row && active) row.scrollLeft = active.offsetLeft - (row.clientWidth - active.offsetWidth) / 2;
  }, [path]);
  return (
    <div className={styles["frame"]}>
      <nav ref={nav} className={styles["nav"]} aria-label={t("settings.nav")} data-screen-only>
        {settingsPages
          .filter(([, , permission]) => may(permission))
          .map(([to, label]) => (
            <Link
              key={to}
              to={to}
              params={{ company }}
              activeOptions={{ exact: true }}
              className={styles["link"]}
              activeProps={{ className: `${styles["link"]} ${styles["active"]}`, "aria-current": "page" }}
            >
              {t(label)}
            </Link>
          ))}
      </nav>
      <div className={styles["page"]}>
        <Outlet />
      </div>
    </div>
  );
}
