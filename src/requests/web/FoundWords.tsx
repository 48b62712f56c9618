import { Fragment } from "react";
import { t } from "../../web/text/text.ts";
import type { Found } from "../contract.ts";
import styles from "./FoundWords.module.css";

type Pieces = Found["subject"];
type Passage = NonNullable<Found["passage"]>;

/** A text with what was searched for marked in it. */
export function MarkedText({ pieces }: { pieces: Pieces }) {
  return pieces.map((piece, at) =>
    piece.hit ? (
      // The pieces of one text never change their places.
      // oxlint-disable-next-line react/no-array-index-key
      <mark key={at} className={styles["hit"]}>
        {piece.text}
      </mark>
    ) : (
      // oxlint-disable-next-line react/no-array-index-key
      <Fragment key={at}>{piece.text}</Fragment>
    ),
  );
}

/** Where else in the request the words are: "Note: … the *fuser* was ordered …". */
export function FoundPassage({ passage }: { passage: Passage }) {
  return (
    <span className={styles["passage"]}>
      <span className={styles["where"]}>{whereWords(passage)}: </span>
      <span dir="auto">
        <MarkedText pieces={passage.text} />
      </span>
    </span>
  );
}

function whereWords({ of, kind }: Passage): string {
  if (of !== "entry") return t(`found.${of}`);
  if (kind === "reported" || kind === "note" || kind === "message") return t(`found.entry.${kind}`);
  return t("found.entry");
}
