import { fieldProblem } from "../../web/problem.ts";
import { t } from "../../web/text/text.ts";
import { TextField } from "../../web/ui/Fields.tsx";

/** E-mail and phone of a person or a supplier, with what the server said of each. */
export function ContactFields({
  email,
  phone,
  onEmail,
  onPhone,
  problem,
}: {
  email: string;
  phone: string;
  onEmail: (email: string) => void;
  onPhone: (phone: string) => void;
  problem: unknown;
}) {
  return (
    <>
      <TextField
        label={t("common.email")}
        type="email"
        value={email}
        onChange={onEmail}
        error={fieldProblem(problem, "email")}
      />
      <TextField
        label={t("common.phone")}
        type="tel"
        value={phone}
        onChange={onPhone}
        maxLength={50}
        error={fieldProblem(problem, "phone")}
      />
    </>
  );
}
