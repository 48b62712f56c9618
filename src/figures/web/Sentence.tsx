import { Link } from "@tanstack/react-router";
import { Fragment } from "react";
import { searchOfRows } from "../../requests/web/search.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import type { Figures } from "../contract.ts";
import styles from "./Sentence.module.css";

type Part = Figures["sentence"][number];

/** The owner's sentence. Each number is a link to the rows it was made from; what is not known says so. */
export function Sentence({ figures }: { figures: Figures }) {
  return (
    <h1 className={styles["sentence"]}>
      <SentenceParts parts={figures.sentence} figures={figures.figures} />
    </h1>
  );
}

/** The filter behind a part of a sentence; undefined for plain words. */
export function rowsOfPart(part: Part, figures: Figures["figures"] | null): Record<string, string> | undefined {
  if ("text" in part) return undefined;
  const figure = figures?.[part.figure];
  return part.unknown ? (figure?.unknownRows ?? figure?.notYetRows) : figure?.rows;
}

export function SentenceParts({ parts, figures }: { parts: Part[]; figures: Figures["figures"] | null }) {
  const { id: company } = useCompany();
  return parts.map((part, index) => {
    // The parts of a sentence have no other identity than their place in it.
    const key = index;
    if ("text" in part) return <Fragment key={key}>{part.text}</Fragment>;
    const rows = rowsOfPart(part, figures);
    return rows ? (
      <Link
        key={key}
        to="/c/$company/requests"
        params={{ company }}
        search={searchOfRows(rows)}
        className={styles["number"]}
        title={t(`figure.${part.figure}`)}
      >
        {part.number}
      </Link>
    ) : (
      <span key={key}>{part.number}</span>
    );
  });
}
