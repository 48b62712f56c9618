import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { SuggestField } from "../../web/ui/Suggest.tsx";
import type { Asset } from "../contract.ts";
import { type AssetValue, offered } from "./asset-value.ts";
import { assetsBeginningQuery } from "./queries.ts";

const none: readonly string[] = [];

/** What something is about: one of the assets while one types, words that were used before, or any other. */
export function AssetField({
  label,
  labelHidden,
  placeholder,
  value,
  onChange,
  words = none,
}: {
  label: string;
  labelHidden?: boolean;
  placeholder?: string;
  value: AssetValue;
  onChange: (value: AssetValue) => void;
  /** Used before, for what is on no list. */
  words?: readonly string[];
}) {
  const { id: company } = useCompany();
  const wanted = useSettled(value.name.trim());
  const { data, isFetching } = useQuery(assetsBeginningQuery(company, wanted));
  const choices = offered(data?.items ?? [], words, value.name, describe);
  return (
    <SuggestField
      label={label}
      labelHidden={labelHidden}
      placeholder={placeholder}
      value={value.name}
      busy={isFetching && value.name !== ""}
      filter={false}
      openOnFocus={!labelHidden}
      suggestions={choices.map(({ value: text, hint }) => ({ value: text, hint }))}
      onChange={(text) => {
        const chosen = choices.find((choice) => choice.value === text);
        onChange(chosen ? { name: chosen.name, id: chosen.id } : { name: text });
      }}
    />
  );
}

function describe({ kind, place, serialNumber }: Asset): string {
  return [t(`assets.kind.${kind}`), place, serialNumber].filter(Boolean).join(" · ");
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
