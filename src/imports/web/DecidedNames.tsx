import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { Moment } from "../../web/Moment.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { IconButton } from "../../web/ui/Button.tsx";
import { Note, Section, Stack, Unseen } from "../../web/ui/Layout.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { Table } from "../../web/ui/Table.tsx";
import { type DecidedName, takeNameBack } from "../contract-names.ts";
import { decidedNamesQuery } from "./queries.ts";

/** What was said of names that look alike, each to be taken back. Absent as long as nothing was. */
export function DecidedNames() {
  const { id: company, may } = useCompany();
  const client = useQueryClient();
  const names = useQuery(decidedNamesQuery(company)).data?.items ?? [];
  const takeBack = useMutation({
    mutationFn: ({ id }: DecidedName) => call(takeNameBack, { params: { company, decidedName: id } }),
    onSettled: () => client.invalidateQueries({ queryKey: decidedNamesQuery(company).queryKey }),
  });
  if (names.length === 0) return null;
  return (
    <Section title={t("imports.names")} id="names">
      <Stack gap="small">
        <Note>{t("imports.names.hint")}</Note>
        {takeBack.error && <Notice tone="bad">{problemText(takeBack.error)}</Notice>}
        <Table
          caption={t("imports.names")}
          captionHidden
          rows={names}
          rowKey={({ id }) => id}
          columns={[
            { key: "name", title: t("imports.names.written"), render: ({ name }) => <span dir="auto">{name}</span> },
            { key: "means", title: t("imports.names.is"), render: meaning },
            {
              key: "by",
              title: t("imports.names.by"),
              width: "16rem",
              wide: true,
              render: ({ decidedBy, decidedAt }) => (
                <>
                  {decidedBy}, <Moment at={decidedAt} />
                </>
              ),
            },
            {
              key: "act",
              title: <Unseen>{t("imports.names.act")}</Unseen>,
              width: "3.5rem",
              render: (one) =>
                may("imports.run") && (
                  <IconButton
                    icon="close"
                    label={t("imports.kept.takeBack", { what: one.name })}
                    disabled={takeBack.isPending}
                    onClick={() => takeBack.mutate(one)}
                  />
                ),
            },
          ]}
        />
      </Stack>
    </Section>
  );
}

function meaning({ kind, side, sameAs }: DecidedName): string {
  const who = sameAs ?? t(`imports.question.names.${kind}.other`);
  return side === "" ? who : `${who} (${side})`;
}
