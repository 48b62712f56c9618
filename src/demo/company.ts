import type { HoursVersion } from "../companies/contract.ts";

type Week = HoursVersion["week"];

/**
 * The company of the demo: a food wholesaler with 40 people in Dublin, its IT firm on a retainer and the agency that
 * does telephones and the web site. Everybody is invented; addresses end in `.example` (RFC 2606), so that no mail
 * can reach anybody.
 */
export const company = {
  name: "Quist & Almeida Provisions",
  timeZone: "Europe/Dublin",
  currency: "EUR",
  locale: "en-IE",
  domain: "quist-almeida.example",
} as const;

export const departments = [
  "Management",
  "Office",
  "Accounts",
  "Purchasing",
  "Sales",
  "Customer service",
  "Quality",
  "Marketing",
  "Warehouse",
  "Transport",
] as const;
export type Department = (typeof departments)[number];

export interface Colleague {
  name: string;
  department: Department;
  /** Without an address of their own nobody can be told that a request is about to close. */
  email: string | undefined;
  extension: string | undefined;
  laptop: string | undefined;
  /** Joined during the year. */
  newcomer: boolean;
}

const staff: readonly [Department, string][] = [
  ["Management", "Ingrid Quist, Rui Almeida"],
  ["Office", "Maeve Doran, Bríd Hanley"],
  ["Accounts", "Aoife Brennan, Goran Petrović, Lucia Ferri"],
  ["Purchasing", "Tomasz Wilk, Henrike Vos, Soraya Haddad"],
  ["Sales", "Cathal Moran, Nadia Benali, Piotr Zielak, Eimear Foley, Luís Camacho"],
  ["Customer service", "Orla Keane, Beatriz Nunes, Rasa Kazlauskaitė, Jonas Ekdahl"],
  ["Quality", "Katrin Oberholzer, Chidi Okafor"],
  ["Marketing", "Elske de Boer, Hugo Lindgren"],
  ["Warehouse", "Declan Roche, Niamh Tuohy, Wiktor Sobol, Paulo Teixeira, Ionuț Marin, Tadhg Buckley, Emil Stoyanov"],
  ["Transport", "Gráinne Walsh, Bogdan Ilie, Seán Mulcahy, Amadou Diallo, Petr Kolář, Dovilė Jonaitytė, Kevin Lawlor"],
];
const newcomers: readonly [Department, string][] = [
  ["Accounts", "Yusra Amin"],
  ["Sales", "Mateus Rocha"],
  ["Customer service", "Saoirse Nolan"],
];

/** Who works in the aisles or drives shares a terminal; who plans them has an address. */
const withoutDesk = new Set([
  ..."Wiktor Sobol, Paulo Teixeira, Ionuț Marin, Tadhg Buckley, Emil Stoyanov".split(", "),
  ..."Bogdan Ilie, Seán Mulcahy, Amadou Diallo, Petr Kolář, Kevin Lawlor".split(", "),
]);

export const colleagues: readonly Colleague[] = [
  ...people(staff, { newcomer: false, from: 0 }),
  ...people(newcomers, { newcomer: true, from: 37 }),
];

function people(groups: typeof staff, { newcomer, from }: { newcomer: boolean; from: number }): Colleague[] {
  const all = groups.flatMap(([department, names]) => names.split(", ").map((name) => ({ department, name })));
  return all.map(({ department, name }, index) => {
    const desk = !withoutDesk.has(name);
    return {
      name,
      department,
      newcomer,
      email: desk ? addressOf(name, company.domain) : undefined,
      extension: desk ? String(201 + from + index) : undefined,
      laptop: desk && department !== "Warehouse" ? `NB-${String(101 + from + index)}` : undefined,
    };
  });
}

/** "Gráinne Walsh" → grainne.walsh@… */
export function addressOf(name: string, domain: string): string {
  const plain = name.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
  return `${plain.replaceAll(/[^a-z]+/g, ".")}@${domain}`;
}

export type SupplierKey = "it" | "agency";

export const suppliers: Record<SupplierKey, { name: string; email: string; phone: string; people: string[] }> = {
  it: {
    name: "Corvane IT",
    email: "helpdesk@corvane-it.example",
    phone: "+353 1 555 0142",
    people: ["Colm Hession", "Agnieszka Baran", "Ross Tierney", "Dario Conti"],
  },
  agency: {
    name: "Tarn & Bell",
    email: "support@tarn-and-bell.example",
    phone: "+353 1 555 0178",
    people: ["Sinéad Purcell", "Mikkel Holm", "Ana Vidal"],
  },
};

/** Joined the IT firm when it got better. */
export const technicianFromSpring = "Dario Conti";

/** Who writes the record, and what they may do. */
export const members = [
  { name: "Ingrid Quist", role: "owner" },
  { name: "Maeve Doran", role: "coordinator" },
  { name: "Tomasz Wilk", role: "coordinator" },
  { name: "Katrin Oberholzer", role: "auditor" },
] as const;

/** The warehouse begins early; from July on the office closes on Friday at noon. */
export function companyWeek(fridayUntil: string): Week {
  const day = (weekday: number, to: string) => ({ weekday, from: "08:00", to });
  return [...[1, 2, 3, 4].map((weekday) => day(weekday, "17:00")), day(5, fridayUntil)];
}

export const agencyWeek: Week = [1, 2, 3, 4, 5].flatMap((weekday) => [
  { weekday, from: "09:00", to: "13:00" },
  { weekday, from: "14:00", to: "17:30" },
]);
