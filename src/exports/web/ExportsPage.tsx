import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { SettingsPage } from "../../companies/web/SettingsPage.tsx";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { useSubmissionKey } from "../../web/submission.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { CheckField } from "../../web/ui/Fields.tsx";
import { Form } from "../../web/ui/Form.tsx";
import { Note, Section } from "../../web/ui/Layout.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { exportFormats, keptDays, makeExport, type NewExport } from "../contract.ts";
import { EarlierExports } from "./EarlierExports.tsx";
import styles from "./ExportsPage.module.css";
import { forgetExports } from "./queries.ts";

/** The whole record as a file: chosen, made, taken away; and who did so before. */
export function ExportsPage() {
  const { may } = useCompany();
  return (
    <SettingsPage title={t("exports.title")} intro={t("exports.intro")}>
      {may("exports.make") && <Choice />}
      <EarlierExports />
      <Section title={t("exports.check")} id="check">
        <p className={styles["check"]}>{t("exports.check.text")}</p>
      </Section>
    </SettingsPage>
  );
}

function Choice() {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const [format, setFormat] = useState<NewExport["format"]>("xlsx");
  const [attachments, setAttachments] = useState(false);
  const { keyFor, done } = useSubmissionKey();
  const make = useMutation({
    mutationFn: () => {
      const body = { format, attachments };
      return call(makeExport, { params: { company }, body }, { idempotencyKey: keyFor(body) });
    },
    onSuccess: done,
    onSettled: () => forgetExports(client, company),
  });
  return (
    <Form onSubmit={() => !make.isPending && make.mutate()}>
      <fieldset className={styles["formats"]}>
        <legend className={styles["legend"]}>{t("exports.format")}</legend>
        {exportFormats.map((one) => (
          <div key={one} className={styles["format"]}>
            <input
              id={`format-${one}`}
              type="radio"
              name="format"
              value={one}
              checked={format === one}
              onChange={() => setFormat(one)}
              aria-describedby={`format-${one}-text`}
            />
            <label htmlFor={`format-${one}`}>
              {t(`exports.format.${one}`)}
              <span id={`format-${one}-text`} aria-hidden="true" className={styles["for"]}>
                {t(`exports.format.${one}.text`)}
              </span>
            </label>
          </div>
        ))}
        <Note>{t("exports.format.same")}</Note>
      </fieldset>
      <CheckField label={t("exports.attachments")} checked={attachments} onChange={setAttachments} />
      {make.error && (
        <Notice tone="bad" title={t("exports.actFailed")}>
          {problemText(make.error)}
        </Notice>
      )}
      <div className={styles["make"]}>
        <Button type="submit" look="main" busy={make.isPending}>
          {t("exports.make")}
        </Button>
        <Note as="span">{t("exports.limits", { n: keptDays })}</Note>
      </div>
    </Form>
  );
}
