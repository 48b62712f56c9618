import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useCompany } from "../../web/CompanyContext.tsx";
import { SuggestField } from "../../web/ui/Suggest.tsx";
import { type PersonValue, unique } from "./person.ts";
import { peopleQuery, suppliersQuery } from "./queries.ts";

/** A name: from the people on record while one types, or any other. */
export function PersonField({
  label,
  labelHidden,
  hint,
  error,
  value,
  onChange,
  side,
  first,
}: {
  label: string;
  labelHidden?: boolean;
  hint?: string;
  error?: string;
  value: PersonValue;
  onChange: (value: PersonValue) => void;
  side?: "company" | "supplier";
  first?: boolean;
}) {
  const { id: company } = useCompany();
  const wanted = useSettled(value.name.trim());
  const { data, isFetching } = useQuery(peopleQuery(company, wanted, side));
  const suppliers = useQuery(suppliersQuery(company)).data?.items ?? [];
  const people = data?.items ?? [];
  return (
    <SuggestField
      label={label}
      labelHidden={labelHidden}
      hint={hint}
      error={error}
      value={value.name}
      busy={isFetching && value.name !== ""}
      filter={false}
      openOnFocus={!labelHidden}
      first={first}
      suggestions={unique(
        people.map((person) => ({
          value: person.name,
          hint: person.department ?? suppliers.find((one) => one.id === person.supplierId)?.name,
        })),
      )}
      onChange={(name) => {
        const same = people.filter((person) => person.name === name);
        onChange({ name, id: same.length === 1 ? same[0]!.id : undefined });
      }}
    />
  );
}

/** The text a moment after the last letter. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 150);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
