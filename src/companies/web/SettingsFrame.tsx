import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { Permission } from "../../contract.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { type PlainKey, t } from "../../web/text/text.ts";
import styles from "./SettingsFrame.module.css";

const pages = [
  ["/c/$company/settings", "settings.company", "company.read"],
  ["/c/$company/settings/hours", "settings.hours", "company.read"],
  ["/c/$company/settings/holidays", "settings.holidays", "company.read"],
  ["/c/$company/settings/targets", "settings.targets", "company.read"],
  ["/c/$company/settings/categories", "settings.categories", "company.read"],
  ["/c/$company/settings/suppliers", "settings.suppliers", "company.read"],
  ["/c/$company/settings/people", "settings.people", "people.read"],
  ["/c/$company/settings/members", "settings.members", "members.read"],
  ["/c/$company/settings/report-page", "settings.reporting", "company.manage"],
  ["/c/$company/settings/keys", "settings.keys", "keys.manage"],
  ["/c/$company/settings/exports", "settings.exports", "exports.read"],
  ["/c/$company/settings/audit", "settings.audit", "audit.read"],
] as const satisfies [string, PlainKey, Permission][];

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
        {pages
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
