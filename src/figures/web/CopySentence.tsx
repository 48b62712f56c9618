import { useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { searchOfRows } from "../../requests/web/search.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { copy, type Copied, escapeHtml } from "../../web/ui/clipboard.ts";
import { Icon } from "../../web/ui/Icon.tsx";
import type { Figures } from "../contract.ts";
import styles from "./CopySentence.module.css";
import { rowsOfPart } from "./Sentence.tsx";

const saidForMs = 4000;

/** Takes the sentence along: as plain words, and with its numbers as links where links can be pasted. */
export function CopySentence({ figures }: { figures: Figures }) {
  const written = useWritten(figures);
  const [said, setSaid] = useState<string>();
  useEffect(() => {
    if (said === undefined) return;
    const timer = setTimeout(() => setSaid(undefined), saidForMs);
    return () => clearTimeout(timer);
  }, [said]);
  const take = async () => setSaid((await copy(written())) ? t("sentence.copied") : t("sentence.copyFailed"));
  return (
    <span className={styles["copy"]} data-screen-only>
      <button type="button" className={styles["button"]} onClick={() => void take()}>
        <Icon name={said === t("sentence.copied") ? "check" : "copy"} size={16} />
        {t("sentence.copy")}
      </button>
      <output className={styles["said"]}>{said}</output>
    </span>
  );
}

/** The sentence, what it is compared with, and whose it is, of which days, as of when. */
function useWritten(figures: Figures): () => Copied {
  const router = useRouter();
  const { id: company, name, format } = useCompany();
  const addressOf = (rows: Record<string, string>) =>
    new URL(
      router.buildLocation({ to: "/c/$company/requests", params: { company }, search: searchOfRows(rows) }).href,
      window.location.origin,
    ).href;
  return () => {
    const { comparison } = figures;
    const paragraphs = [
      { parts: figures.sentence, of: figures.figures },
      ...(comparison ? [{ parts: comparison.sentence, of: comparison.figures }] : []),
    ];
    const asOf = format.moment(figures.asOf);
    const source = t("sentence.source", { company: name, dates: figures.label, asOf });
    const words = ({ parts }: (typeof paragraphs)[number]) =>
      parts.map((part) => ("text" in part ? part.text : part.number)).join("");
    const linked = ({ parts, of }: (typeof paragraphs)[number]) =>
      parts.map((part) => {
        if ("text" in part) return escapeHtml(part.text);
        const rows = rowsOfPart(part, of);
        const number = escapeHtml(part.number);
        return rows ? `<a href="${escapeHtml(addressOf(rows))}">${number}</a>` : number;
      });
    return {
      text: [...paragraphs.map(words), source].join("\n"),
      html: [...paragraphs.map((one) => `<p>${linked(one).join("")}</p>`), `<p>${escapeHtml(source)}</p>`].join(""),
    };
  };
}
