import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { TextField } from "../../web/ui/Fields.tsx";
import type { OtherRequest, RequestDetail } from "../contract.ts";
import { foundQuery, suggestionsQuery } from "./queries.ts";
import styles from "./RequestPicker.module.css";
import { stateWords } from "./words.ts";

const settledMs = 250;

/** Another request, by its number or words of it; before anything is typed, those that sound alike. */
export function RequestPicker({
  request,
  chosen,
  onChoose,
  error,
}: {
  request: RequestDetail;
  chosen: OtherRequest | undefined;
  onChoose: (other: OtherRequest) => void;
  error: string | undefined;
}) {
  const { id: company } = useCompany();
  const [words, setWords] = useState("");
  const [settled, setSettled] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSettled(queryOf(words)), settledMs);
    return () => clearTimeout(timer);
  }, [words]);
  const found = useQuery({ ...foundQuery(company, settled), enabled: settled !== "" }).data;
  const alike = useQuery(suggestionsQuery(company, request.subject.slice(0, 200), request.id)).data;
  const searching = settled !== "";
  const offered: OtherRequest[] = searching
    ? (found?.items ?? []).filter(({ id }) => id !== request.id)
    : [...(alike?.open ?? []), ...(alike?.before ?? [])];
  // What was chosen stays in sight whatever is typed next.
  const shown = chosen && !offered.some(({ id }) => id === chosen.id) ? [chosen, ...offered] : offered;
  return (
    <>
      <TextField
        label={t("links.which")}
        hint={t("links.whichHint")}
        value={words}
        onChange={setWords}
        type="search"
        search
        first
        error={error}
      />
      <div aria-live="polite">
        {searching && found && shown.length === 0 && <p className={styles["none"]}>{t("links.nothing")}</p>}
        {shown.length > 0 && (
          <fieldset className={styles["group"]}>
            <legend className={styles["label"]}>{t(searching ? "links.found" : "links.similar")}</legend>
            {shown.map((other) => (
              <label key={other.id} className={styles["choice"]}>
                <input
                  type="radio"
                  name="other-request"
                  checked={other.id === chosen?.id}
                  onChange={() => onChoose(other)}
                />
                <span>
                  #{other.number} <span dir="auto">{other.subject.slice(0, 200)}</span>{" "}
                  <span className={styles["state"]}>{stateWords(other)}</span>
                </span>
              </label>
            ))}
          </fieldset>
        )}
      </div>
    </>
  );
}

/** "1042" alone is a number: whoever types it means the request. */
function queryOf(words: string): string {
  const q = words.trim();
  return /^\d+$/.test(q) ? `#${q}` : q;
}
