import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { useTitle } from "../../web/title.ts";
import { Button } from "../../web/ui/Button.tsx";
import { CopyField } from "../../web/ui/CopyField.tsx";
import { Row, Stack } from "../../web/ui/Layout.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { QrCode } from "../../web/ui/QrCode.tsx";
import { isLoopback } from "./loopback.ts";
import styles from "./Poster.module.css";

/** A new link, this once: to copy, and as a sheet of A4 to hang up. On paper there is the sheet alone. */
export function Poster({ name, link, onClose }: { name: string; link: string; onClose: () => void }) {
  const { name: company } = useCompany();
  useTitle(t("reporting.shownTitle", { name }), t("settings.title"), company);
  return (
    <Stack gap="large">
      <div data-screen-only>
        <Stack>
          <h1>{t("reporting.shownTitle", { name })}</h1>
          <p>{t("reporting.shownText")}</p>
          {isLoopback(link) && <Notice tone="warn">{t("reporting.loopback")}</Notice>}
          <CopyField label={t("reporting.link")} value={link} />
          <Row>
            <Button look="main" icon="print" onClick={() => window.print()}>
              {t("reporting.print")}
            </Button>
            <Button onClick={onClose}>{t("common.close")}</Button>
          </Row>
        </Stack>
      </div>
      <article className={styles["sheet"]}>
        <p className={styles["company"]} dir="auto">
          {company}
        </p>
        <h2 className={styles["title"]}>{t("reporting.poster.title")}</h2>
        <p className={styles["lead"]}>{t("reporting.poster.lead")}</p>
        <div className={styles["code"]}>
          <QrCode text={link} label={t("reporting.poster.code")} />
        </div>
        <ol className={styles["steps"]}>
          <li>{t("reporting.poster.one")}</li>
          <li>{t("reporting.poster.two")}</li>
          <li>{t("reporting.poster.three")}</li>
        </ol>
        <p className={styles["name"]} dir="auto">
          {name}
        </p>
      </article>
    </Stack>
  );
}
