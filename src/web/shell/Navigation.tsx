import { Link } from "@tanstack/react-router";
import { useCompany } from "../CompanyContext.tsx";
import { readerSide } from "../side.ts";
import { t } from "../text/text.ts";
import { Icon } from "../ui/Icon.tsx";
import { useLogCall } from "./LogCallContext.tsx";
import styles from "./Navigation.module.css";

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Across the head of the page on a wide screen. */
export function MainNavigation() {
  const { id: company, may } = useCompany();
  const params = { company };
  const active = { className: `${styles["link"]} ${styles["active"]}`, "aria-current": "page" as const };
  return (
    <nav className={styles["main"]} aria-label={t("nav.label")}>
      {readerSide() && (
        <Link to="/queue" className={styles["link"]}>
          {t("nav.queue")}
        </Link>
      )}
      {may("figures.read") && (
        <Link
          to="/c/$company"
          params={params}
          activeOptions={{ exact: true, includeSearch: false }}
          className={styles["link"]}
          activeProps={active}
        >
          {t("nav.overview")}
        </Link>
      )}
      {may("requests.read") ? (
        <Link
          to="/c/$company/requests"
          params={params}
          activeOptions={{ includeSearch: false }}
          className={styles["link"]}
          activeProps={active}
        >
          {t("nav.requests")}
        </Link>
      ) : (
        <Link
          to="/c/$company/mine"
          params={params}
          activeOptions={{ includeSearch: false }}
          className={styles["link"]}
          activeProps={active}
        >
          {t("own.title")}
        </Link>
      )}
      {may("assets.read") && (
        <Link
          to="/c/$company/assets"
          params={params}
          activeOptions={{ includeSearch: false }}
          className={styles["link"]}
          activeProps={active}
        >
          {t("nav.assets")}
        </Link>
      )}
      {may("imports.read") && (
        <Link to="/c/$company/imports" params={params} className={styles["link"]} activeProps={active}>
          {t("nav.import")}
        </Link>
      )}
      <Link to="/c/$company/settings" params={params} className={styles["link"]} activeProps={active}>
        {t("nav.settings")}
      </Link>
    </nav>
  );
}

export function SearchButton({ onClick }: { onClick: () => void }) {
  return (
    <button type="button" className={styles["search"]} onClick={onClick} aria-keyshortcuts="Control+K Meta+K">
      <Icon name="search" size={18} />
      <span className={styles["searchWord"]}>{t("nav.search")}</span>
      <kbd className={styles["keys"]} aria-hidden="true">
        {isMac ? "⌘K" : "Ctrl K"}
      </kbd>
    </button>
  );
}

export function LogButton() {
  const { may } = useCompany();
  const log = useLogCall();
  if (!may("requests.write")) return null;
  return (
    <button type="button" className={styles["log"]} onClick={log} aria-keyshortcuts="c">
      <Icon name="plus" size={18} />
      {t("nav.log")}
    </button>
  );
}

/** At the lower edge of a phone, within reach of the thumb. */
export function BottomBar() {
  const { id: company, may } = useCompany();
  const log = useLogCall();
  const params = { company };
  const active = { className: `${styles["tab"]} ${styles["tabActive"]}`, "aria-current": "page" as const };
  return (
    <nav className={styles["bottom"]} aria-label={t("nav.label")} data-screen-only>
      {readerSide() && (
        <Link to="/queue" className={styles["tab"]}>
          <Icon name="clock" size={22} />
          {t("nav.queue")}
        </Link>
      )}
      {may("figures.read") && (
        <Link
          to="/c/$company"
          params={params}
          activeOptions={{ exact: true, includeSearch: false }}
          className={styles["tab"]}
          activeProps={active}
        >
          <Icon name="overview" size={22} />
          {t("nav.overview")}
        </Link>
      )}
      {may("requests.read") ? (
        <Link
          to="/c/$company/requests"
          params={params}
          activeOptions={{ includeSearch: false }}
          className={styles["tab"]}
          activeProps={active}
        >
          <Icon name="requests" size={22} />
          {t("nav.requests")}
        </Link>
      ) : (
        <Link
          to="/c/$company/mine"
          params={params}
          activeOptions={{ includeSearch: false }}
          className={styles["tab"]}
          activeProps={active}
        >
          <Icon name="requests" size={22} />
          {t("own.title")}
        </Link>
      )}
      {may("requests.write") && (
        <button type="button" className={styles["tab"]} onClick={log} aria-label={t("nav.log")}>
          <span className={styles["plus"]}>
            <Icon name="plus" size={22} />
          </span>
          {t("nav.logShort")}
        </button>
      )}
      {may("assets.read") && (
        <Link
          to="/c/$company/assets"
          params={params}
          activeOptions={{ includeSearch: false }}
          className={styles["tab"]}
          activeProps={active}
        >
          <Icon name="assets" size={22} />
          {t("nav.assets")}
        </Link>
      )}
      {may("imports.read") && (
        <Link to="/c/$company/imports" params={params} className={styles["tab"]} activeProps={active}>
          <Icon name="import" size={22} />
          {t("nav.import")}
        </Link>
      )}
      <Link to="/c/$company/settings" params={params} className={styles["tab"]} activeProps={active}>
        <Icon name="settings" size={22} />
        {t("nav.settings")}
      </Link>
    </nav>
  );
}
