import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Actions, Dialog } from "../../web/ui/Dialog.tsx";
import { SelectField } from "../../web/ui/Fields.tsx";
import { Form } from "../../web/ui/Form.tsx";
import { Note } from "../../web/ui/Layout.tsx";
import { Notice } from "../../web/ui/Notice.tsx";
import { linkRequest, mergeRequest } from "../contract-links.ts";
import { type OtherRequest, type Relation, relations, type RequestDetail } from "../contract.ts";
import { ConflictNotice } from "./ConflictNotice.tsx";
import { requestQuery } from "./queries.ts";
import { RequestPicker } from "./RequestPicker.tsx";
import { useSend } from "./send.ts";
import { useTellDone } from "./undo.ts";

/** Which other request it belongs with, and how. */
export default function LinkDialog({
  request,
  open,
  onClose,
}: {
  request: RequestDetail;
  open: boolean;
  onClose: () => void;
}) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const [relation, setRelation] = useState<Exclude<Relation, "split_from" | "split_into"> | "merge">("same_cause");
  const [other, setOther] = useState<OtherRequest>();
  const [tried, setTried] = useState(false);
  const tell = useTellDone();
  const { send, busy, error, news, look } = useSend(
    request,
    (fresh) => {
      if (other) void client.invalidateQueries({ queryKey: requestQuery(company, other.id).queryKey });
      setOther(undefined);
      setTried(false);
      onClose();
      tell(fresh, relation === "merge" ? t("links.merged", { number: String(other?.number) }) : t("links.done"));
    },
    { covers: true },
  );
  useEffect(() => {
    if (open) look();
    // What was read is the page as it was when the dialog was opened over it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [open]);
  // What was split is linked when it is split; what is closed does not go on elsewhere.
  const linkable = relations.filter((one) => one !== "split_from" && one !== "split_into");
  const choices = [...linkable, ...(request.state === "closed" ? [] : (["merge"] as const))];
  const submit = () => {
    setTried(true);
    if (!other || busy) return;
    const params = { company, request: request.id };
    send({
      content: [relation, other.id],
      run: (options) =>
        relation === "merge"
          ? call(mergeRequest, { params, body: { into: other.id } }, options)
          : call(linkRequest, { params, body: { relation, request: other.id } }, options),
    });
  };
  return (
    <Dialog title={t("links.dialog", { number: String(request.number) })} open={open} onClose={onClose}>
      <Form onSubmit={submit}>
        {error && <Notice tone="bad">{problemText(error)}</Notice>}
        {news && <ConflictNotice news={news} request={request} onSend={submit} />}
        <RequestPicker
          request={request}
          chosen={other}
          onChoose={setOther}
          error={tried && !other ? t("links.needWhich") : undefined}
        />
        <SelectField
          label={t("links.how")}
          value={relation}
          onChange={setRelation}
          choices={choices.map((value) => ({ value, label: t(`links.choice.${value}`) }))}
        />
        {relation === "merge" && <Note>{t("links.mergeHint", { number: String(request.number) })}</Note>}
        <Actions>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" look="main" busy={busy}>
            {t(relation === "merge" ? "links.merge" : "links.submit")}
          </Button>
        </Actions>
      </Form>
    </Dialog>
  );
}
