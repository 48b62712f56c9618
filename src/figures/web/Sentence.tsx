import { Link } from "@tanstack/react-router";
import { Fragment } from "react";
import { searchOfRows } from "../../requests/web/search.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import type { Figures } from "../contract.ts";
import styles from "./Sentence.module.css";

/** The owner's sentence. Each number is a link to the rows it was made from; what is not known says so. */
export function Sentence({ figures }: { figures: Figures }) {
  const { id: company } = useCompany();
  return (
    <h1 className={styles["sentence"]}>
      {figures.sentence.map((part, index) => {
        // The parts of a sentence have no other identity than their place in it.
        const key = index;
        if ("text" in part) return <Fragment key={key}>{part.text}</Fragment>;
        const figure = figures.figures[part.figure];
        const rows = part.unknown ? (figure?.unknownRows ?? figure?.notYetRows) : figure?.rows;
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
      })}
    </h1>
  );
}
