import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { Moment } from "../../web/Moment.tsx";
import { problemText } from "../../web/problem.ts";
import { useSubmissionKey } from "../../web/submission.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { CopyField } from "../../web/ui/CopyField.tsx";
import { Actions, Dialog } from "../../web/ui/Dialog.tsx";
import { Note, Row, Stack } from "../../web/ui/Layout.tsx";
import { Loading, Notice } from "../../web/ui/Notice.tsx";
import { notify } from "../../web/ui/notify.ts";
import { type FollowLink, makeFollowLink, revokeFollowLink } from "../contract-following.ts";
import styles from "./FollowLinksDialog.module.css";
import { isLoopback } from "./loopback.ts";
import { followLinksQuery } from "./queries.ts";

/** Links by which the reporter of one request follows it without an account: a new one to copy, and those there are. */
export default function FollowLinksDialog({
  requestId,
  reporter,
  open,
  onClose,
}: {
  requestId: string;
  /** Whose acts they will be; undefined: nobody known reported it. */
  reporter: string | undefined;
  open: boolean;
  onClose: () => void;
}) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const submission = useSubmissionKey();
  const made = useMutation({
    mutationFn: () =>
      call(
        makeFollowLink,
        { params: { company, request: requestId } },
        { idempotencyKey: submission.keyFor(requestId) },
      ),
    onSuccess: () => {
      submission.done();
      return client.invalidateQueries({ queryKey: followLinksQuery(company, requestId).queryKey });
    },
  });
  const address = made.data && location.origin + made.data.link;
  return (
    <Dialog title={t("followLinks.title")} open={open} onClose={onClose}>
      <Stack>
        <p>{reporter ? t("followLinks.text", { name: reporter }) : t("followLinks.textNobody")}</p>
        {made.error && <Notice tone="bad">{problemText(made.error)}</Notice>}
        {address && (
          <>
            {isLoopback(address) && <Notice tone="warn">{t("reporting.loopback")}</Notice>}
            <CopyField label={t("followLinks.link")} value={address} />
            <Note>{t("followLinks.once")}</Note>
          </>
        )}
        <Links requestId={requestId} />
        <Actions>
          <Button onClick={onClose}>{t("common.close")}</Button>
          <Button look="main" busy={made.isPending} onClick={() => made.mutate()}>
            {made.data ? t("followLinks.another") : t("followLinks.make")}
          </Button>
        </Actions>
      </Stack>
    </Dialog>
  );
}

function Links({ requestId }: { requestId: string }) {
  const { id: company } = useCompany();
  const { data, error } = useQuery(followLinksQuery(company, requestId));
  if (error) return <Notice tone="bad">{problemText(error)}</Notice>;
  if (!data) return <Loading label={t("common.loading")} lines={2} />;
  if (data.items.length === 0) return <Note>{t("followLinks.none")}</Note>;
  return (
    <ul className={styles["links"]} aria-label={t("followLinks.list")}>
      {data.items.map((link) => (
        <LinkLine key={link.id} requestId={requestId} link={link} />
      ))}
    </ul>
  );
}

function LinkLine({ requestId, link }: { requestId: string; link: FollowLink }) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => call(revokeFollowLink, { params: { company, request: requestId, followLink: link.id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: followLinksQuery(company, requestId).queryKey }),
    onError: (error) => notify({ tone: "bad", text: problemText(error) }),
  });
  const name = link.name ?? t("followLinks.nobody");
  return (
    <li className={styles["link"]} data-ended={link.revokedAt !== null || undefined}>
      <Row spread>
        <div>
          <span dir="auto">{name}</span>
          <Note as="div">
            {t("followLinks.made", { name: link.createdBy })} <Moment at={link.createdAt} />
            {" · "}
            {link.openedAt ? (
              <>
                {t("followLinks.opened")} <Moment at={link.openedAt} />
              </>
            ) : (
              t("followLinks.unopened")
            )}
          </Note>
        </div>
        {link.revokedAt ? (
          <Note as="span">{t("followLinks.ended")}</Note>
        ) : (
          <Button look="quiet" bad busy={revoke.isPending} onClick={() => revoke.mutate()}>
            {t("reporting.revoke")}
          </Button>
        )}
      </Row>
    </li>
  );
}
