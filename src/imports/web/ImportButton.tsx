import { useNavigate } from "@tanstack/react-router";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import type { ListName } from "../contract.ts";

/** Beside a list: the way to bring it as a spreadsheet; nothing for those who may not. */
export function ImportButton({ about, main }: { about: ListName; main?: boolean }) {
  const { id: company, may } = useCompany();
  const navigate = useNavigate();
  if (!may("imports.run")) return null;
  return (
    <Button
      look={main ? "main" : "plain"}
      icon="import"
      onClick={() => void navigate({ to: "/c/$company/imports", params: { company }, search: { about } })}
    >
      {t("imports.fromSpreadsheet")}
    </Button>
  );
}
