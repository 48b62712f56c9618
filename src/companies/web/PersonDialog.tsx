import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../web/call.ts";
import { useCompany } from "../../web/CompanyContext.tsx";
import { FormDialog } from "../../web/FormDialog.tsx";
import { fieldProblem } from "../../web/problem.ts";
import { useSubmissionKey } from "../../web/submission.ts";
import { t } from "../../web/text/text.ts";
import { SelectField, TextField } from "../../web/ui/Fields.tsx";
import { notify } from "../../web/ui/notify.ts";
import { addPerson, changePerson, type Person } from "../contract.ts";
import { ContactFields } from "./ContactFields.tsx";
import { suppliersQuery } from "./queries.ts";

/** A new person, or what is known of one. */
export function PersonDialog({ person, onClose }: { person: Person | undefined; onClose: () => void }) {
  const { id: company } = useCompany();
  const client = useQueryClient();
  const submission = useSubmissionKey();
  const suppliers = useQuery(suppliersQuery(company)).data?.items ?? [];
  const [name, setName] = useState(person?.name ?? "");
  const [email, setEmail] = useState(person?.email ?? "");
  const [phone, setPhone] = useState(person?.phone ?? "");
  const [department, setDepartment] = useState(person?.department ?? "");
  const [supplierId, setSupplierId] = useState(person?.supplierId ?? "");
  const save = useMutation({
    mutationFn: () => {
      const body = {
        name: name.trim(),
        email: email.trim() || null,
        phone: phone.trim() || null,
        department: department.trim() || null,
        supplierId: supplierId || null,
      };
      return person
        ? call(changePerson, { params: { company, person: person.id }, body })
        : call(addPerson, { params: { company }, body }, { idempotencyKey: submission.keyFor(body) });
    },
    onSuccess: (saved) => {
      void client.invalidateQueries({ queryKey: ["people", company] });
      notify({ text: person ? t("people.changed", { name: saved.name }) : t("people.added", { name: saved.name }) });
      onClose();
    },
  });
  const ready = name.trim() !== "";
  return (
    <FormDialog title={person ? person.name : t("people.add")} onClose={onClose} save={save} ready={ready}>
      <TextField
        label={t("common.name")}
        value={name}
        onChange={setName}
        maxLength={200}
        first
        error={fieldProblem(save.error, "name")}
      />
      <SelectField
        label={t("people.supplier")}
        value={supplierId}
        onChange={setSupplierId}
        choices={[
          { value: "", label: t("people.ofCompany") },
          ...suppliers.map((supplier) => ({ value: supplier.id, label: supplier.name })),
        ]}
      />
      <TextField label={t("people.department")} value={department} onChange={setDepartment} maxLength={100} />
      <ContactFields email={email} phone={phone} onEmail={setEmail} onPhone={setPhone} problem={save.error} />
    </FormDialog>
  );
}
