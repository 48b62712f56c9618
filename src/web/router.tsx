import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { rolesWithSecondFactor } from "../accounts/contract.ts";
import { meQuery } from "../accounts/web/queries.ts";
import { readAuditSearch } from "../audit/web/search.ts";
import { mayRole } from "../contract.ts";
import { readAssetsSearch } from "../assets/web/queries.ts";
import { overviewQuery, readBySearch, readOverviewSearch } from "../figures/web/queries.ts";
import { readImportsSearch } from "../imports/web/search.ts";
import { readQueueSearch } from "../queue/web/search.ts";
import { readRequestsSearch } from "../requests/web/search.ts";
import { CallError } from "./call.ts";
import { onSignedOut, queryClient } from "./query.ts";
import { BrokenPage } from "./shell/BrokenPage.tsx";
import { CompanyShell } from "./shell/CompanyShell.tsx";
import { lastCompany } from "./shell/last-company.ts";
import { MissingPage } from "./shell/MissingPage.tsx";

const root = createRootRoute({ component: Outlet, notFoundComponent: MissingPage, errorComponent: BrokenPage });

/** Who is signed in; a stranger is sent to the sign-in page and comes back afterwards. */
async function needAccount(href: string) {
  try {
    return await queryClient.ensureQueryData(meQuery);
  } catch (error) {
    if (error instanceof CallError && error.status === 401) {
      throw redirect({ to: "/sign-in", search: href === "/" ? {} : { back: href } });
    }
    throw error;
  }
}

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  loader: async ({ location }) => {
    const account = await needAccount(location.href);
    // Whoever works for a supplier alone begins with what all customers wait for.
    const supplies = account.memberships.every(({ role }) => rolesWithSecondFactor.includes(role));
    if (account.memberships.length > 0 && supplies && account.secondFactor) {
      throw redirect({ to: "/queue", replace: true });
    }
    const known = account.memberships.map((membership) => membership.company.id);
    const last = lastCompany();
    const company = last && known.includes(last) ? last : known[0];
    if (company) throw redirect({ to: "/c/$company", params: { company }, replace: true });
  },
  component: lazyRouteComponent(() => import("./shell/NoCompanyPage.tsx"), "NoCompanyPage"),
});

const setUp = createRoute({
  getParentRoute: () => root,
  path: "/set-up",
  component: lazyRouteComponent(() => import("../accounts/web/SetUpPage.tsx"), "SetUpPage"),
});
const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (raw: Record<string, unknown>): { back?: string } =>
    typeof raw["back"] === "string" ? { back: raw["back"] } : {},
  component: lazyRouteComponent(() => import("../accounts/web/SignInPage.tsx"), "SignInPage"),
});
const password = createRoute({
  getParentRoute: () => root,
  path: "/password",
  component: lazyRouteComponent(() => import("../accounts/web/PasswordPage.tsx"), "PasswordPage"),
});
const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitation",
  component: lazyRouteComponent(() => import("../accounts/web/InvitationPage.tsx"), "InvitationPage"),
});
const account = createRoute({
  getParentRoute: () => root,
  path: "/account",
  loader: ({ location }) => needAccount(location.href),
  component: lazyRouteComponent(() => import("../accounts/web/AccountPage.tsx"), "AccountPage"),
});

const queue = createRoute({
  getParentRoute: () => root,
  path: "/queue",
  validateSearch: readQueueSearch,
  loader: ({ location }) => needAccount(location.href),
  component: lazyRouteComponent(() => import("../queue/web/QueuePage.tsx"), "QueuePage"),
});

const company = createRoute({
  getParentRoute: () => root,
  path: "/c/$company",
  loader: ({ location }) => needAccount(location.href),
  component: CompanyShell,
});
const overview = createRoute({
  getParentRoute: () => company,
  path: "/",
  validateSearch: readOverviewSearch,
  loaderDeps: ({ search }) => search,
  // Asked for at once and not waited for: the frame is drawn meanwhile, and errors are the page's own to show.
  loader: async ({ params, deps }) => {
    const { memberships } = await queryClient.ensureQueryData(meQuery);
    const role = memberships.find(({ company: { id } }) => id === params.company)?.role;
    // A supplier's people see no figures.
    if (role && !mayRole(role, "figures.read") && mayRole(role, "requests.read")) {
      throw redirect({ to: "/c/$company/requests", params: { company: params.company }, replace: true });
    }
    // Staff report, and see what became of it.
    if (role && !mayRole(role, "figures.read") && mayRole(role, "requests.own")) {
      throw redirect({ to: "/c/$company/mine", params: { company: params.company }, replace: true });
    }
    void queryClient.prefetchQuery(overviewQuery(params.company, deps));
  },
  component: lazyRouteComponent(() => import("../figures/web/OverviewPage.tsx"), "OverviewPage"),
});
const by = createRoute({
  getParentRoute: () => company,
  path: "/by/$dimension",
  validateSearch: readBySearch,
  component: lazyRouteComponent(() => import("../figures/web/ByPage.tsx"), "ByPage"),
});
const mine = createRoute({
  getParentRoute: () => company,
  path: "/mine",
  validateSearch: (raw: Record<string, unknown>): { asset?: string } =>
    typeof raw["asset"] === "string" ? { asset: raw["asset"] } : {},
  component: lazyRouteComponent(() => import("../reports/web/OwnPage.tsx"), "OwnPage"),
});
const mineOne = createRoute({
  getParentRoute: () => company,
  path: "/mine/$request",
  component: lazyRouteComponent(() => import("../reports/web/OwnRequestPage.tsx"), "OwnRequestPage"),
});
const requests = createRoute({
  getParentRoute: () => company,
  path: "/requests",
  validateSearch: readRequestsSearch,
  component: lazyRouteComponent(() => import("../requests/web/RequestsPage.tsx"), "RequestsPage"),
});
const logCall = createRoute({
  getParentRoute: () => company,
  path: "/requests/new",
  validateSearch: (raw: Record<string, unknown>): { asset?: string } =>
    typeof raw["asset"] === "string" ? { asset: raw["asset"] } : {},
  component: lazyRouteComponent(() => import("../requests/web/LogCallPage.tsx"), "LogCallPage"),
});
const request = createRoute({
  getParentRoute: () => company,
  path: "/requests/$request",
  component: lazyRouteComponent(() => import("../requests/web/RequestPage.tsx"), "RequestPage"),
});

const assets = createRoute({
  getParentRoute: () => company,
  path: "/assets",
  validateSearch: readAssetsSearch,
  component: lazyRouteComponent(() => import("../assets/web/AssetsPage.tsx"), "AssetsPage"),
});

const assetLabels = createRoute({
  getParentRoute: () => company,
  path: "/assets/labels",
  validateSearch: (raw: Record<string, unknown>): { asset?: string } =>
    typeof raw["asset"] === "string" ? { asset: raw["asset"] } : {},
  component: lazyRouteComponent(() => import("../assets/web/LabelsPage.tsx"), "LabelsPage"),
});
const asset = createRoute({
  getParentRoute: () => company,
  path: "/assets/$asset",
  component: lazyRouteComponent(() => import("../assets/web/AssetPage.tsx"), "AssetPage"),
});

const imports = createRoute({
  getParentRoute: () => company,
  path: "/imports",
  validateSearch: readImportsSearch,
  component: lazyRouteComponent(() => import("../imports/web/ImportsPage.tsx"), "ImportsPage"),
});
const importOne = createRoute({
  getParentRoute: () => company,
  path: "/imports/$import",
  component: lazyRouteComponent(() => import("../imports/web/ImportPage.tsx"), "ImportPage"),
});

const settings = createRoute({
  getParentRoute: () => company,
  path: "/settings",
  component: lazyRouteComponent(() => import("../companies/web/SettingsFrame.tsx"), "SettingsFrame"),
});
const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: "/",
  component: lazyRouteComponent(() => import("../companies/web/CompanyPage.tsx"), "CompanyPage"),
});
const hours = createRoute({
  getParentRoute: () => settings,
  path: "/hours",
  component: lazyRouteComponent(() => import("../companies/web/HoursPage.tsx"), "HoursPage"),
});
const holidays = createRoute({
  getParentRoute: () => settings,
  path: "/holidays",
  component: lazyRouteComponent(() => import("../companies/web/HolidaysPage.tsx"), "HolidaysPage"),
});
const targets = createRoute({
  getParentRoute: () => settings,
  path: "/targets",
  component: lazyRouteComponent(() => import("../companies/web/TargetsPage.tsx"), "TargetsPage"),
});
const categories = createRoute({
  getParentRoute: () => settings,
  path: "/categories",
  component: lazyRouteComponent(() => import("../companies/web/CategoriesPage.tsx"), "CategoriesPage"),
});
const templates = createRoute({
  getParentRoute: () => settings,
  path: "/templates",
  component: lazyRouteComponent(() => import("../templates/web/TemplatesPage.tsx"), "TemplatesPage"),
});
const suppliers = createRoute({
  getParentRoute: () => settings,
  path: "/suppliers",
  component: lazyRouteComponent(() => import("../companies/web/SuppliersPage.tsx"), "SuppliersPage"),
});
const people = createRoute({
  getParentRoute: () => settings,
  path: "/people",
  component: lazyRouteComponent(() => import("../companies/web/PeoplePage.tsx"), "PeoplePage"),
});
const members = createRoute({
  getParentRoute: () => settings,
  path: "/members",
  component: lazyRouteComponent(() => import("../accounts/web/MembersPage.tsx"), "MembersPage"),
});
const reportPage = createRoute({
  getParentRoute: () => settings,
  path: "/report-page",
  component: lazyRouteComponent(() => import("../reports/web/ReportLinksPage.tsx"), "ReportLinksPage"),
});
const keys = createRoute({
  getParentRoute: () => settings,
  path: "/keys",
  component: lazyRouteComponent(() => import("../accounts/web/KeysPage.tsx"), "KeysPage"),
});
const exportsOf = createRoute({
  getParentRoute: () => settings,
  path: "/exports",
  component: lazyRouteComponent(() => import("../exports/web/ExportsPage.tsx"), "ExportsPage"),
});

const auditOf = createRoute({
  getParentRoute: () => settings,
  path: "/audit",
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import("../audit/web/AuditPage.tsx"), "AuditPage"),
});

const routeTree = root.addChildren([
  home,
  setUp,
  signIn,
  password,
  invitation,
  account,
  queue,
  company.addChildren([
    overview,
    by,
    mine,
    mineOne,
    requests,
    logCall,
    request,
    assets,
    assetLabels,
    asset,
    imports,
    importOne,
    settings.addChildren([
      settingsHome,
      hours,
      holidays,
      targets,
      categories,
      templates,
      suppliers,
      people,
      members,
      reportPage,
      keys,
      exportsOf,
      auditOf,
    ]),
  ]),
]);

/** Searches are plain words in the address (`?state=open,resolved`), the same as the API's own queries. */
export const router = createRouter({
  routeTree,
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(search))
      if (value !== undefined && value !== "") query.set(key, String(value));
    return query.size > 0 ? `?${query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":")}` : "";
  },
  scrollRestoration: true,
  scrollToTopSelectors: ["[data-scroll]"],
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  defaultErrorComponent: BrokenPage,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

onSignedOut(() => {
  const { pathname, href } = router.state.location;
  queryClient.removeQueries({ queryKey: meQuery.queryKey });
  if (pathname.startsWith("/c/") || pathname === "/queue")
    void router.navigate({ to: "/sign-in", search: { back: href }, replace: true });
});
