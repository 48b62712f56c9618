import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { CallError } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { Moment } from "../../web/Moment.tsx";
import { problemText } from "../../web/problem.ts";
import { fileSize } from "../../web/size.ts";
import { t } from "../../web/text/text.ts";
import { useTitle } from "../../web/title.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Icon } from "../../web/ui/Icon.tsx";
import { Empty, Loading, Notice } from "../../web/ui/Notice.tsx";
import type { Import } from "../contract.ts";
import { Done } from "./Done.tsx";
import styles from "./ImportPage.module.css";
import { forgetFigures, importQuery } from "./queries.ts";
import { Running } from "./Running.tsx";
import { TryOut } from "./TryOut.tsx";
import { Undone } from "./Undone.tsx";

const route = getRouteApi("/c/$company/imports/$import");

/** One file on its way into the record; the address keeps where it was, whatever the page goes through. */
export function ImportPage() {
  const { id: company, name } = useCompany();
  const { import: id } = route.useParams();
  const { data, error, refetch } = useQuery(importQuery(company, id));
  useTitle(data?.fileName, t("imports.title"), name);
  useNewFigures(data);
  const gone = error instanceof CallError && error.status === 404;
  return (
    <div className={styles["page"]}>
      <header className={styles["head"]}>
        <Link to="/c/$company/imports" params={{ company }} className={styles["back"]}>
          <Icon name="chevronLeft" size={16} />
          {t("imports.back")}
        </Link>
        {data && <FileFacts file={data} />}
      </header>
      {gone && <Empty title={t("imports.gone.title")}>{t("imports.gone.text")}</Empty>}
      {error && !gone && (
        <Notice
          tone="bad"
          title={t("imports.failed")}
          actions={<Button onClick={() => void refetch()}>{t("common.retry")}</Button>}
        >
          {problemText(error)}
        </Notice>
      )}
      {!data && !error && <Loading label={t("common.loading")} lines={6} />}
      {data && !gone && <Step key={`${id} ${data.subject} ${wayOf(data)}`} file={data} />}
    </div>
  );
}

/** Read in another way, everything that was said of its columns is another; a name that came since is no other way. */
function wayOf({ state, readAs }: Import): string {
  return state === "done" ? "" : (readAs?.id ?? "");
}

function Step({ file }: { file: Import }) {
  if (file.state === "running" || file.state === "undoing") return <Running file={file} />;
  if (file.state === "undone") return <Undone file={file} />;
  return file.state === "done" ? <Done file={file} /> : <TryOut file={file} />;
}

function isFormat(format: string | null): format is "csv" | "xlsx" | "ods" {
  return format === "csv" || format === "xlsx" || format === "ods";
}

function FileFacts({ file }: { file: Import }) {
  const { format } = useCompany();
  const { fileName, fileSize: size, rowCount } = file;
  return (
    <p className={styles["facts"]}>
      <strong dir="auto">{fileName}</strong>
      {isFormat(file.format) && <span>{t(`imports.format.${file.format}`)}</span>}
      {rowCount !== null && <span>{t("imports.rows", { n: rowCount })}</span>}
      <span>{fileSize(size, format.number)}</span>
      <span>
        <Moment at={file.createdAt} />
      </span>
    </p>
  );
}

/** Once something has come in, or was taken back, every list and figure is asked for again. */
function useNewFigures(file: Import | undefined): void {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const before = useRef<Import["state"]>(undefined);
  const state = file?.state;
  useEffect(() => {
    const ended = state === "done" || state === "undone";
    if (ended && before.current !== undefined && before.current !== state) {
      forgetFigures(client, company);
      void client.invalidateQueries({ queryKey: ["imports", company] });
      void client.invalidateQueries({ queryKey: ["mappings", company] });
    }
    before.current = state;
  }, [state, client, company]);
}
