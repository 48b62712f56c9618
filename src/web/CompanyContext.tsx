import { createContext, type ReactNode, useContext, useEffect, useMemo } from "react";
import { type Account, type Membership, rolesWithSecondFactor } from "../accounts/contract.ts";
import { mayRole, type Permission } from "../contract.ts";
import { type Format, formatFor, supported } from "./format.ts";
import { setReaderSide } from "./side.ts";
import { setTextLocale } from "./text/text.ts";

/** The company a page is about, as the signed-in member sees it. */
export interface CompanyView {
  id: string;
  name: string;
  currency: string;
  locale: string;
  zone: string;
  role: Membership["role"];
  personId: string;
  account: Account;
  format: Format;
  may: (permission: Permission) => boolean;
}

const Context = createContext<CompanyView | undefined>(undefined);

export function CompanyProvider({
  account,
  membership,
  children,
}: {
  account: Account;
  membership: Membership;
  children: ReactNode;
}) {
  const { company, role, personId } = membership;
  const locale = supported(company.locale);
  const theirs = rolesWithSecondFactor.includes(role);
  // Before the children render: their texts contain numbers, and say "you".
  setTextLocale(locale);
  setReaderSide(theirs ? { company: company.name } : undefined);
  useEffect(() => {
    setTextLocale(locale);
    setReaderSide(theirs ? { company: company.name } : undefined);
    return () => setReaderSide(undefined);
  }, [company.name, locale, theirs]);
  const view = useMemo<CompanyView>(
    () => ({
      id: company.id,
      name: company.name,
      currency: company.currency,
      locale,
      zone: company.timeZone,
      role,
      personId,
      account,
      format: formatFor(locale, company.timeZone),
      may: (permission) => mayRole(role, permission),
    }),
    [account, company, locale, personId, role],
  );
  return <Context value={view}>{children}</Context>;
}

/** The company of the page. @throws Error outside `/c/…` */
export function useCompany(): CompanyView {
  const view = useContext(Context);
  if (!view) throw new Error("useCompany needs a page of a company.");
  return view;
}
