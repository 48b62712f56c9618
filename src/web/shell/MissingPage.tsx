import { Link } from "@tanstack/react-router";
import { t } from "../text/text.ts";
import { useTitle } from "../title.ts";
import { PlainFrame } from "./PlainFrame.tsx";

/** 404: mistyped, gone, or not this reader's to see; the three are not told apart. */
export function MissingPage() {
  useTitle(t("missing.title"));
  return (
    <PlainFrame title={t("missing.title")}>
      <p>{t("missing.text")}</p>
      <p>
        <Link to="/">{t("missing.home")}</Link>
      </p>
    </PlainFrame>
  );
}
