import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Menu, MenuAction, menuItemClass, MenuLine, MenuRule } from "../../web/ui/Menu.tsx";
import type { View, ViewPage } from "../contract.ts";
import { addressOf, isShown, type Look, lookOf } from "./addresses.ts";
import { viewsQuery } from "./queries.ts";
import styles from "./ViewsMenu.module.css";

const SaveViewDialog = lazy(() => import("./SaveViewDialog.tsx"));
const ManageViewsDialog = lazy(() => import("./ManageViewsDialog.tsx"));

/** What was kept by a name, and keeping what the page shows now. */
export function ViewsMenu({ page, search }: { page: ViewPage; search: Record<string, string | undefined> }) {
  const { may } = useCompany();
  const [dialog, setDialog] = useState<"save" | "manage">();
  if (!may("views.read")) return null;
  const look = lookOf(page, search);
  return (
    <>
      <Menu
        align={page === "requests" ? "end" : "start"}
        label={<span className={styles["label"]}>{t("views.label")}</span>}
      >
        {(close) => (
          <Views
            look={look}
            onClose={close}
            onDialog={(wanted) => {
              close();
              setDialog(wanted);
            }}
          />
        )}
      </Menu>
      <Suspense>
        {dialog === "save" && <SaveViewDialog look={look} onClose={() => setDialog(undefined)} />}
        {dialog === "manage" && <ManageViewsDialog onClose={() => setDialog(undefined)} />}
      </Suspense>
    </>
  );
}

/** Asked for when the menu is opened: the page itself does not wait for it. */
function Views({
  look,
  onClose,
  onDialog,
}: {
  look: Look;
  onClose: () => void;
  onDialog: (dialog: "save" | "manage") => void;
}) {
  const { id: company, may } = useCompany();
  const { data, error } = useQuery(viewsQuery(company));
  const views = data?.items ?? [];
  return (
    <>
      {error && <MenuLine>{problemText(error)}</MenuLine>}
      {data && views.length === 0 && <MenuLine>{t("views.none")}</MenuLine>}
      {views.length > 0 && (
        <ul className={styles["views"]}>
          {views.map((view) => (
            <li key={view.id}>
              <ViewLink view={view} shown={isShown(view, look)} onClick={onClose} />
            </li>
          ))}
        </ul>
      )}
      {may("views.save") && (
        <>
          <MenuRule />
          <MenuAction onClick={() => onDialog("save")}>{t("views.save")}</MenuAction>
          {views.some(({ mayChange }) => mayChange) && (
            <MenuAction onClick={() => onDialog("manage")}>{t("views.manage")}</MenuAction>
          )}
        </>
      )}
    </>
  );
}

function ViewLink({ view, shown, onClick }: { view: View; shown: boolean; onClick: () => void }) {
  const { id: company } = useCompany();
  return (
    <Link
      {...addressOf(company, view)}
      className={menuItemClass}
      aria-current={shown ? "true" : undefined}
      activeProps={{}}
      activeOptions={{ exact: true }}
      onClick={onClick}
    >
      <span className={styles["name"]} dir="auto">
        {view.name}
      </span>
      <span className={styles["hint"]}>{view.mine ? t(`views.page.${view.page}`) : view.savedBy}</span>
    </Link>
  );
}
