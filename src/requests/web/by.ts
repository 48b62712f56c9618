import { t } from "../../web/text/text.ts";
import type { Choice } from "../../web/ui/Fields.tsx";
import type { Party, RequestDetail } from "../contract.ts";
import type { PersonValue } from "../../companies/web/person.ts";

export type Whose = "me" | Party;

/** Whose words or act it is, as the API takes it: nothing for one's own. */
export function byOf(
  whose: Whose,
  person: PersonValue,
): { party: Party; personId?: string; name?: string } | undefined {
  if (whose === "me") return undefined;
  const name = person.name.trim();
  return { party: whose, ...(person.id ? { personId: person.id } : name ? { name } : {}) };
}

/** Whose words (mine, the technician's, …) or who said it (I, the technician, …). */
export function whoseChoices(asked: "whose" | "who"): Choice<Whose>[] {
  return (["me", "supplier", "company", "third_party"] as const).map((value) => ({
    value,
    label: t(`compose.${asked}.${value}`),
  }));
}

/** Who it most likely is: the technician of the request, or the one who asked. */
export function likelyPerson(whose: Whose, request: Pick<RequestDetail, "technician" | "reporter">): PersonValue {
  if (whose === "supplier") return request.technician ?? { name: "" };
  if (whose === "company") return request.reporter ?? { name: "" };
  return { name: "" };
}
