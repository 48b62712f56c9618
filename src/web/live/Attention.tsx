import { useCompany } from "../CompanyContext.tsx";
import { t } from "../text/text.ts";
import { Icon } from "../ui/Icon.tsx";
import styles from "./Attention.module.css";
import { useAttention, useOthers } from "./presence.ts";

/** Who else has this request open. */
export function AlsoHere({ requestId }: { requestId: string }) {
  const others = useAttention(requestId);
  const { locale } = useCompany();
  return (
    <output className={styles["here"]} data-screen-only>
      {others.length > 0 && (
        <>
          <Icon name="person" size={15} />
          <span dir="auto">{t("presence.here", { names: listOf(others, locale) })}</span>
        </>
      )}
    </output>
  );
}

/** Two are about to say the same: whoever is writing is named where one writes. */
export function AlsoWriting({ requestId }: { requestId: string }) {
  const writing = useOthers(requestId).filter((other) => other.writing);
  const { locale } = useCompany();
  const names = listOf(writing, locale);
  return (
    <output className={styles["writing"]}>
      {writing.length > 0 && (
        <span dir="auto">
          {writing.length === 1 ? t("presence.writing", { names }) : t("presence.writingMany", { names })}
        </span>
      )}
    </output>
  );
}

function listOf(people: readonly { name: string }[], locale: string): string {
  const names = [...new Set(people.map(({ name }) => name))];
  return new Intl.ListFormat(locale, { style: "long", type: "conjunction" }).format(names);
}
