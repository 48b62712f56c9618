import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useCompany } from "../../web/CompanyContext.tsx";
import { useToday } from "../../web/Moment.tsx";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { SelectField } from "../../web/ui/Fields.tsx";
import { Section, Stack } from "../../web/ui/Layout.tsx";
import type { HoursVersion, Settings } from "../contract.ts";
import { HoursDialog } from "./HoursDialog.tsx";
import styles from "./HoursPage.module.css";
import { weekLines } from "./hours-draft.ts";
import { settingsQuery, suppliersQuery } from "./queries.ts";
import { SettingsPage } from "./SettingsPage.tsx";

/** When the company, or one of its suppliers, works: in force, to come, and before. */
export function HoursPage() {
  const { id, may } = useCompany();
  const query = useQuery(settingsQuery(id));
  const suppliers = useQuery(suppliersQuery(id)).data?.items ?? [];
  const [whose, setWhose] = useState("");
  const [open, setOpen] = useState(false);
  const supplierId = whose || null;
  return (
    <SettingsPage
      title={t("settings.hours")}
      intro={t("hours.intro")}
      query={query}
      change="company.manage"
      action={may("company.manage") && <Button onClick={() => setOpen(true)}>{t("hours.new")}</Button>}
    >
      {(settings) => (
        <Stack gap="medium">
          {suppliers.length > 0 && (
            <SelectField
              label={t("hours.of")}
              value={whose}
              onChange={setWhose}
              choices={[
                { value: "", label: t("hours.ofCompany") },
                ...suppliers.map((supplier) => ({ value: supplier.id, label: supplier.name })),
              ]}
            />
          )}
          <Versions settings={settings} supplierId={supplierId} />
          {open && (
            <HoursDialog
              open={open}
              onClose={() => setOpen(false)}
              supplierId={supplierId}
              present={latest(settings, supplierId)}
            />
          )}
        </Stack>
      )}
    </SettingsPage>
  );
}

function versionsOf(settings: Settings, supplierId: string | null): HoursVersion[] {
  return settings.hours
    .filter((version) => version.supplierId === supplierId)
    .sort((a, b) => b.validFrom.localeCompare(a.validFrom));
}
function latest(settings: Settings, supplierId: string | null): HoursVersion | undefined {
  return versionsOf(settings, supplierId)[0] ?? versionsOf(settings, null)[0];
}

function Versions({ settings, supplierId }: { settings: Settings; supplierId: string | null }) {
  const versions = versionsOf(settings, supplierId);
  const today = useToday();
  const current = versions.find((version) => version.validFrom <= today);
  if (versions.length === 0) return <p className={styles["soft"]}>{t("hours.asCompany")}</p>;
  return (
    <Stack gap="large">
      {versions
        .filter((version) => version.validFrom > today)
        .map((version) => (
          <Version key={version.id} version={version} title="upcoming" />
        ))}
      {current && <Version version={current} title="current" />}
      {versions
        .filter((version) => version.validFrom <= today && version !== current)
        .map((version) => (
          <Version key={version.id} version={version} title="earlier" />
        ))}
    </Stack>
  );
}

function Version({ version, title }: { version: HoursVersion; title: "upcoming" | "current" | "earlier" }) {
  const { format } = useCompany();
  // Hours that were there from the beginning carry a date before any call.
  const since =
    version.validFrom < "1971" ? t("hours.sinceStart") : t("hours.from", { date: format.date(version.validFrom) });
  return (
    <Section title={`${t(`hours.title.${title}`)} · ${since}`} id={version.id}>
      <dl className={styles["week"]}>
        {weekLines(version, format).map(({ days, hours }) => (
          <div key={days} className={styles["line"]}>
            <dt>{days}</dt>
            <dd>{hours}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
