import { t } from "../../web/text/text.ts";
import { Button } from "../../web/ui/Button.tsx";
import { useSignOut } from "./sign-out.ts";

export function SignOutButton() {
  const signOut = useSignOut();
  return (
    <div>
      <Button onClick={signOut}>{t("nav.signOut")}</Button>
    </div>
  );
}
