import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Permission } from "../../contract.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { useTitle } from "../../web/title.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Note } from "../../web/ui/Layout.tsx";
import { Loading, Notice } from "../../web/ui/Notice.tsx";
import styles from "./SettingsPage.module.css";

/** One page of the settings: its name, what it is for, and its content once it is loaded. */
export function SettingsPage<T>({
  title,
  intro,
  query,
  change,
  action,
  children,
}: {
  title: string;
  intro: string;
  query?: UseQueryResult<T>;
  /** What one must be allowed to change something here; without it the page says that it is for reading. */
  change?: Permission;
  action?: ReactNode;
  children: ReactNode | ((data: T) => ReactNode);
}) {
  const { name, may } = useCompany();
  useTitle(title, t("settings.title"), name);
  return (
    <div className={styles["page"]}>
      <header className={styles["head"]}>
        <div className={styles["title"]}>
          <h1>{title}</h1>
          {action}
        </div>
        <p className={styles["intro"]}>{intro}</p>
        {change && !may(change) && <Note>{t("settings.readOnly")}</Note>}
      </header>
      {query?.error && (
        <Notice
          tone="bad"
          title={t("settings.failed")}
          actions={<Button onClick={() => void query.refetch()}>{t("common.retry")}</Button>}
        >
          {problemText(query.error)}
        </Notice>
      )}
      {query?.isPending && <Loading label={t("common.loading")} lines={6} />}
      {typeof children === "function" ? query?.data !== undefined && children(query.data) : children}
    </div>
  );
}
