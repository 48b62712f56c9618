import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { timeZones } from "../../companies/web/regions.ts";
import { suppliersQuery } from "../../companies/web/queries.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { ChoiceField, SelectField, TextField } from "../../web/ui/Fields.tsx";
import { Note, Section } from "../../web/ui/Layout.tsx";
import type { Import, ImportReport, Mapping, PlaceSaid } from "../contract.ts";
import styles from "./FileReading.module.css";
import type { MappingDraft } from "./use-mapping.ts";

const orders = ["dmy", "mdy", "ymd"] as const;

/** What holds for the file as a whole: what a row is, which sheet, how its times are meant. */
export function FileReading({
  file,
  draft,
  report,
  readOnly,
}: {
  file: Import;
  draft: MappingDraft;
  report: ImportReport | undefined;
  readOnly: boolean;
}) {
  const { mapping, change } = draft;
  const numbersMeet = report?.doubts.some(({ code }) => code === "number_known_otherwise") ?? false;
  const dated =
    mapping.layout !== "list" || mapping.columns.date !== undefined || mapping.columns.warrantyEnds !== undefined;
  if (!dated && file.sheets.length < 2) return null;
  return (
    <Section title={t("imports.file")} id="file">
      <fieldset className={styles["fields"]} disabled={readOnly}>
        {mapping.layout !== "list" && <LayoutField mapping={mapping} change={change} />}
        <div className={styles["grid"]}>
          {file.sheets.length > 1 && <SheetField file={file} draft={draft} />}
          {mapping.layout !== "list" && <ZoneField mapping={mapping} change={change} />}
          {dated && (
            <SelectField<string>
              label={t("imports.order")}
              value={mapping.dateOrder ?? ""}
              onChange={(order) => change({ ...mapping, dateOrder: (order || undefined) as Mapping["dateOrder"] })}
              choices={[
                { value: "", label: t("imports.order.auto") },
                ...orders.map((order) => ({ value: order, label: t(`imports.order.${order}`) })),
              ]}
            />
          )}
          {mapping.layout !== "list" && (
            <SourceFields mapping={mapping} change={change} numbersMeet={numbersMeet || mapping.source !== undefined} />
          )}
        </div>
      </fieldset>
    </Section>
  );
}

/** No sheet can be called so. */
const allSheets = "*";
const someSheets = "[]";

function SheetField({ file, draft: { mapping, choosePlace } }: { file: Import; draft: MappingDraft }) {
  const { sheet, sheets } = mapping;
  const some = Array.isArray(sheets) ? sheets.join(", ") : undefined;
  return (
    <SelectField<string>
      label={t("imports.sheet")}
      hint={t("imports.sheet.hint")}
      value={some !== undefined ? someSheets : sheets === "all" ? allSheets : (sheet ?? "")}
      onChange={(chosen) => {
        if (chosen !== someSheets) choosePlace(placeOfChoice(chosen ?? ""));
      }}
      choices={[
        { value: "", label: t("imports.sheet.alike") },
        { value: allSheets, label: t("imports.sheet.all") },
        ...(some === undefined ? [] : [{ value: someSheets, label: some }]),
        ...file.sheets.map((name) => ({ value: name, label: name })),
      ]}
    />
  );
}

function placeOfChoice(chosen: string): PlaceSaid {
  if (chosen === allSheets) return { sheets: "all" };
  return chosen === "" ? {} : { sheet: chosen };
}

/** Of files with requests, whose mappings say more. */
interface OfRequests {
  mapping: Mapping;
  change: MappingDraft["change"];
}

function LayoutField({ mapping, change }: OfRequests) {
  return (
    <div className={styles["layout"]}>
      <ChoiceField
        label={t("imports.layout")}
        value={mapping.layout}
        onChange={(layout) => change({ ...mapping, layout })}
        choices={[
          { value: "requests", label: t("imports.layout.requests") },
          { value: "events", label: t("imports.layout.events") },
        ]}
      />
      <Note>{t(`imports.layout.${mapping.layout}.hint`)}</Note>
    </div>
  );
}

function ZoneField({ mapping, change }: OfRequests) {
  const { zone } = useCompany();
  return (
    <SelectField
      label={t("imports.zone")}
      value={mapping.timeZone ?? ""}
      onChange={(timeZone) => change({ ...mapping, timeZone: timeZone || undefined })}
      choices={[
        { value: "", label: t("imports.zone.company", { zone: zone.replaceAll("_", " ") }) },
        ...timeZones(mapping.timeZone ?? zone),
      ]}
    />
  );
}

function SourceFields({ mapping, change, numbersMeet }: OfRequests & { numbersMeet: boolean }) {
  return (
    <>
      <SupplierField mapping={mapping} change={change} />
      {numbersMeet && (
        <TypedField
          label={t("imports.source")}
          hint={t("imports.source.hint")}
          value={mapping.source ?? ""}
          maxLength={100}
          onSettled={(source) => change({ ...mapping, source: source || undefined })}
        />
      )}
    </>
  );
}

function SupplierField({ mapping, change }: OfRequests) {
  const { id: company } = useCompany();
  const suppliers = useQuery(suppliersQuery(company)).data?.items ?? [];
  return (
    <>
      <TypedField
        label={t("imports.supplier")}
        hint={t("imports.supplier.hint")}
        value={mapping.supplier ?? ""}
        maxLength={200}
        list="known-suppliers"
        onSettled={(supplier) => change({ ...mapping, supplier: supplier || undefined })}
      />
      <datalist id="known-suppliers">
        {suppliers.map(({ id, name }) => (
          <option key={id} value={name}>
            {name}
          </option>
        ))}
      </datalist>
    </>
  );
}

/** A word that counts once one has left the field: each letter of it would be tried out otherwise. */
function TypedField({
  value,
  onSettled,
  ...field
}: {
  label: string;
  hint: string;
  value: string;
  maxLength: number;
  list?: string;
  onSettled: (value: string) => void;
}) {
  const [text, setText] = useState(value);
  return (
    <TextField
      {...field}
      value={text}
      onChange={setText}
      onBlur={() => {
        const settled = text.trim();
        if (settled !== value) onSettled(settled);
      }}
    />
  );
}
