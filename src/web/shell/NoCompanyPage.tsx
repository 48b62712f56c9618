import { SignOutButton } from "../../accounts/web/SignOutButton.tsx";
import { t } from "../text/text.ts";
import { useTitle } from "../title.ts";
import { PlainFrame } from "./PlainFrame.tsx";

/** Signed in, but a member of nothing at the moment. */
export function NoCompanyPage() {
  useTitle(t("noCompany.title"));
  return (
    <PlainFrame title={t("noCompany.title")}>
      <p>{t("noCompany.text")}</p>
      <SignOutButton />
    </PlainFrame>
  );
}
