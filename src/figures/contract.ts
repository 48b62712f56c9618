import { z } from "zod";
import { CompanyPath, Id, Instant, LocalDate, route } from "../contract.ts";
import { RequestFilter } from "../requests/contract.ts";

/**
 * One number with what it stands on. `rows` is the filter of listRequests that lists the rows it was made from:
 * every number on a page is a link made of it.
 */
export const Figure = z
  .object({
    value: z.number().nullable().meta({ description: "null: no row had the data" }),
    n: z.int().meta({ description: "Rows that had the data" }),
    unknown: z.int().meta({ description: "Rows that had not" }),
    notYet: z.int().meta({ description: "Of the unknown, those still under way" }),
    rows: z.record(z.string(), z.string()).meta({ description: "Query of listRequests" }),
    unknownRows: z.record(z.string(), z.string()),
  })
  .meta({ id: "Figure" });
export type Figure = z.infer<typeof Figure>;

export const figureNames = [
  "reported",
  "open",
  "resolved",
  "closed",
  "confirmed",
  "unconfirmed",
  "cancelled",
  "reopened",
  "waitingForCompany",
  "overdue",
  "firstResponseMedianMinutes",
  "firstResponseMedianElapsedMinutes",
  "resolutionMedianMinutes",
  "resolutionMedianGrossMinutes",
  "resolutionMedianElapsedMinutes",
  "responseWithinTarget",
  "resolutionWithinTarget",
] as const;
export type FigureName = (typeof figureNames)[number];

const Period = z.object({
  from: LocalDate,
  to: LocalDate.meta({ description: "Included" }),
  asOf: Instant.optional().meta({ description: "As the record stood at this moment; default now" }),
  supplier: Id.optional(),
});

export const Figures = z
  .object({
    from: LocalDate,
    to: LocalDate,
    asOf: Instant,
    timeZone: z.string(),
    family: z.literal("by_call"),
    figures: z.record(z.enum(figureNames), Figure),
    /** The owner's sentence in parts: plain words, and numbers that are links. */
    sentence: z.array(
      z.union([
        z.object({ text: z.string() }),
        z.object({ number: z.string(), figure: z.enum(figureNames), unknown: z.boolean().optional() }),
      ]),
    ),
  })
  .meta({ id: "Figures" });
export type Figures = z.infer<typeof Figures>;

export const getFigures = route({
  id: "getFigures",
  method: "get",
  path: "/companies/{company}/figures",
  summary: "Figures by call: the requests reported in the period, how they stand as of a moment",
  tag: "figures",
  permission: "figures.read",
  params: CompanyPath,
  query: Period,
  reply: Figures,
});

/** The period with which the overview opens: the last week with calls, and the whole span of the record. */
export const getOverview = route({
  id: "getOverview",
  method: "get",
  path: "/companies/{company}/overview",
  summary: "What the first screen shows: a period, its figures, what needs a decision, the span of the record",
  tag: "figures",
  permission: "figures.read",
  params: CompanyPath,
  query: Period.partial(),
  reply: z
    .object({
      figures: Figures,
      record: z.object({ first: LocalDate.nullable(), last: LocalDate.nullable(), requests: z.int() }),
      decisions: z.array(
        z.object({
          code: z.enum(["confirm", "answer", "overdue"]),
          count: z.int(),
          rows: z.record(z.string(), z.string()),
        }),
      ),
      choices: z.array(
        z.object({
          label: z.enum(["last_week", "last_4_weeks", "this_year", "everything"]),
          from: LocalDate,
          to: LocalDate,
        }),
      ),
    })
    .meta({ id: "Overview" }),
});

export const pictures = ["calls-per-week", "times-against-target"] as const;
export const Series = z
  .object({
    picture: z.enum(pictures),
    title: z.string(),
    alternative: z.string().meta({ description: "The picture in words" }),
    columns: z.array(z.object({ key: z.string(), label: z.string(), unit: z.enum(["count", "minutes"]) })),
    points: z.array(
      z.object({
        from: LocalDate,
        to: LocalDate,
        label: z.string(),
        values: z.record(
          z.string(),
          z.object({
            value: z.number().nullable(),
            n: z.int(),
            unknown: z.int(),
            rows: z.record(z.string(), z.string()),
          }),
        ),
      }),
    ),
    svg: z.object({ light: z.string(), dark: z.string() }),
  })
  .meta({ id: "Series" });
export type Series = z.infer<typeof Series>;

export const getPicture = route({
  id: "getPicture",
  method: "get",
  path: "/companies/{company}/pictures/{picture}",
  summary: "One picture: its points with the rows behind each, and the drawing as SVG",
  tag: "figures",
  permission: "figures.read",
  params: CompanyPath.extend({ picture: z.enum(pictures) }),
  query: Period.extend({ width: z.coerce.number().int().min(280).max(1600).default(720) }),
  reply: Series,
});

export type RowsQuery = Partial<Record<keyof RequestFilter, string>>;
