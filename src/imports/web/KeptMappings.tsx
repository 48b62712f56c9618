import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useCompany } from "../../web/CompanyContext.tsx";
import { Moment } from "../../web/Moment.tsx";
import { t } from "../../web/text/text.ts";
import { TextButton } from "../../web/ui/Button.tsx";
import { Section } from "../../web/ui/Layout.tsx";
import { Table } from "../../web/ui/Table.tsx";
import { mappingsQuery } from "./queries.ts";

const MappingDialog = lazy(() => import("./MappingDialog.tsx"));

/** How files are read, by name; each can be opened, renamed and forgotten. Absent as long as nothing is kept. */
export function KeptMappings() {
  const { id: company } = useCompany();
  const kept = useQuery(mappingsQuery(company)).data?.items ?? [];
  const [open, setOpen] = useState<string>();
  const shown = kept.find(({ id }) => id === open);
  if (kept.length === 0) return null;
  return (
    <Section title={t("imports.kept")} id="kept">
      <Table
        caption={t("imports.kept")}
        captionHidden
        rows={kept}
        rowKey={({ id }) => id}
        columns={[
          {
            key: "name",
            title: t("common.name"),
            render: ({ id, name }) => <TextButton onClick={() => setOpen(id)}>{name}</TextButton>,
          },
          {
            key: "subject",
            title: t("imports.kept.rows"),
            width: "10rem",
            wide: true,
            render: ({ subject }) => t(`imports.about.${subject}`),
          },
          {
            key: "used",
            title: t("imports.kept.used"),
            width: "14rem",
            render: ({ usedAt }) => <Moment at={usedAt} />,
          },
        ]}
      />
      {shown && (
        <Suspense>
          <MappingDialog key={shown.id} kept={shown} onClose={() => setOpen(undefined)} />
        </Suspense>
      )}
    </Section>
  );
}
