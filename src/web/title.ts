import { useEffect } from "react";
import { t } from "./text/text.ts";

/** The title of the browser's tab: the page, the company, Openbook. */
export function useTitle(...parts: (string | undefined)[]): void {
  const title = [...parts.filter(Boolean), t("app.name")].join(" · ");
  useEffect(() => {
    document.title = title;
  }, [title]);
}
