import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { Returns } from "../../exports/web/Returns.tsx";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { useTitle } from "../../web/title.ts";
import type { ListName } from "../contract.ts";
import { DecidedNames } from "./DecidedNames.tsx";
import { DropZone } from "./DropZone.tsx";
import { EarlierImports } from "./EarlierImports.tsx";
import { KeptMappings } from "./KeptMappings.tsx";
import styles from "./ImportsPage.module.css";
import { forgetUpload, startUpload, useUpload } from "./upload-store.ts";
import { Arriving, RefusedFile } from "./Arriving.tsx";

const route = getRouteApi("/c/$company/imports");

/** Where a spreadsheet is dropped, and what became of earlier ones. */
export function ImportsPage() {
  const { id: company, name, may } = useCompany();
  useTitle(t("imports.title"), name);
  const mayRun = may("imports.run");
  const upload = useUpload(company);
  const navigate = useNavigate();
  const arrived = upload.step === "done" ? upload.id : undefined;
  useEffect(() => {
    if (arrived === undefined) return;
    // Until the next page is there, this one stays as it is.
    void navigate({ to: "/c/$company/imports/$import", params: { company, import: arrived } }).then(forgetUpload);
  }, [arrived, company, navigate]);
  const { about } = route.useSearch();
  const take = (files: readonly File[]) => void startUpload(company, files, about);
  const arriving = upload.step === "sending" || upload.step === "done" ? upload : undefined;
  return (
    <div className={styles["page"]}>
      <header className={styles["head"]}>
        <Head about={about} />
      </header>
      {mayRun && (
        <div className={styles["bring"]}>
          <div className={styles["zone"]}>
            {upload.step === "refused" && <RefusedFile upload={upload} onAgain={take} />}
            {arriving ? <Arriving upload={arriving} /> : <DropZone onFiles={take} again={upload.step === "refused"} />}
          </div>
          <Expectations />
        </div>
      )}
      <Returns />
      <EarlierImports />
      <KeptMappings />
      <DecidedNames />
    </div>
  );
}

function Head({ about }: { about: ListName | undefined }) {
  const { may } = useCompany();
  const texts = !may("imports.run")
    ? (["imports.title", "imports.readOnly"] as const)
    : about
      ? ([`imports.headline.${about}`, `imports.intro.${about}`] as const)
      : (["imports.headline", "imports.intro"] as const);
  return (
    <>
      <h1>{t(texts[0])}</h1>
      <p className={styles["intro"]}>{t(texts[1])}</p>
    </>
  );
}

function Expectations() {
  return (
    <section aria-labelledby="expect" className={styles["expect"]}>
      <h2 id="expect">{t("imports.expect.title")}</h2>
      <ol className={styles["steps"]}>
        {(["1", "2", "3"] as const).map((step) => (
          <li key={step}>
            <span className={styles["step"]} aria-hidden="true">
              {step}
            </span>
            {t(`imports.expect.${step}`)}
          </li>
        ))}
      </ol>
    </section>
  );
}
