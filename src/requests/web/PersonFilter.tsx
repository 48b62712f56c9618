import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { unique } from "../../companies/web/person.ts";
import { peopleQuery } from "../../companies/web/queries.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { SuggestField } from "../../web/ui/Suggest.tsx";
import type { RequestsSearch } from "./search.ts";

/** Who asked: a name is typed, one of the people is taken. */
export function PersonFilter({
  search,
  onChange,
}: {
  search: RequestsSearch;
  onChange: (part: RequestsSearch) => void;
}) {
  const { id } = useCompany();
  const [text, setText] = useState("");
  const { data, isFetching } = useQuery({ ...peopleQuery(id, text.trim()), enabled: text.trim().length > 0 });
  const people = data?.items ?? [];
  return (
    <SuggestField
      label={t("filter.reporter")}
      placeholder={search.reporter ? "…" : t("filter.any")}
      value={text}
      busy={isFetching}
      filter={false}
      suggestions={unique(people.map((person) => ({ value: person.name, hint: person.department ?? undefined })))}
      onChange={(next) => {
        setText(next);
        const person = people.find((one) => one.name === next);
        if (person) onChange({ reporter: person.id });
        else if (next === "" && search.reporter) onChange({ reporter: undefined });
      }}
    />
  );
}
