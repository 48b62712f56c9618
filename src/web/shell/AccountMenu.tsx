import { Link } from "@tanstack/react-router";
import { useSignOut } from "../../accounts/web/sign-out.ts";
import { useCompany } from "../CompanyContext.tsx";
import { t } from "../text/text.ts";
import { ChoiceField } from "../ui/Fields.tsx";
import { Unseen } from "../ui/Layout.tsx";
import { Menu, MenuAction, menuItemClass, MenuLine, MenuRule } from "../ui/Menu.tsx";
import { type Scheme, useScheme } from "../ui/Provider.tsx";
import styles from "./AccountMenu.module.css";

/** Who is signed in; other companies, light or dark, shortcuts, signing out. */
export function AccountMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const { account, id } = useCompany();
  const signOut = useSignOut();
  const { scheme, setScheme } = useScheme();
  const others = account.memberships.filter((one) => one.company.id !== id);
  return (
    <Menu
      look="head"
      label={
        <>
          <span className={styles["initials"]} aria-hidden="true">
            {initialsOf(account.name)}
          </span>
          <Unseen>{t("nav.account", { name: account.name })}</Unseen>
        </>
      }
    >
      {(close) => (
        <>
          <MenuLine>
            {t("nav.signedInAs", { name: account.name })}
            <br />
            {account.email}
          </MenuLine>
          {others.length > 0 && (
            <>
              <MenuRule />
              <MenuLine>{t("nav.otherCompanies")}</MenuLine>
              {others.map(({ company }) => (
                <Link
                  key={company.id}
                  to="/c/$company"
                  params={{ company: company.id }}
                  className={menuItemClass}
                  onClick={close}
                >
                  {company.name}
                </Link>
              ))}
            </>
          )}
          <MenuRule />
          <div className={styles["scheme"]}>
            <ChoiceField<Scheme>
              label={t("scheme.label")}
              value={scheme}
              onChange={setScheme}
              choices={[
                { value: "auto", label: t("scheme.auto") },
                { value: "light", label: t("scheme.light") },
                { value: "dark", label: t("scheme.dark") },
              ]}
            />
          </div>
          <MenuRule />
          <Link to="/account" className={menuItemClass} onClick={close}>
            {t("account.title")}
          </Link>
          <MenuAction
            onClick={() => {
              close();
              onShortcuts();
            }}
          >
            {t("nav.shortcuts")}
          </MenuAction>
          <MenuAction onClick={signOut}>{t("nav.signOut")}</MenuAction>
        </>
      )}
    </Menu>
  );
}

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? "")][0] ?? "");
  return letters.join("").toLocaleUpperCase();
}
