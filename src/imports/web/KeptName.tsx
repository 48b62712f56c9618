import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { TextButton } from "../../web/ui/Button.tsx";
import type { Import } from "../contract.ts";
import { mappingsQuery } from "./queries.ts";
import { ReadAsWords } from "./ReadAs.tsx";

const MappingDialog = lazy(() => import("./MappingDialog.tsx"));

/** After an import: under which name it is kept how such files are read. */
export function KeptName({ file }: { file: Import }) {
  const { id: company } = useCompany();
  const kept = useQuery(mappingsQuery(company)).data?.items.find(({ id }) => id === file.readAs?.id);
  const [open, setOpen] = useState(false);
  if (!file.readAs) return null;
  return (
    <p>
      {file.readAs.usedAt ? (
        <ReadAsWords file={file} />
      ) : (
        <span dir="auto">{t("imports.readAs.kept", { name: file.readAs.name })}</span>
      )}{" "}
      {kept && <TextButton onClick={() => setOpen(true)}>{t("imports.readAs.look")}</TextButton>}
      {kept && open && (
        <Suspense>
          <MappingDialog kept={kept} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </p>
  );
}
