import { useQuery } from "@tanstack/react-query";
import { useCompany } from "../../web/CompanyContext.tsx";
import { TagsField } from "../../web/ui/TagsField.tsx";
import { maxTagLength, maxTags } from "../contract-tags.ts";
import { choicesQuery } from "./queries.ts";

/** The tags of a request, or those to be given to many; what is in use is offered. */
export function TagsEditor({
  label,
  labelHidden,
  hint,
  values,
  onChange,
}: {
  label: string;
  labelHidden?: boolean;
  hint?: string;
  values: readonly string[];
  onChange: (values: string[]) => void;
}) {
  const { id: company } = useCompany();
  const used = useQuery(choicesQuery(company)).data?.tags ?? [];
  return (
    <TagsField
      label={label}
      labelHidden={labelHidden}
      hint={hint}
      values={values}
      onChange={onChange}
      suggestions={used}
      maxTags={maxTags}
      maxLength={maxTagLength}
    />
  );
}
