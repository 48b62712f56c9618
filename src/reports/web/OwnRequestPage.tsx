import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { useDraft } from "../../web/drafts.ts";
import { didWords, nextWords, stateWords, whoWords } from "../../web/follow/words.ts";
import { Moment } from "../../web/Moment.tsx";
import { problemText } from "../../web/problem.ts";
import { useSubmissionKey } from "../../web/submission.ts";
import { t } from "../../web/text/text.ts";
import { useTitle } from "../../web/title.ts";
import { Button } from "../../web/ui/Button.tsx";
import { TextArea } from "../../web/ui/Fields.tsx";
import { Icon } from "../../web/ui/Icon.tsx";
import { Row, Section, Stack } from "../../web/ui/Layout.tsx";
import { Loading, Notice } from "../../web/ui/Notice.tsx";
import { actOnOwn } from "../contract-own.ts";
import type { Followed } from "../contract-following.ts";
import { maxReport } from "../contract.ts";
import styles from "./OwnPage.module.css";
import { ownRequestQuery } from "./queries.ts";

const route = getRouteApi("/c/$company/mine/$request");
const fresh = { text: "" };

/** One request as whoever reported it sees it: how it stands, what was said, and whether it is fixed. */
export function OwnRequestPage() {
  const { id: company } = useCompany();
  const { request: id } = route.useParams();
  const { data, error } = useQuery(ownRequestQuery(company, id));
  return (
    <div className={styles["page"]}>
      <div>
        <Link to="/c/$company/mine" params={{ company }} className={styles["back"]}>
          <Icon name="chevronLeft" size={16} />
          {t("own.back")}
        </Link>
      </div>
      {error && <Notice tone="bad">{problemText(error)}</Notice>}
      {!error && !data && <Loading label={t("common.loading")} lines={6} />}
      {data && <Shown id={id} request={data} />}
    </div>
  );
}

function Shown({ id, request }: { id: string; request: Followed }) {
  const { name, format } = useCompany();
  useTitle(`#${request.number} ${request.subject.slice(0, 80)}`, name);
  const next = nextWords(request, format.moment);
  return (
    <>
      <Stack gap="small">
        <p className={styles["soft"]}>#{request.number}</p>
        <h1 className={styles["title"]} dir="auto">
          {request.subject}
        </h1>
        <p className={styles["said"]}>{stateWords(request)}</p>
        {next && <p className={styles["soft"]}>{next}</p>}
      </Stack>
      <Word id={id} request={request} />
      <Section title={t("own.history")} id="history">
        <ol className={styles["list"]}>
          {request.entries.map((entry) => (
            <li key={entry.seq} className={styles["item"]}>
              <p className={styles["soft"]}>
                <span dir="auto">{whoWords(entry)}</span> {didWords(entry)} · <Moment at={entry.happenedAt} />
              </p>
              {entry.text && (
                <p className={styles["said"]} dir="auto">
                  {entry.text}
                </p>
              )}
              {entry.files.length > 0 && (
                <p className={styles["soft"]}>{t("own.files", { names: entry.files.join(", ") })}</p>
              )}
            </li>
          ))}
        </ol>
      </Section>
    </>
  );
}

type Act = "message" | "confirmed" | "reopened";

function Word({ id, request }: { id: string; request: Followed }) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const submission = useSubmissionKey();
  const { draft, change, clear } = useDraft(`own.${company}.${id}`, fresh);
  const [missing, setMissing] = useState(false);
  const text = draft.text.trim();
  const act = useMutation({
    mutationFn: (kind: Act) => {
      const body = { kind, text: text || undefined };
      return call(actOnOwn, { params: { company, request: id }, body }, { idempotencyKey: submission.keyFor(body) });
    },
    onSuccess: (after) => {
      submission.done();
      clear();
      client.setQueryData(ownRequestQuery(company, id).queryKey, after);
      return client.invalidateQueries({ queryKey: ["own-requests", company] });
    },
  });
  const does = (kind: Act) => {
    setMissing(kind !== "confirmed" && text === "");
    if (kind === "confirmed" || text !== "") act.mutate(kind);
  };
  const asked = request.state === "resolved";
  return (
    <Stack gap="small">
      {act.error && <Notice tone="bad">{problemText(act.error)}</Notice>}
      {act.data && <Notice tone="good">{t("own.thanks")}</Notice>}
      {request.state !== "closed" || request.may.reopen ? (
        <TextArea
          label={t("own.word")}
          hint={t("own.wordHint")}
          rows={3}
          maxLength={maxReport}
          value={draft.text}
          error={missing ? t("own.needWord") : undefined}
          onChange={(next) => {
            setMissing(false);
            change({ text: next });
          }}
        />
      ) : null}
      <Row>
        {request.may.confirm && (
          <Button look={asked ? "main" : "plain"} busy={act.isPending} onClick={() => does("confirmed")}>
            {t("own.fixed")}
          </Button>
        )}
        {request.may.reopen && (
          <Button disabled={act.isPending} onClick={() => does("reopened")}>
            {t("own.broken")}
          </Button>
        )}
        {request.state !== "closed" && (
          <Button look={asked ? "plain" : "main"} disabled={act.isPending} onClick={() => does("message")}>
            {t("own.send")}
          </Button>
        )}
      </Row>
    </Stack>
  );
}
