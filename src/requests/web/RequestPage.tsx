import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { FollowLinks } from "../../reports/web/FollowLinks.tsx";
import { MakeTemplate } from "../../templates/web/MakeTemplate.tsx";
import { Moment } from "../../web/Moment.tsx";
import { CallError } from "../../web/call.ts";
import { AlsoHere } from "../../web/live/Attention.tsx";
import { useCompany } from "../../web/CompanyContext.tsx";
import { PrintHead } from "../../web/PrintHead.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { useTitle } from "../../web/title.ts";
import { Button, TextButton } from "../../web/ui/Button.tsx";
import { Icon } from "../../web/ui/Icon.tsx";
import { Loading, Notice } from "../../web/ui/Notice.tsx";
import type { RequestDetail } from "../contract.ts";
import { ActBar } from "./ActBar.tsx";
import { Composer } from "./Composer.tsx";
import { useEntryKeys } from "./entry-keys.ts";
import { Facts } from "./Facts.tsx";
import { goesOnIn, Links } from "./Links.tsx";
import { NextStep } from "./NextStep.tsx";
import { requestIdQuery, requestQuery, shownId } from "./queries.ts";
import styles from "./RequestPage.module.css";
import { StateMark } from "./StateMark.tsx";
import { Timeline } from "./Timeline.tsx";
import { Times } from "./Times.tsx";

const route = getRouteApi("/c/$company/requests/$request");

/** One request: what is owed next, what happened, the facts beside it. */
export function RequestPage() {
  const { id: company } = useCompany();
  const { request: reference } = route.useParams();
  const client = useQueryClient();
  const id = useQuery({
    ...requestIdQuery(company, reference),
    initialData: () => shownId(client, company, reference),
  });
  const detail = useQuery({ ...requestQuery(company, id.data ?? ""), enabled: id.data !== undefined });
  const error = id.error ?? detail.error;
  if (detail.data) return <RequestView key={detail.data.id} request={detail.data} />;
  if (error instanceof CallError && error.status === 404) {
    return (
      <>
        <h1>{t("missing.title")}</h1>
        <p className={styles["gone"]}>{t("missing.text")}</p>
        <Link to="/c/$company/requests" params={{ company }} className={styles["back"]}>
          <Icon name="chevronLeft" size={16} />
          {t("requests.title")}
        </Link>
      </>
    );
  }
  if (error) {
    return (
      <Notice
        tone="bad"
        title={t("error.title")}
        actions={<Button onClick={() => void (id.data ? detail.refetch() : id.refetch())}>{t("common.retry")}</Button>}
      >
        {problemText(error)}
      </Notice>
    );
  }
  return <Loading label={t("request.loading")} lines={8} />;
}

const longSubject = 140;
/** Beyond this it is folded: what is owed next must not slip below the fold. */
const veryLongSubject = 400;

function Subject({ subject }: { subject: string }) {
  const [whole, setWhole] = useState(false);
  const folds = subject.length > veryLongSubject;
  return (
    <>
      <h1
        className={subject.length > longSubject ? styles["long"] : styles["subject"]}
        data-folded={(folds && !whole) || undefined}
        dir="auto"
      >
        {subject}
      </h1>
      {folds && (
        <div data-screen-only>
          <TextButton onClick={() => setWhole(!whole)} aria-expanded={whole}>
            {whole ? t("request.subjectFold") : t("request.subjectWhole")}
          </TextButton>
        </div>
      )}
    </>
  );
}

/** It is another supplier's by now: what is shown is what it was. */
function HandedOver({ at }: { at: string }) {
  return (
    <Notice title={t("request.handedOver")}>
      <Moment at={at} />. {t("request.handedOverHint")}
    </Notice>
  );
}

function RequestView({ request }: { request: RequestDetail }) {
  const { id: company, name, may } = useCompany();
  useEntryKeys();
  useTitle(`#${request.number} ${request.subject.slice(0, 80)}`, name);
  const answers = may("requests.answer") && request.handedOverAt === null && !goesOnIn(request);
  return (
    <article className={styles["page"]}>
      <header className={styles["head"]}>
        <PrintHead asOf={undefined} />
        <p className={styles["eyebrow"]}>
          <Link to="/c/$company/requests" params={{ company }} className={styles["back"]}>
            <Icon name="chevronLeft" size={16} />
            {t("requests.title")}
          </Link>
          <span>#{request.number}</span>
          {request.reference && <span dir="auto">{request.reference}</span>}
          <StateMark request={request} />
          {request.handedOverAt === null && <AlsoHere requestId={request.id} />}
        </p>
        <Subject subject={request.subject} />
      </header>
      <div className={styles["main"]}>
        {request.handedOverAt && <HandedOver at={request.handedOverAt} />}
        <NextStep request={request} />
        {answers && <ActBar request={request} />}
        <Timeline request={request} />
        {answers && <Composer key={request.id} request={request} />}
      </div>
      <aside className={styles["aside"]}>
        <Facts request={request} />
        <Links request={request} />
        <Times request={request} />
        {may("company.manage") && <MakeTemplate request={request} />}
        {may("company.manage") && <FollowLinks requestId={request.id} reporter={request.reporter?.name} />}
      </aside>
    </article>
  );
}
