import { useQuery } from "@tanstack/react-query";
import { relativePeriods } from "../../companies/contract.ts";
import { suppliersQuery } from "../../companies/web/queries.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { useToday } from "../../web/Moment.tsx";
import { t } from "../../web/text/text.ts";
import { SelectField, TextField } from "../../web/ui/Fields.tsx";
import { Columns } from "../../web/ui/Layout.tsx";
import { PillsField } from "../../web/ui/Pills.tsx";
import { endOfDay, localDate } from "../../web/zone.ts";
import styles from "./FilterPanel.module.css";
import { PersonFilter } from "./PersonFilter.tsx";
import { choicesQuery } from "./queries.ts";
import type { RequestsSearch } from "./search.ts";
import { choices } from "./words.ts";

interface Props {
  search: RequestsSearch;
  onChange: (part: RequestsSearch) => void;
}
const any = { value: "", label: t("filter.any") };

/** Every filter the list knows; each change shows at once. */
export default function FilterPanel({ search, onChange }: Props) {
  const { format, may } = useCompany();
  const days = ["1", "2", "3", "4", "5", "6", "7"].map((value) => ({ value, label: format.weekday(+value) }));
  return (
    <div className={styles["panel"]}>
      <Several name="state" search={search} onChange={onChange} choices={choices.state()} />
      <Several name="outcome" search={search} onChange={onChange} choices={choices.outcome()} />
      <Several name="priority" search={search} onChange={onChange} choices={choices.priority()} />
      <Several name="kind" search={search} onChange={onChange} choices={choices.kind()} />
      <Several name="channel" search={search} onChange={onChange} choices={choices.channel()} />
      <Several name="weekday" search={search} onChange={onChange} choices={days} />
      <Several name="without" search={search} onChange={onChange} choices={choices.without()} />
      <TagFilter search={search} onChange={onChange} />
      <Columns least="11rem">
        <Period search={search} onChange={onChange} />
        <AsOf search={search} onChange={onChange} />
      </Columns>
      <Columns least="15rem">
        <SelectField
          label={t("filter.reportedIn")}
          value={search.reportedIn ?? ""}
          onChange={(reportedIn) => onChange({ reportedIn })}
          choices={[any, ...relativePeriods.map((value) => ({ value, label: t(`phrase.reportedIn.${value}`) }))]}
        />
        <SupplierFilter search={search} onChange={onChange} />
        {may("people.read") && <PersonFilter search={search} onChange={onChange} />}
        <CategoryFilter search={search} onChange={onChange} />
        <SelectField
          label={t("filter.promiseParty")}
          value={search.promiseParty ?? ""}
          onChange={(promiseParty) => onChange({ promiseParty })}
          choices={[any, ...choices.party()]}
        />
        <YesNo name="overdue" search={search} onChange={onChange} />
        <YesNo name="waiting" search={search} onChange={onChange} />
        <YesNo name="reopened" search={search} onChange={onChange} />
        <YesNo name="responded" search={search} onChange={onChange} />
        <YesNo name="resolutionKnown" search={search} onChange={onChange} />
        <YesNo name="responseWithinTarget" search={search} onChange={onChange} />
        <YesNo name="resolutionWithinTarget" search={search} onChange={onChange} />
      </Columns>
    </div>
  );
}

function Several<T extends string>({
  name,
  search,
  onChange,
  choices,
}: Props & {
  name: "state" | "outcome" | "priority" | "kind" | "channel" | "weekday" | "without" | "tag";
  choices: { value: T; label: string }[];
}) {
  const values = (search[name]?.split(",").filter(Boolean) ?? []) as T[];
  return (
    <PillsField
      label={t(`filter.${name}`)}
      values={values}
      onChange={(next) => onChange({ [name]: next.join(",") })}
      choices={choices}
    />
  );
}

function YesNo({
  name,
  search,
  onChange,
}: Props & {
  name:
    | "overdue"
    | "waiting"
    | "reopened"
    | "responded"
    | "resolutionKnown"
    | "responseWithinTarget"
    | "resolutionWithinTarget";
}) {
  return (
    <SelectField
      label={t(`filter.${name}`)}
      value={search[name] ?? ""}
      onChange={(value) => onChange({ [name]: value })}
      choices={[
        any,
        { value: "true", label: t(`phrase.${name}.true`) },
        { value: "false", label: t(`phrase.${name}.false`) },
      ]}
    />
  );
}

function Period({ search, onChange }: Props) {
  return (
    <>
      <TextField
        label={t("filter.reportedFrom")}
        type="date"
        value={search.reportedFrom ?? ""}
        max={search.reportedTo}
        onChange={(reportedFrom) => onChange({ reportedFrom })}
      />
      <TextField
        label={t("filter.reportedTo")}
        type="date"
        value={search.reportedTo ?? ""}
        min={search.reportedFrom}
        onChange={(reportedTo) => onChange({ reportedTo })}
      />
    </>
  );
}

function AsOf({ search, onChange }: Props) {
  const { zone } = useCompany();
  return (
    <TextField
      label={t("filter.asOf")}
      type="date"
      value={search.asOf ? localDate(new Date(search.asOf), zone) : ""}
      max={useToday()}
      onChange={(date) => onChange({ asOf: date ? endOfDay(date, zone).toISOString() : undefined })}
    />
  );
}

function SupplierFilter({ search, onChange }: Props) {
  const { id } = useCompany();
  const { data } = useQuery(suppliersQuery(id));
  return (
    <SelectField
      label={t("filter.supplier")}
      value={search.supplier ?? ""}
      onChange={(supplier) => onChange({ supplier })}
      choices={[any, ...(data?.items ?? []).map((supplier) => ({ value: supplier.id, label: supplier.name }))]}
    />
  );
}

/** The tags in use most, and those that are asked for. */
const offeredTags = 24;

function TagFilter({ search, onChange }: Props) {
  const { id } = useCompany();
  const { data } = useQuery(choicesQuery(id));
  const asked = search.tag?.split(",").filter(Boolean) ?? [];
  const tags = [...new Set([...asked, ...(data?.tags ?? []).slice(0, offeredTags)])];
  if (tags.length === 0) return null;
  return (
    <Several name="tag" search={search} onChange={onChange} choices={tags.map((tag) => ({ value: tag, label: tag }))} />
  );
}

function CategoryFilter({ search, onChange }: Props) {
  const { id } = useCompany();
  const { data } = useQuery(choicesQuery(id));
  const known = data?.categories ?? [];
  const all = search.category && !known.includes(search.category) ? [search.category, ...known] : known;
  return (
    <SelectField
      label={t("filter.category")}
      value={search.category ?? ""}
      onChange={(category) => onChange({ category })}
      choices={[any, ...all.map((category) => ({ value: category, label: category }))]}
    />
  );
}
