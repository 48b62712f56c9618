import { useQuery } from "@tanstack/react-query";
import { Link, Navigate, Outlet, useNavigate, useParams, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { rolesWithSecondFactor } from "../../accounts/contract.ts";
import { meQuery } from "../../accounts/web/queries.ts";
import { TimerPill } from "../../requests/web/TimerPill.tsx";
import { CompanyProvider, useCompany } from "../CompanyContext.tsx";
import { useShortcuts } from "../keys.ts";
import { readerSide } from "../side.ts";
import { t } from "../text/text.ts";
import { holdTyping } from "../typed-ahead.ts";
import { ownZone } from "../zone.ts";
import { AccountMenu } from "./AccountMenu.tsx";
import styles from "./CompanyShell.module.css";
import { rememberCompany } from "./last-company.ts";
import { LogCallProvider, useLogCall } from "./LogCallContext.tsx";
import { MissingPage } from "./MissingPage.tsx";
import { BottomBar, LogButton, MainNavigation, SearchButton } from "./Navigation.tsx";

const CommandPalette = lazy(() => import("./CommandPalette.tsx"));
const Live = lazy(() => import("../live/Live.tsx"));
const ShortcutsDialog = lazy(() => import("./ShortcutsDialog.tsx"));

/** The frame of a company's pages: its name, the navigation, the page, and what is reachable from everywhere. */
export function CompanyShell() {
  const { company } = useParams({ from: "/c/$company" });
  const { data: account } = useQuery(meQuery);
  const membership = account?.memberships.find((one) => one.company.id === company);
  useEffect(() => {
    if (membership) rememberCompany(company);
  }, [company, membership]);
  if (!account) return null;
  if (!membership) return <MissingPage />;
  if (!account.secondFactor && rolesWithSecondFactor.includes(membership.role))
    return <Navigate to="/account" replace />;
  return (
    <CompanyProvider key={company} account={account} membership={membership}>
      <LogCallProvider>
        <Frame />
      </LogCallProvider>
    </CompanyProvider>
  );
}

function Frame() {
  const { id: company, name } = useCompany();
  const [palette, setPalette] = useState<{ wanted: boolean; open: boolean }>({ wanted: false, open: false });
  const [help, setHelp] = useState<{ wanted: boolean; open: boolean }>({ wanted: false, open: false });
  const openPalette = () => {
    holdTyping();
    setPalette({ wanted: true, open: true });
  };
  const openHelp = () => setHelp({ wanted: true, open: true });
  const main = useFocusOnNewPage();
  useFrameShortcuts(openPalette, openHelp);
  return (
    <div className={styles["frame"]}>
      <a className={styles["skip"]} href="#main" data-screen-only>
        {t("app.skip")}
      </a>
      <header className={styles["head"]} data-screen-only>
        <div className={styles["headInner"]}>
          <Link to="/c/$company" params={{ company }} className={styles["company"]}>
            <span className={styles["companyName"]}>{name}</span>
          </Link>
          <MainNavigation />
          <div className={styles["tools"]}>
            <TimerPill />
            <SearchButton onClick={openPalette} />
            <LogButton />
            <AccountMenu onShortcuts={openHelp} />
          </div>
        </div>
      </header>
      <div className={styles["scroll"]} data-scroll data-scroll-restoration-id="page">
        <main id="main" ref={main} tabIndex={-1} className={styles["main"]}>
          <Outlet />
        </main>
        <ZoneNote />
      </div>
      <BottomBar />
      <Suspense>
        <Live />
      </Suspense>
      <Suspense>
        {palette.wanted && (
          <CommandPalette
            open={palette.open}
            onClose={() => setPalette({ wanted: true, open: false })}
            onShortcuts={openHelp}
          />
        )}
        {help.wanted && <ShortcutsDialog open={help.open} onClose={() => setHelp({ wanted: true, open: false })} />}
      </Suspense>
    </div>
  );
}

/** A new page begins at its top for the keyboard and for screen readers too; a new filter on the same page does not. */
function useFocusOnNewPage() {
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const before = useRef(path);
  useEffect(() => {
    const arrived = before.current !== undefined && path !== undefined && before.current !== path;
    // A field that already took the focus, in a dialog or on the new page, keeps it.
    const taken = document.activeElement?.closest('[role="dialog"], main input, main textarea') != null;
    if (arrived && !taken) main.current?.focus({ preventScroll: true });
    before.current = path;
  }, [path]);
  return main;
}

function useFrameShortcuts(openPalette: () => void, openHelp: () => void): void {
  const { id: company, may } = useCompany();
  const navigate = useNavigate();
  const log = useLogCall();
  const params = { company };
  useShortcuts({
    "mod+k": openPalette,
    "?": openHelp,
    ...(may("figures.read") ? { "g o": () => void navigate({ to: "/c/$company", params }) } : {}),
    ...(readerSide() ? { "g q": () => void navigate({ to: "/queue" }) } : {}),
    "g r": () => void navigate({ to: may("requests.read") ? "/c/$company/requests" : "/c/$company/mine", params }),
    "g s": () => void navigate({ to: "/c/$company/settings", params }),
    ...(may("assets.read") ? { "g a": () => void navigate({ to: "/c/$company/assets", params }) } : {}),
    ...(may("imports.read") ? { "g i": () => void navigate({ to: "/c/$company/imports", params }) } : {}),
    ...(may("requests.write") ? { c: log } : {}),
    "/": () => {
      const field = document.querySelector<HTMLInputElement>("[data-search] input");
      if (field) field.focus();
      else void navigate({ to: "/c/$company/requests", params, hash: "search" });
    },
  });
}

/** Named only where it differs from the reader's own. */
function ZoneNote() {
  const { name, zone } = useCompany();
  if (ownZone() === zone) return null;
  return (
    <footer className={styles["zone"]} data-screen-only>
      {t("nav.zone", { company: name, zone: zone.replaceAll("_", " ") })}
    </footer>
  );
}
