import { getRouteApi, Navigate, useNavigate } from "@tanstack/react-router";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { useTitle } from "../../web/title.ts";
import { Stack } from "../../web/ui/Layout.tsx";
import { LogCallForm } from "./LogCallForm.tsx";
import styles from "./LogCallPage.module.css";

const route = getRouteApi("/c/$company/requests/new");

/** The same form as a page of its own: to be linked to, and for the home screen of a phone. */
export function LogCallPage() {
  const { id: company, name, may } = useCompany();
  const { asset } = route.useSearch();
  const navigate = useNavigate();
  useTitle(t("log.title"), name);
  if (!may("requests.write") && may("requests.own")) {
    return <Navigate to="/c/$company/mine" params={{ company }} search={{ asset }} replace />;
  }
  return (
    <div className={styles["page"]}>
      <Stack gap="medium">
        <h1>{t("log.title")}</h1>
        <LogCallForm
          assetId={asset}
          onDone={({ number }) =>
            void navigate({
              to: "/c/$company/requests/$request",
              params: { company, request: String(number) },
              replace: true,
            })
          }
        />
      </Stack>
    </div>
  );
}
