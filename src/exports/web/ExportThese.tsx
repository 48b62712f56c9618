import { lazy, Suspense, useState } from "react";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";

const ExportTheseDialog = lazy(() => import("./ExportTheseDialog.tsx"));

/** The way from a list of requests to a table of them. */
export function ExportThese({
  search,
  count,
}: {
  search: Record<string, string | undefined>;
  count: number | "uncounted";
}) {
  const { may } = useCompany();
  const [open, setOpen] = useState(false);
  if (!may("exports.make") || count === 0) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t("exports.these")}</Button>
      <Suspense>{open && <ExportTheseDialog search={search} count={count} onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}
