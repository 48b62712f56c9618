import { useCompany } from "../../web/CompanyContext.tsx";
import { t } from "../../web/text/text.ts";
import { SelectField } from "../../web/ui/Fields.tsx";
import { Columns } from "../../web/ui/Layout.tsx";
import type { RequestDetail } from "../contract.ts";
import { likelyPerson, type Whose, whoseChoices } from "./by.ts";
import { PersonField } from "../../companies/web/PersonField.tsx";
import type { PersonValue } from "../../companies/web/person.ts";
import { type When, WhenField } from "./WhenField.tsx";

interface Part {
  whose: Whose;
  person: PersonValue;
  when: When;
  at: string;
}

/**
 * On whose behalf, and at which time: what the technician said on the phone an hour ago is theirs, and then. A supplier's
 * people speak for themselves.
 */
export function WhoseAndWhen({
  asked,
  request,
  draft,
  change,
  timeError,
}: {
  asked: "whose" | "who";
  request: RequestDetail;
  draft: Part;
  change: (part: Partial<Part>) => void;
  timeError?: string;
}) {
  const { may } = useCompany();
  return (
    <>
      {may("requests.write") && (
        <Columns least="12rem" gap="small">
          <SelectField
            label={t(`compose.${asked}`)}
            value={draft.whose}
            onChange={(whose) => change({ whose, person: likelyPerson(whose, request) })}
            choices={whoseChoices(asked)}
          />
          {draft.whose !== "me" && (
            <PersonField
              label={t("compose.whoseName")}
              value={draft.person}
              onChange={(person) => change({ person })}
              side={draft.whose === "third_party" ? undefined : draft.whose}
            />
          )}
        </Columns>
      )}
      <WhenField
        label={t("compose.when")}
        atLabel={t("compose.at")}
        when={draft.when}
        at={draft.at}
        onWhen={(when) => change({ when })}
        onAt={(at) => change({ at })}
        error={timeError}
      />
    </>
  );
}
