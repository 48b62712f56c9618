import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { Progress, quarterWords, Told } from "../../imports/web/Progress.tsx";
import { forgetFigures } from "../../imports/web/queries.ts";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { Moment } from "../../web/Moment.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Note, Section, Stack } from "../../web/ui/Layout.tsx";
import { localDate } from "../../web/zone.ts";
import { cancelReturn, type ReturnedExport } from "../contract-returns.ts";
import styles from "./ExportsPage.module.css";
import { isComingBack, returnsQuery } from "./queries.ts";

/** Exports that are brought back into this company, and what became of them; nothing where there are none. */
export function Returns() {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const { data } = useQuery(returnsQuery(company));
  const under = data?.items.some(isComingBack) ?? false;
  const wasUnder = useRef(false);
  useEffect(() => {
    // The company has another name, other people and other figures from now on.
    if (wasUnder.current && !under) forgetFigures(client, company);
    wasUnder.current = under;
  }, [under, client, company]);
  if (!data || data.items.length === 0) return null;
  return (
    <Section title={t("exports.returns")} id="returns">
      <Stack gap="small">
        {data.items.map((one) => (
          <Return key={one.id} one={one} />
        ))}
      </Stack>
    </Section>
  );
}

function Return({ one }: { one: ReturnedExport }) {
  const { format, zone } = useCompany();
  const date = format.dateShort(localDate(new Date(one.of.exportedAt), zone));
  return (
    <div className={styles["what"]}>
      <span dir="auto">{t("exports.return.of", { name: one.of.company, date })}</span>
      <Note as="span">
        <Moment at={one.createdAt} /> · <bdi>{one.createdBy}</bdi> · <bdi>{one.fileName}</bdi>
      </Note>
      {isComingBack(one) ? <ComingBack one={one} /> : <Ended one={one} />}
    </div>
  );
}

function ComingBack({ one }: { one: ReturnedExport }) {
  const { id: company, format, may } = useCompany();
  const client = useQueryClient();
  const stop = useMutation({
    mutationFn: () => call(cancelReturn, { params: { company, return: one.id } }),
    onSettled: () => client.invalidateQueries({ queryKey: returnsQuery(company).queryKey }),
  });
  const { done, total } = one.progress ?? { done: 0, total: null };
  const label = t(`exports.return.${one.state as "waiting" | "proving" | "writing"}`);
  const counts = { done: format.number(done), n: total ?? done };
  const words = done === 0 ? label : total ? t("exports.return.written", counts) : t("exports.return.proved", counts);
  return (
    <div className={styles["at"]}>
      <Told>{quarterWords(label, done, total)}</Told>
      <span>{words}</span>
      <Progress label={label} done={total ? done : undefined} total={total} />
      {stop.error && <Note>{problemText(stop.error)}</Note>}
      {may("imports.run") && (
        <div>
          <Button look="quiet" onClick={() => stop.mutate()} busy={stop.isPending}>
            {t("exports.return.stop")}
          </Button>
        </div>
      )}
    </div>
  );
}

function Ended({ one }: { one: ReturnedExport }) {
  const { id: company } = useCompany();
  if (one.state === "cancelled") return <Note as="span">{t("exports.return.cancelled")}</Note>;
  if (one.state === "failed") {
    return (
      <span className={styles["what"]}>
        {t("exports.return.failed")}
        <Note as="span">{one.error?.message}</Note>
      </span>
    );
  }
  return (
    <span className={styles["what"]}>
      {t("exports.return.done", { name: one.of.company, n: one.rows?.["requests"] ?? 0 })}
      {one.withoutBytes > 0 && <Note as="span">{t("exports.return.without", { n: one.withoutBytes })}</Note>}
      <Link to="/c/$company" params={{ company }}>
        {t("exports.return.open")}
      </Link>
    </span>
  );
}
