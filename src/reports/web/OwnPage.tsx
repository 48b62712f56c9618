import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { assetQuery } from "../../assets/web/queries.ts";
import { call, upload } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { useDraft } from "../../web/drafts.ts";
import { stateWords } from "../../web/follow/words.ts";
import { Moment } from "../../web/Moment.tsx";
import { problemText } from "../../web/problem.ts";
import { useSubmissionKey } from "../../web/submission.ts";
import { t } from "../../web/text/text.ts";
import { useTitle } from "../../web/title.ts";
import { Button } from "../../web/ui/Button.tsx";
import { TextArea } from "../../web/ui/Fields.tsx";
import { Form } from "../../web/ui/Form.tsx";
import { Note, Row, Section, Stack } from "../../web/ui/Layout.tsx";
import { Loading, Notice } from "../../web/ui/Notice.tsx";
import { actOnOwn, type OwnRequest, reportOwn, uploadOwnPhoto } from "../contract-own.ts";
import { maxReport } from "../contract.ts";
import { OwnPhoto, usePhoto } from "./OwnPhoto.tsx";
import styles from "./OwnPage.module.css";
import { ownRequestsQuery } from "./queries.ts";

const route = getRouteApi("/c/$company/mine");
const fresh = { text: "" };

/** For whoever has an account and no desk in the ledger: one field to report, and what became of theirs. */
export function OwnPage() {
  const { name } = useCompany();
  useTitle(t("own.title"), name);
  return (
    <div className={styles["page"]}>
      <Report />
      <Section title={t("own.list")} id="list">
        <OwnList />
      </Section>
    </div>
  );
}

function Report() {
  const { id: company, may } = useCompany();
  const { asset } = route.useSearch();
  const about = useQuery({ ...assetQuery(company, asset ?? ""), enabled: asset !== undefined && may("assets.read") });
  const client = useQueryClient();
  const submission = useSubmissionKey();
  const photoKey = useSubmissionKey();
  const { draft, change, clear } = useDraft(`own.${company}`, fresh);
  const photo = usePhoto();
  const text = draft.text.trim();
  const send = useMutation({
    mutationFn: async () => {
      const attachmentIds = photo.blob && [await sendPhoto(company, photo.blob, photoKey.keyFor(photo.address))];
      const body = { text, assetId: asset, attachmentIds };
      return call(reportOwn, { params: { company }, body }, { idempotencyKey: submission.keyFor(body) });
    },
    onSuccess: () => {
      submission.done();
      photoKey.done();
      clear();
      photo.take(undefined);
      return client.invalidateQueries({ queryKey: ["own-requests", company] });
    },
  });
  return (
    <Stack>
      <h1>{t("own.report")}</h1>
      {send.error && <Notice tone="bad">{problemText(send.error)}</Notice>}
      {send.data && !text && <Notice tone="good">{t("own.received", { number: send.data.number })}</Notice>}
      <Form onSubmit={() => text !== "" && !send.isPending && send.mutate()}>
        {about.data && <Note>{t("own.about", { name: about.data.name })}</Note>}
        <TextArea
          label={t("own.what")}
          hint={t("own.hint")}
          rows={5}
          maxLength={maxReport}
          value={draft.text}
          onChange={(next) => change({ text: next })}
          onSend={() => text !== "" && !send.isPending && send.mutate()}
        />
        <OwnPhoto photo={photo} />
        <Row>
          <Button type="submit" look="main" busy={send.isPending} disabled={text === ""}>
            {t("own.send")}
          </Button>
        </Row>
      </Form>
    </Stack>
  );
}

async function sendPhoto(company: string, photo: Blob, idempotencyKey: string): Promise<string> {
  const { id } = await upload(uploadOwnPhoto, { params: { company } }, photo, { idempotencyKey });
  return id;
}

function OwnList() {
  const { id: company } = useCompany();
  const list = useInfiniteQuery(ownRequestsQuery(company));
  if (list.error) return <Notice tone="bad">{problemText(list.error)}</Notice>;
  if (list.isPending) return <Loading label={t("common.loading")} lines={4} />;
  const items = list.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <Note>{t("own.none")}</Note>;
  return (
    <>
      <ul className={styles["list"]}>
        {items.map((one) => (
          <OwnLine key={one.id} request={one} />
        ))}
      </ul>
      {list.hasNextPage && (
        <div>
          <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t("common.more")}
          </Button>
        </div>
      )}
    </>
  );
}

function OwnLine({ request }: { request: OwnRequest }) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const submission = useSubmissionKey();
  const confirm = useMutation({
    mutationFn: () =>
      call(
        actOnOwn,
        { params: { company, request: request.id }, body: { kind: "confirmed" } },
        { idempotencyKey: submission.keyFor(request) },
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ["own-requests", company] }),
  });
  const open = { to: "/c/$company/mine/$request", params: { company, request: request.id } } as const;
  return (
    <li className={styles["item"]}>
      <Link {...open} className={styles["subject"]} dir="auto">
        #{request.number} {request.subject}
      </Link>
      <p className={styles["soft"]}>
        {stateWords(request)} · <Moment at={request.reportedAt} />
      </p>
      {confirm.error && <Notice tone="bad">{problemText(confirm.error)}</Notice>}
      {request.state === "resolved" && (
        <Row>
          <Button look="main" busy={confirm.isPending} onClick={() => confirm.mutate()}>
            {t("own.fixed")}
          </Button>
          <Link {...open} hash="word">
            {t("own.broken")}
          </Link>
        </Row>
      )}
    </li>
  );
}
