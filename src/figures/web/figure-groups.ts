import type { FigureName } from "../contract.ts";

/** In which order and under which small headings the figures stand, on the page and in docs/figures.md. */
export const figureGroups = [
  { title: "numbers.group.calls", names: ["reported", "open", "waitingForCompany", "overdue"] },
  {
    title: "numbers.group.ends",
    names: ["resolved", "closed", "confirmed", "unconfirmed", "cancelled", "reopened"],
  },
  {
    title: "numbers.group.times",
    names: [
      "firstResponseMedianMinutes",
      "firstResponseMedianElapsedMinutes",
      "resolutionMedianMinutes",
      "resolutionMedianGrossMinutes",
      "resolutionMedianElapsedMinutes",
    ],
  },
  { title: "numbers.group.targets", names: ["responseWithinTarget", "resolutionWithinTarget"] },
] as const satisfies { title: string; names: FigureName[] }[];
