import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { meQuery } from "../../accounts/web/queries.ts";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { formatFor } from "../../web/format.ts";
import { useToday } from "../../web/Moment.tsx";
import { fieldProblem, problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { SelectField, TextField } from "../../web/ui/Fields.tsx";
import { Form } from "../../web/ui/Form.tsx";
import { Columns } from "../../web/ui/Layout.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { notify } from "../../web/ui/notify.ts";
import { changeCompany, type Company } from "../contract.ts";
import { companyQuery } from "./queries.ts";
import { currencies, locales, timeZones } from "./regions.ts";
import { SettingsPage } from "./SettingsPage.tsx";

export function CompanyPage() {
  const { id } = useCompany();
  const query = useQuery(companyQuery(id));
  return (
    <SettingsPage title={t("settings.company")} intro={t("company.intro")} query={query} change="company.manage">
      {(company) => <CompanyForm company={company} />}
    </SettingsPage>
  );
}

function CompanyForm({ company }: { company: Company }) {
  const { may } = useCompany();
  const client = useQueryClient();
  const [name, setName] = useState(company.name);
  const [timeZone, setTimeZone] = useState(company.timeZone);
  const [currency, setCurrency] = useState(company.currency);
  const [locale, setLocale] = useState(company.locale);
  const readOnly = !may("company.manage");
  const save = useMutation({
    mutationFn: () =>
      call(changeCompany, { params: { company: company.id }, body: { name: name.trim(), timeZone, currency, locale } }),
    onSuccess: async (changed) => {
      client.setQueryData(companyQuery(company.id).queryKey, changed);
      await client.invalidateQueries({ queryKey: meQuery.queryKey });
      void client.invalidateQueries({ queryKey: ["overview", company.id] });
      notify({ text: t("common.saved") });
    },
  });
  const format = formatFor(locale, timeZone);
  return (
    <Form onSubmit={() => save.mutate()}>
      {save.error && <Notice tone="bad">{problemText(save.error)}</Notice>}
      <TextField
        label={t("company.name")}
        value={name}
        onChange={setName}
        maxLength={200}
        disabled={readOnly}
        error={name.trim() === "" ? t("setUp.needCompany") : fieldProblem(save.error, "name")}
      />
      <Columns least="15rem">
        <SelectField
          label={t("company.timeZone")}
          hint={t("company.timeZoneHint")}
          value={timeZone}
          onChange={setTimeZone}
          choices={timeZones(timeZone)}
          disabled={readOnly}
          error={fieldProblem(save.error, "timeZone")}
        />
        <SelectField
          label={t("company.locale")}
          hint={t("company.example", { date: format.date(useToday()), number: format.number(1234.5) })}
          value={locale}
          onChange={setLocale}
          choices={locales(locale)}
          disabled={readOnly}
          error={fieldProblem(save.error, "locale")}
        />
        <SelectField
          label={t("company.currency")}
          value={currency}
          onChange={setCurrency}
          choices={currencies(currency)}
          disabled={readOnly}
          error={fieldProblem(save.error, "currency")}
        />
      </Columns>
      {!readOnly && (
        <div>
          <Button type="submit" look="main" busy={save.isPending} disabled={name.trim() === ""}>
            {t("common.save")}
          </Button>
        </div>
      )}
    </Form>
  );
}
