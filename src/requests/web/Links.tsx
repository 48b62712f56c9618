import { Link } from "@tanstack/react-router";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { problemText } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { IconButton, TextButton } from "../../web/ui/Button.tsx";
import { Section } from "../../web/ui/Layout.tsx";
import { notify } from "../../web/ui/notify.ts";
import { undoEntry } from "../contract-amending.ts";
import type { RequestDetail, RequestLink } from "../contract.ts";
import styles from "./Links.module.css";
import { requestQuery, takeFresh } from "./queries.ts";
import { stateWords } from "./words.ts";

const LinkDialog = lazy(() => import("./LinkDialog.tsx"));

/** The requests it belongs with, each with how it stands. */
export function Links({ request }: { request: RequestDetail }) {
  const { may } = useCompany();
  const [dialog, setDialog] = useState<"open" | "closed">();
  const keeps = may("requests.write") && request.handedOverAt === null && !request.withdrawn;
  if (!keeps && request.links.length === 0) return null;
  return (
    <Section title={t("links.title")} id="links">
      {request.links.length === 0 ? (
        <p className={styles["none"]}>{t("links.none")}</p>
      ) : (
        <ul className={styles["list"]}>
          {request.links.map((link) => (
            <Linked key={link.seq} link={link} request={request} keeps={keeps} />
          ))}
        </ul>
      )}
      {keeps && (
        <div data-screen-only>
          <TextButton onClick={() => setDialog("open")}>{t("links.add")}</TextButton>
        </div>
      )}
      {dialog && (
        <Suspense>
          <LinkDialog request={request} open={dialog === "open"} onClose={() => setDialog("closed")} />
        </Suspense>
      )}
    </Section>
  );
}

function Linked({ link, request, keeps }: { link: RequestLink; request: RequestDetail; keeps: boolean }) {
  const { id: company } = useCompany();
  const remove = useRemove(request);
  const { number, subject } = link.request;
  return (
    <li className={styles["item"]}>
      <span>
        <span className={styles["relation"]}>{t(`links.relation.${link.relation}`)}</span>
        <Link
          to="/c/$company/requests/$request"
          params={{ company, request: String(number) }}
          className={styles["link"]}
          preload={false}
        >
          #{number} <span dir="auto">{subject.slice(0, 200)}</span>
        </Link>
        <span className={styles["state"]}>{stateWords(link.request)}</span>
      </span>
      {keeps && (
        <span data-screen-only>
          <IconButton
            icon="close"
            label={t(isMerged(link) ? "links.unmerge" : "links.remove", { number: String(number) })}
            onClick={() => void remove(link)}
          />
        </span>
      )}
    </li>
  );
}

function isMerged({ relation }: RequestLink): boolean {
  return relation === "merged_into" || relation === "merged_from";
}

/** The request that one goes on in. */
export function goesOnIn({ links }: Pick<RequestDetail, "links">): RequestLink["request"] | undefined {
  return links.find(({ relation }) => relation === "merged_into")?.request;
}

function useRemove(request: RequestDetail): (link: RequestLink) => Promise<void> {
  const { id: company } = useCompany();
  const client = useQueryClient();
  return async (link) => {
    const { seq, request: other } = link;
    try {
      const fresh = await call(
        undoEntry,
        { params: { company, request: request.id, seq } },
        { idempotencyKey: `undo-${request.id}-${seq}` },
      );
      takeFresh(client, company, fresh);
      notify({ text: t(isMerged(link) ? "links.unmerged" : "links.gone") });
    } catch (error) {
      notify({ tone: "bad", text: problemText(error) });
    }
    for (const id of [request.id, other.id]) {
      await client.invalidateQueries({ queryKey: requestQuery(company, id).queryKey });
    }
  };
}
