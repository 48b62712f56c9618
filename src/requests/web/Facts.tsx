import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { aboutOf, type AssetValue } from "../../assets/web/asset-value.ts";
import { AssetField } from "../../assets/web/AssetField.tsx";
import { suppliersQuery } from "../../companies/web/queries.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { SelectField, TextArea } from "../../web/ui/Fields.tsx";
import { Section } from "../../web/ui/Layout.tsx";
import { SuggestField } from "../../web/ui/Suggest.tsx";
import { maxSubject, type RequestDetail } from "../contract.ts";
import { EditableFact } from "./EditableFact.tsx";
import styles from "./Facts.module.css";
import { PersonField } from "../../companies/web/PersonField.tsx";
import { type PersonValue, whoOf } from "../../companies/web/person.ts";
import { PriorityMark } from "./PriorityMark.tsx";
import { choicesQuery } from "./queries.ts";
import { TagList } from "./TagList.tsx";
import { TagsEditor } from "./TagsEditor.tsx";
import { choices } from "./words.ts";

/** What is known of the request; each line can be corrected where it stands, and the correction is an entry. */
export function Facts({ request }: { request: RequestDetail }) {
  return (
    <Section title={t("request.facts")} id="facts">
      <dl className={styles["facts"]}>
        <People request={request} />
        <Kinds request={request} />
        <Words request={request} />
      </dl>
    </Section>
  );
}

function People({ request }: { request: RequestDetail }) {
  const { id: company } = useCompany();
  return (
    <>
      <EditableFact<PersonValue>
        request={request}
        label={t("request.fact.reporter")}
        shown={
          request.reporter && (
            <Link to="/c/$company/requests" params={{ company }} search={{ reporter: request.reporter.id }} dir="auto">
              {request.reporter.name}
            </Link>
          )
        }
        start={{ name: request.reporter?.name ?? "", id: request.reporter?.id }}
        body={(value) => ({ reporter: whoOf(value) ?? null })}
        renderField={(value, change, label) => (
          <PersonField label={label} labelHidden value={value} onChange={change} first />
        )}
      />
      <SupplierFact request={request} />
      <EditableFact<PersonValue>
        request={request}
        label={t("request.fact.technician")}
        shown={request.technician && <span dir="auto">{request.technician.name}</span>}
        start={{ name: request.technician?.name ?? "", id: request.technician?.id }}
        body={(value) => ({ technician: whoOf(value) ?? null })}
        renderField={(value, change, label) => (
          <PersonField label={label} labelHidden value={value} onChange={change} side="supplier" first />
        )}
      />
    </>
  );
}

function SupplierFact({ request }: { request: RequestDetail }) {
  const { id: company } = useCompany();
  const suppliers = useQuery(suppliersQuery(company)).data?.items ?? [];
  return (
    <EditableFact
      request={request}
      label={t("request.fact.supplier")}
      shown={request.supplier && <span dir="auto">{request.supplier.name}</span>}
      start={request.supplier?.id ?? ""}
      body={(value) => ({ supplierId: value || null })}
      renderField={(value, change, label) => (
        <SelectField
          label={label}
          labelHidden
          value={value}
          onChange={change}
          choices={[
            { value: "", label: t("common.none") },
            ...suppliers
              .filter(({ id, endedAt }) => endedAt === null || id === request.supplier?.id)
              .map((supplier) => ({ value: supplier.id, label: supplier.name })),
          ]}
        />
      )}
    />
  );
}

function Kinds({ request }: { request: RequestDetail }) {
  return (
    <>
      <EditableFact
        request={request}
        label={t("request.fact.priority")}
        shown={<PriorityMark priority={request.priority} />}
        start={request.priority}
        body={(priority) => ({ priority })}
        renderField={(value, change, label) => (
          <SelectField label={label} labelHidden value={value} onChange={change} choices={choices.priority()} />
        )}
      />
      <EditableFact
        request={request}
        label={t("request.fact.kind")}
        shown={t(`kind.${request.kind}`)}
        start={request.kind}
        body={(kind) => ({ kind })}
        renderField={(value, change, label) => (
          <SelectField label={label} labelHidden value={value} onChange={change} choices={choices.kind()} />
        )}
      />
      <EditableFact
        request={request}
        label={t("request.fact.channel")}
        shown={t(`channel.${request.channel}`)}
        start={request.channel}
        body={(channel) => ({ channel })}
        renderField={(value, change, label) => (
          <SelectField label={label} labelHidden value={value} onChange={change} choices={choices.channel()} />
        )}
      />
    </>
  );
}

function Words({ request }: { request: RequestDetail }) {
  const { id: company } = useCompany();
  return (
    <>
      <EditableFact
        request={request}
        label={t("request.fact.category")}
        shown={
          request.category && (
            <Link to="/c/$company/requests" params={{ company }} search={{ category: request.category }} dir="auto">
              {request.category}
            </Link>
          )
        }
        start={request.category ?? ""}
        body={(category) => ({ category: category.trim() || null })}
        renderField={(value, change, label) => <UsedWords label={label} value={value} onChange={change} />}
      />
      <AssetFact request={request} />
      <EditableFact<readonly string[]>
        request={request}
        label={t("request.fact.tags")}
        shown={request.tags.length > 0 && <TagList tags={request.tags} />}
        start={request.tags}
        body={(tags) => ({ tags: [...tags] })}
        renderField={(values, change, label) => (
          <TagsEditor label={label} labelHidden hint={t("request.tagsHint")} values={values} onChange={change} />
        )}
      />
      <EditableFact
        request={request}
        label={t("request.fact.subject")}
        shown={
          <span className={styles["clamped"]} dir="auto">
            {request.subject}
          </span>
        }
        start={request.subject}
        body={(subject) => ({ subject: subject.trim() })}
        valid={(subject) => subject.trim() !== ""}
        renderField={(value, change, label) => (
          <TextArea label={label} labelHidden value={value} onChange={change} rows={3} maxLength={maxSubject} />
        )}
      />
    </>
  );
}

function AssetFact({ request }: { request: RequestDetail }) {
  const { id: company, may } = useCompany();
  const used = useQuery(choicesQuery(company)).data?.assets ?? [];
  const { asset, assetId } = request;
  const words = asset && <span dir="auto">{asset}</span>;
  return (
    <EditableFact<AssetValue>
      request={request}
      label={t("request.fact.asset")}
      shown={
        assetId && may("assets.read") ? (
          <Link to="/c/$company/assets/$asset" params={{ company, asset: assetId }}>
            {words}
          </Link>
        ) : (
          words
        )
      }
      start={{ name: asset ?? "", id: assetId ?? undefined }}
      body={aboutOf}
      renderField={(value, change, label) => (
        <AssetField label={label} labelHidden value={value} onChange={change} words={used} />
      )}
    />
  );
}

function UsedWords({ label, value, onChange }: { label: string; value: string; onChange: (value: string) => void }) {
  const { id: company } = useCompany();
  const used = useQuery(choicesQuery(company)).data?.categories ?? [];
  return (
    <SuggestField
      label={label}
      labelHidden
      value={value}
      onChange={onChange}
      suggestions={used.map((one) => ({ value: one }))}
    />
  );
}
