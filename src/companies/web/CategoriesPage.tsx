import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { FormDialog } from "../../web/FormDialog.tsx";
import { fieldProblem, problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button, IconButton } from "../../web/ui/Button.tsx";
import { TextField } from "../../web/ui/Fields.tsx";
import { Form } from "../../web/ui/Form.tsx";
import { Note, Row, Section, Stack, Unseen } from "../../web/ui/Layout.tsx";
import { notify } from "../../web/ui/notify.ts";
import { type Column, Table } from "../../web/ui/Table.tsx";
import { addCategories, type Category, changeCategory, maxCategory, orderCategories } from "../contract-categories.ts";
import { categoriesQuery } from "./queries.ts";
import { SettingsPage } from "./SettingsPage.tsx";

type Reply = { items: Category[] };

/** The company's own list of categories, in its order; and those it no longer offers. */
export function CategoriesPage() {
  const { id, may } = useCompany();
  const query = useQuery(categoriesQuery(id));
  return (
    <SettingsPage title={t("settings.categories")} intro={t("categories.intro")} query={query} change="company.manage">
      {({ items }) => {
        const offered = items.filter(({ endedAt }) => endedAt === null);
        const ended = items.filter(({ endedAt }) => endedAt !== null);
        return (
          <Stack gap="large">
            {offered.length === 0 ? (
              <p>{t("categories.none")}</p>
            ) : (
              <Categories categories={offered} title={t("settings.categories")} />
            )}
            {may("company.manage") && <AddCategory />}
            {ended.length > 0 && (
              <Section title={t("categories.ended")} id="ended">
                <Categories categories={ended} title={t("categories.ended")} />
              </Section>
            )}
          </Stack>
        );
      }}
    </SettingsPage>
  );
}

/** Does something to the list, shows what the server made of it, and says what went wrong. */
function useChange<T>(run: (input: T) => Promise<Reply>, onDone?: () => void) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: (reply) => {
      client.setQueryData(categoriesQuery(company).queryKey, reply);
      void client.invalidateQueries({ queryKey: ["choices", company] });
      onDone?.();
    },
  });
}

const tell = (error: unknown) => notify({ tone: "bad", text: problemText(error) });

function Categories({ categories, title }: { categories: Category[]; title: string }) {
  const { id: company, may } = useCompany();
  const [editing, setEditing] = useState<Category>();
  const order = useChange((ids: string[]) => call(orderCategories, { params: { company }, body: { ids } }));
  const end = useChange(({ id, endedAt }: Category) =>
    call(changeCategory, { params: { company, category: id }, body: { ended: endedAt === null } }),
  );
  const move = (at: number, by: -1 | 1) => {
    const ids = categories.map(({ id }) => id);
    const [moved] = ids.splice(at, 1);
    ids.splice(at + by, 0, moved!);
    order.mutate(ids, { onError: tell });
  };
  const columns: Column<Category>[] = [
    {
      key: "name",
      title: t("common.name"),
      render: ({ name }) => (
        <Link to="/c/$company/requests" params={{ company }} search={{ category: name }} dir="auto">
          {name}
        </Link>
      ),
    },
  ];
  if (may("company.manage")) {
    columns.push({
      key: "actions",
      title: <Unseen>{t("common.actions")}</Unseen>,
      number: true,
      render: (category) => {
        const at = categories.indexOf(category);
        const isOffered = category.endedAt === null;
        return (
          <Row gap="tight">
            {isOffered && (
              <Mover
                name={category.name}
                onUp={at > 0 && (() => move(at, -1))}
                onDown={at < categories.length - 1 && (() => move(at, 1))}
              />
            )}
            <IconButton
              icon="pencil"
              label={t("common.editThing", { thing: category.name })}
              onClick={() => setEditing(category)}
            />
            <Button look="quiet" onClick={() => end.mutate(category, { onError: tell })}>
              {isOffered ? t("categories.end") : t("categories.again")}
            </Button>
          </Row>
        );
      },
    });
  }
  return (
    <>
      <Table caption={title} captionHidden columns={columns} rows={categories} rowKey={({ id }) => id} />
      {editing && <Rename category={editing} onClose={() => setEditing(undefined)} />}
    </>
  );
}

function Mover({
  name,
  onUp,
  onDown,
}: {
  name: string;
  onUp: false | (() => void);
  onDown: false | (() => void);
}): ReactNode {
  return (
    <>
      <IconButton
        icon="chevronUp"
        label={t("categories.up", { name })}
        disabled={!onUp}
        onClick={() => onUp && onUp()}
      />
      <IconButton
        icon="chevronDown"
        label={t("categories.down", { name })}
        disabled={!onDown}
        onClick={() => onDown && onDown()}
      />
    </>
  );
}

function Rename({ category, onClose }: { category: Category; onClose: () => void }) {
  const { id: company } = useCompany();
  const [name, setName] = useState(category.name);
  const save = useChange<void>(
    () => call(changeCategory, { params: { company, category: category.id }, body: { name: name.trim() } }),
    onClose,
  );
  return (
    <FormDialog
      title={t("categories.rename", { name: category.name })}
      onClose={onClose}
      save={save}
      ready={name.trim() !== ""}
    >
      <TextField
        label={t("common.name")}
        value={name}
        onChange={setName}
        maxLength={maxCategory}
        error={fieldProblem(save.error, "name")}
      />
      <Note>{t("categories.renameNote")}</Note>
    </FormDialog>
  );
}

function AddCategory() {
  const { id: company } = useCompany();
  const [name, setName] = useState("");
  const add = useChange<void>(
    () => call(addCategories, { params: { company }, body: { names: [name.trim()] } }),
    () => setName(""),
  );
  return (
    <Section title={t("categories.add")} id="add">
      <Form onSubmit={() => name.trim() !== "" && add.mutate()}>
        <Row align="end">
          <TextField
            label={t("common.name")}
            value={name}
            onChange={setName}
            maxLength={maxCategory}
            error={add.error ? (fieldProblem(add.error, "names") ?? problemText(add.error)) : undefined}
          />
          <Button type="submit" busy={add.isPending} disabled={name.trim() === ""}>
            {t("common.add")}
          </Button>
        </Row>
      </Form>
    </Section>
  );
}
