import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { SettingsPage } from "../../companies/web/SettingsPage.tsx";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button, IconButton } from "../../web/ui/Button.tsx";
import { Row, Section, Stack, Unseen } from "../../web/ui/Layout.tsx";
import { notify } from "../../web/ui/notify.ts";
import { type Column, Table } from "../../web/ui/Table.tsx";
import { changeTemplate, orderTemplates, type Template } from "../contract.ts";
import { templatesQuery } from "./queries.ts";
import TemplateDialog from "./TemplateDialog.tsx";

/** The company's templates in its order; and those it no longer offers. */
export function TemplatesPage() {
  const { id, may } = useCompany();
  const query = useQuery(templatesQuery(id));
  const [editing, setEditing] = useState<Template | "new">();
  const action = may("company.manage") && (
    <Button icon="plus" onClick={() => setEditing("new")}>
      {t("templates.add")}
    </Button>
  );
  return (
    <SettingsPage
      title={t("settings.templates")}
      intro={t("templates.intro")}
      query={query}
      change="company.manage"
      action={action}
    >
      {({ items }) => {
        const offered = items.filter(({ endedAt }) => endedAt === null);
        const ended = items.filter(({ endedAt }) => endedAt !== null);
        return (
          <Stack gap="large">
            {offered.length === 0 ? (
              <p>{t("templates.none")}</p>
            ) : (
              <Templates templates={offered} title={t("settings.templates")} onEdit={setEditing} />
            )}
            {ended.length > 0 && (
              <Section title={t("categories.ended")} id="ended">
                <Templates templates={ended} title={t("categories.ended")} onEdit={setEditing} />
              </Section>
            )}
            {editing && (
              <TemplateDialog
                template={editing === "new" ? undefined : editing}
                onClose={() => setEditing(undefined)}
              />
            )}
          </Stack>
        );
      }}
    </SettingsPage>
  );
}

/** Puts them into an order, ends one or offers it again; what went wrong is said. */
function useChanges() {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const { queryKey } = templatesQuery(company);
  const onError = (error: unknown) => {
    notify({ tone: "bad", text: problemText(error) });
    void client.invalidateQueries({ queryKey });
  };
  const order = useMutation({
    mutationFn: (ids: string[]) => call(orderTemplates, { params: { company }, body: { ids } }),
    onSuccess: (reply) => client.setQueryData(queryKey, reply),
    onError,
  });
  const end = useMutation({
    mutationFn: ({ id, endedAt, version }: Template) =>
      call(
        changeTemplate,
        { params: { company, template: id }, body: { ended: endedAt === null } },
        { ifMatch: version },
      ),
    onSuccess: () => client.invalidateQueries({ queryKey }),
    onError,
  });
  return { order: order.mutate, end: end.mutate };
}

function Templates({
  templates,
  title,
  onEdit,
}: {
  templates: Template[];
  title: string;
  onEdit: (template: Template) => void;
}) {
  const { may } = useCompany();
  const { order, end } = useChanges();
  const move = (at: number, by: -1 | 1) => {
    const ids = templates.map(({ id }) => id);
    const [moved] = ids.splice(at, 1);
    ids.splice(at + by, 0, moved!);
    order(ids);
  };
  const columns: Column<Template>[] = [
    { key: "name", title: t("common.name"), render: ({ name }) => <span dir="auto">{name}</span> },
    {
      key: "subject",
      title: t("log.what"),
      wide: true,
      render: ({ subject }) => <span dir="auto">{subject.slice(0, 120)}</span>,
    },
  ];
  if (may("company.manage")) {
    columns.push({
      key: "actions",
      title: <Unseen>{t("common.actions")}</Unseen>,
      number: true,
      render: (template) => {
        const at = templates.indexOf(template);
        const { name, endedAt } = template;
        return (
          <Row gap="tight">
            {endedAt === null && (
              <>
                <IconButton
                  icon="chevronUp"
                  label={t("categories.up", { name })}
                  disabled={at === 0}
                  onClick={() => move(at, -1)}
                />
                <IconButton
                  icon="chevronDown"
                  label={t("categories.down", { name })}
                  disabled={at === templates.length - 1}
                  onClick={() => move(at, 1)}
                />
              </>
            )}
            <IconButton icon="pencil" label={t("common.editThing", { thing: name })} onClick={() => onEdit(template)} />
            <Button look="quiet" onClick={() => end(template)}>
              {endedAt === null ? t("categories.end") : t("categories.again")}
            </Button>
          </Row>
        );
      },
    });
  }
  return <Table caption={title} captionHidden columns={columns} rows={templates} rowKey={({ id }) => id} />;
}
