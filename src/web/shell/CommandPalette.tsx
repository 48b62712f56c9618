import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { settingsPages } from "../../companies/web/settings-pages.ts";
import { useSignOut } from "../../accounts/web/sign-out.ts";
import type { ListedRequest } from "../../requests/contract.ts";
import { FoundPassage, MarkedText } from "../../requests/web/FoundWords.tsx";
import { foundQuery } from "../../requests/web/queries.ts";
import { stateWords } from "../../requests/web/words.ts";
import { addressOf } from "../../views/web/addresses.ts";
import { viewsQuery } from "../../views/web/queries.ts";
import { useCompany } from "../CompanyContext.tsx";
import { t } from "../text/text.ts";
import { type Command, Palette } from "../ui/Palette.tsx";
import { type Scheme, useScheme } from "../ui/Provider.tsx";
import { useLogCall } from "./LogCallContext.tsx";

/** Every page, the common acts, and the requests themselves, by a few letters. */
export default function CommandPalette({
  open,
  onClose,
  onShortcuts,
}: {
  open: boolean;
  onClose: () => void;
  onShortcuts: () => void;
}) {
  const [query, setQuery] = useState("");
  const pages = usePages();
  const acts = useActs(onShortcuts);
  const found = useFound(query);
  const views = useViews();
  return (
    <Palette
      open={open}
      onClose={onClose}
      onQuery={setQuery}
      label={t("palette.label")}
      placeholder={t("palette.placeholder")}
      empty={t("palette.empty")}
      groups={[
        { label: t("palette.go"), commands: pages },
        { label: t("palette.views"), commands: views },
        { label: t("palette.do"), commands: acts },
        { label: t("palette.requests"), commands: found, found: true },
      ]}
    />
  );
}

function usePages(): Command[] {
  const { id: company, may } = useCompany();
  const navigate = useNavigate();
  const params = { company };
  return [
    ...(may("figures.read")
      ? [
          {
            id: "overview",
            label: t("nav.overview"),
            icon: "overview",
            keys: "g o",
            run: () => void navigate({ to: "/c/$company", params }),
          } as const,
        ]
      : []),
    {
      id: "requests",
      label: may("requests.read") ? t("nav.requests") : t("own.title"),
      icon: "requests",
      keys: "g r",
      run: () => void navigate({ to: may("requests.read") ? "/c/$company/requests" : "/c/$company/mine", params }),
    },
    ...(may("assets.read")
      ? [
          {
            id: "assets",
            label: t("nav.assets"),
            icon: "assets",
            keys: "g a",
            run: () => void navigate({ to: "/c/$company/assets", params }),
          } as const,
        ]
      : []),
    ...(may("imports.read")
      ? [
          {
            id: "import",
            label: t("nav.import"),
            icon: "import",
            keys: "g i",
            run: () => void navigate({ to: "/c/$company/imports", params }),
          } as const,
        ]
      : []),
    {
      id: "settings",
      label: t("nav.settings"),
      icon: "settings",
      keys: "g s",
      run: () => void navigate({ to: "/c/$company/settings", params }),
    },
    ...settingsPages
      .filter(([, , permission]) => may(permission))
      .map(([to, label]) => ({
        id: to,
        label: t(label),
        icon: "settings" as const,
        run: () => void navigate({ to, params }),
      })),
  ];
}

function useViews(): Command[] {
  const { id: company, may } = useCompany();
  const navigate = useNavigate();
  const { data } = useQuery({ ...viewsQuery(company), enabled: may("views.read") });
  return (data?.items ?? []).map((view) => ({
    id: view.id,
    label: view.name,
    icon: view.page === "requests" ? "requests" : "overview",
    run: () => void navigate(addressOf(company, view)),
  }));
}

function useActs(onShortcuts: () => void): Command[] {
  const { may } = useCompany();
  const log = useLogCall();
  const signOut = useSignOut();
  const { scheme, setScheme } = useScheme();
  const schemes = (["auto", "light", "dark"] as const).filter((one) => one !== scheme);
  const name: Record<Scheme, string> = { auto: t("scheme.auto"), light: t("scheme.light"), dark: t("scheme.dark") };
  return [
    ...(may("requests.write") ? [{ id: "log", label: t("nav.log"), icon: "plus", keys: "c", run: log } as const] : []),
    { id: "print", label: t("common.print"), icon: "print", run: () => setTimeout(() => window.print(), 50) },
    ...schemes.map((one) => ({
      id: one,
      label: `${t("scheme.label")}: ${name[one]}`,
      icon: "settings" as const,
      run: () => setScheme(one),
    })),
    { id: "keys", label: t("nav.shortcuts"), icon: "note", keys: "?", run: onShortcuts },
    { id: "out", label: t("nav.signOut"), icon: "person", run: signOut },
  ];
}

function foundIn({ number, found }: ListedRequest): Pick<Command, "shown" | "note"> {
  if (!found) return {};
  return {
    shown: (
      <>
        #{number} <MarkedText pieces={found.subject} />
      </>
    ),
    ...(found.passage && { note: <FoundPassage passage={found.passage} /> }),
  };
}

/** Requests that the server finds for what is typed, a moment after the last letter. */
function useFound(query: string): Command[] {
  const { id: company, format } = useCompany();
  const navigate = useNavigate();
  const [settled, setSettled] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSettled(query.trim()), 180);
    return () => clearTimeout(timer);
  }, [query]);
  const { data } = useQuery({
    ...foundQuery(company, settled),
    enabled: settled.length >= 2 || /^#?\d+$/.test(settled),
  });
  if (!data || settled === "" || query.trim() === "") return [];
  const open = (number: number) =>
    void navigate({ to: "/c/$company/requests/$request", params: { company, request: String(number) } });
  const commands: Command[] = data.items.map((request) => ({
    id: request.id,
    label: `#${request.number} ${request.subject.slice(0, 200)}`,
    ...foundIn(request),
    description: `${stateWords(request)} · ${format.dateShort(request.reportedAt.slice(0, 10))}`,
    icon: "requests",
    run: () => open(request.number),
  }));
  commands.push({
    id: "all",
    label: t("palette.searchAll", { words: settled }),
    icon: "search",
    run: () => void navigate({ to: "/c/$company/requests", params: { company }, search: { q: settled } }),
  });
  return commands;
}
