import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Note, Row, Section, Unseen } from "../../web/ui/Layout.tsx";
import { useNow } from "../../web/Moment.tsx";
import { problemText } from "../../web/problem.ts";
import { notify } from "../../web/ui/notify.ts";
import { Table } from "../../web/ui/Table.tsx";
import { localDate } from "../../web/zone.ts";
import { type Invitation, revokeInvitation, rolesForCoordinators } from "../contract-invitations.ts";
import { InviteDialog } from "./InviteDialog.tsx";
import { invitationsQuery } from "./queries.ts";

/** Who was asked and has not answered yet; nothing where nobody was. */
export function InvitationList() {
  const { id: company, may, role, format, zone } = useCompany();
  const client = useQueryClient();
  const { data } = useQuery(invitationsQuery(company));
  const now = useNow().toISOString();
  const [again, setAgain] = useState<Invitation>();
  const revoke = useMutation({
    mutationFn: ({ id }: Invitation) => call(revokeInvitation, { params: { company, invitation: id } }),
    onSettled: () => void client.invalidateQueries({ queryKey: invitationsQuery(company).queryKey }),
    onError: (error) => notify({ tone: "bad", text: problemText(error) }),
  });
  if (!data || data.items.length === 0) return null;
  const mine = (one: Invitation) =>
    may("members.invite") && (role === "owner" || rolesForCoordinators.includes(one.role));
  return (
    <Section title={t("members.invited")} id="invited">
      <Table
        caption={t("members.invited")}
        captionHidden
        rows={data.items}
        rowKey={({ id }) => id}
        columns={[
          {
            key: "name",
            title: t("common.name"),
            render: (one) => (
              <>
                <span dir="auto">{one.name}</span>
                <Note as="div">{one.email}</Note>
              </>
            ),
          },
          { key: "role", title: t("members.role"), render: (one) => t(`role.${one.role}`) },
          {
            key: "until",
            title: t("members.until"),
            wide: true,
            render: (one) =>
              one.expiresAt < now ? t("members.expired") : format.dateShort(localDate(new Date(one.expiresAt), zone)),
          },
          {
            key: "acts",
            title: <Unseen>{t("common.actions")}</Unseen>,
            number: true,
            render: (one) =>
              mine(one) && (
                <Row gap="tight" align="center">
                  <Button look="quiet" onClick={() => setAgain(one)}>
                    {t("members.newLink")}
                  </Button>
                  <Button look="quiet" bad onClick={() => revoke.mutate(one)}>
                    {t("members.takeBack")}
                  </Button>
                </Row>
              ),
          },
        ]}
      />
      {again && <InviteDialog again={again} onClose={() => setAgain(undefined)} />}
    </Section>
  );
}
