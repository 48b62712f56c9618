import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { SettingsPage } from "../../companies/web/SettingsPage.tsx";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { FormDialog } from "../../web/FormDialog.tsx";
import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { Note, Row, Unseen } from "../../web/ui/Layout.tsx";
import { notify } from "../../web/ui/notify.ts";
import { type Column, Table } from "../../web/ui/Table.tsx";
import { localDate } from "../../web/zone.ts";
import { endMember, type Member } from "../contract.ts";
import { ChangeMemberDialog } from "./ChangeMemberDialog.tsx";
import { InvitationList } from "./InvitationList.tsx";
import { InviteDialog } from "./InviteDialog.tsx";
import { membersQuery } from "./queries.ts";

/** Who can sign in here, and what they may do. */
export function MembersPage() {
  const { id: company, may, personId, format, zone } = useCompany();
  const query = useQuery(membersQuery(company));
  const [inviting, setInviting] = useState(false);
  const [changing, setChanging] = useState<Member>();
  const [ending, setEnding] = useState<Member>();
  const manages = may("members.manage");
  const day = (instant: string) => format.dateShort(localDate(new Date(instant), zone));
  const columns: Column<Member>[] = [
    {
      key: "name",
      title: t("common.name"),
      render: (member) => (
        <>
          <span dir="auto">{member.name}</span>{" "}
          {member.personId === personId && <Note as="span">({t("members.you")})</Note>}
          <Note as="div">{member.email}</Note>
        </>
      ),
    },
    {
      key: "role",
      title: t("members.role"),
      render: (member) =>
        member.endedAt ? t("members.ended", { date: day(member.endedAt) }) : t(`role.${member.role}`),
    },
    { key: "since", title: t("members.since"), wide: true, render: (member) => day(member.createdAt) },
    ...(manages
      ? [
          {
            key: "end",
            title: <Unseen>{t("common.actions")}</Unseen>,
            number: true,
            render: (member: Member) =>
              member.endedAt === null && member.personId !== personId ? (
                <Row gap="tight">
                  <Button look="quiet" onClick={() => setChanging(member)}>
                    {t("members.change")}
                  </Button>
                  <Button look="quiet" bad onClick={() => setEnding(member)}>
                    {t("members.end")}
                  </Button>
                </Row>
              ) : null,
          },
        ]
      : []),
  ];
  return (
    <SettingsPage
      title={t("settings.members")}
      intro={t("members.intro")}
      query={query}
      change="members.invite"
      action={may("members.invite") && <Button onClick={() => setInviting(true)}>{t("members.invite")}</Button>}
    >
      {({ items }) => (
        <>
          <Table
            caption={t("settings.members")}
            captionHidden
            columns={columns}
            rows={items}
            rowKey={(one) => one.id}
          />
          <InvitationList />
          {inviting && <InviteDialog onClose={() => setInviting(false)} />}
          {changing && <ChangeMemberDialog member={changing} onClose={() => setChanging(undefined)} />}
          {ending && <EndMemberDialog member={ending} onClose={() => setEnding(undefined)} />}
        </>
      )}
    </SettingsPage>
  );
}

function EndMemberDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const end = useMutation({
    mutationFn: () => call(endMember, { params: { company, member: member.id } }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: membersQuery(company).queryKey });
      notify({ text: t("members.endedDone", { name: member.name }) });
      onClose();
    },
  });
  return (
    <FormDialog
      title={t("members.endTitle", { name: member.name })}
      onClose={onClose}
      save={end}
      submit={t("members.endConfirm")}
      bad
    >
      <p>{t("members.endText")}</p>
    </FormDialog>
  );
}
