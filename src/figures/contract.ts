import { z } from "zod";
import { CompanyPath, Id, Instant, LocalDate, route } from "../contract.ts";
import { relativePeriods } from "../companies/contract.ts";
import { RequestFilter } from "../requests/contract.ts";

const Rows = z.record(z.string(), z.string());

/**
 * One number with what it stands on. `rows` is the filter of listRequests that lists the rows it was made from (the
 * requests counted, or those a median was taken of): every number on a page is a link made of it.
 * n + unknown = the requests reported; the unknown are listed in two parts, each absent when it is empty.
 */
export const Figure = z
  .object({
    value: z.number().nullable().meta({ description: "null: no row had the data" }),
    n: z.int().meta({ description: "Rows that had the data" }),
    unknown: z.int().meta({ description: "Rows that had not" }),
    notYet: z.int().meta({ description: "Of the unknown, those still under way" }),
    rows: Rows.meta({ description: "Query of listRequests" }),
    unknownRows: Rows.optional().meta({
      description: "Query of listRequests for those never recorded: unknown - notYet rows",
    }),
    notYetRows: Rows.optional().meta({ description: "Query of listRequests for those still under way: notYet rows" }),
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

/** What each figure counts, in plain words; of the requests reported in the period, as they stand. */
export const definitions: Record<FigureName, string> = {
  reported: "Calls first reported to anybody in the period, by the company’s own calendar, both ends included.",
  open: "Calls of the period that are still open: nobody has said that they are done.",
  resolved: "Calls that are no longer open: the supplier says they are done, or they are closed.",
  closed: "Calls that have ended: confirmed, closed after silence, cancelled, merged, or ended in an unknown way.",
  confirmed: "Closed calls of which the person who called says that they are fixed.",
  unconfirmed: "Calls the supplier says are done and that closed by themselves after five business days of silence.",
  cancelled: "Calls that were no longer wanted.",
  reopened: "Calls that came back at least once after they had counted as done. Each counts once.",
  waitingForCompany: "Calls in which the next step is yours: an answer is owed, or a fix waits to be confirmed.",
  overdue: "Open calls whose promised time has passed, whoever promised it.",
  firstResponseMedianMinutes:
    "Half of the answered calls got the supplier’s first answer by a person within this time, counted in the supplier’s business hours.",
  firstResponseMedianElapsedMinutes: "The same by the clock on the wall, nights and weekends included.",
  resolutionMedianMinutes:
    "Half of the calls that are done took at most this long, counted in the supplier’s business hours, without the time spent waiting for you or for somebody else.",
  resolutionMedianGrossMinutes: "The same with the time spent waiting.",
  resolutionMedianElapsedMinutes: "From the call until it was done by the clock on the wall, everything included.",
  responseWithinTarget:
    "Calls whose first answer came within the target of their priority; counted among those with a known answer and a target.",
  resolutionWithinTarget:
    "Calls that were done within the target of their priority, without waiting time; counted among those with a known time and a target.",
};

const Sentence = z.array(
  z.union([
    z.object({ text: z.string() }),
    z.object({ number: z.string(), figure: z.enum(figureNames), unknown: z.boolean().optional() }),
  ]),
);

export const comparisons = ["before", "year"] as const;
export const Comparison = z
  .object({
    with: z.enum(comparisons).meta({
      description: "before: the period of the same length before, a month with the month before · year: a year before",
    }),
    name: z.string().meta({ description: "What it is compared with, in words: the week before" }),
    from: LocalDate,
    to: LocalDate,
    label: z.string().meta({ description: "The dates compared with, in words" }),
    soFar: z.boolean().meta({ description: "The period has not ended: its days up to today and the same days then" }),
    reason: z.enum(["record_begins_later", "not_begun"]).nullable().meta({
      description: "Why nothing is compared: the record does not reach that far back, or the period lies ahead",
    }),
    recordFrom: LocalDate.nullable().meta({ description: "The first day of the record" }),
    figures: z.record(z.enum(figureNames), Figure).nullable().meta({ description: "Of the earlier period" }),
    changes: z
      .record(z.enum(figureNames), z.number().nullable())
      .nullable()
      .meta({
        description:
          "Now less earlier: requests, minutes, or percentage points of a share. null: not known of one of the two, or a " +
          "figure that says how things stand today, which says nothing about an earlier period",
      }),
    sentence: Sentence.meta({ description: "Its numbers are figures of the earlier period" }),
  })
  .meta({ id: "Comparison" });
export type Comparison = z.infer<typeof Comparison>;

export const periodNames = [...relativePeriods, "everything"] as const;
export type PeriodName = (typeof periodNames)[number];

/** Which requests figures are about. */
export const PeriodQuery = z.object({
  from: LocalDate.optional().meta({ description: "The first day; together with `to`, or instead of both `period`" }),
  to: LocalDate.optional().meta({ description: "The last day, included" }),
  period: z.enum(periodNames).optional().meta({
    description:
      "A period by its name, in the company's calendar; it moves with the date. everything: the whole record",
  }),
  asOf: Instant.optional().meta({ description: "As the record stood at this moment; default now" }),
  supplier: Id.optional(),
});

const Compared = PeriodQuery.extend({
  compare: z.enum(comparisons).optional().meta({ description: "Sets the figures beside those of an earlier period" }),
});

export const Figures = z
  .object({
    from: LocalDate,
    to: LocalDate,
    label: z.string().meta({ description: "The period in words, with its year" }),
    asOf: Instant,
    timeZone: z.string(),
    family: z.literal("by_call"),
    figures: z.record(z.enum(figureNames), Figure),
    /** The owner's sentence in parts: plain words, and numbers that are links. */
    sentence: Sentence,
    comparison: Comparison.optional(),
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
  query: Compared,
  reply: Figures,
});

export const dimensions = ["supplier", "category", "reporter", "technician", "priority", "channel", "weekday"] as const;
export type Dimension = (typeof dimensions)[number];

export const FiguresBy = z
  .object({
    dimension: z.enum(dimensions),
    from: LocalDate,
    to: LocalDate,
    label: z.string().meta({ description: "The period in words, with its year" }),
    asOf: Instant,
    timeZone: z.string(),
    family: z.literal("by_call"),
    rows: z.array(
      z.object({
        part: z.enum(["value", "none", "rest"]).meta({
          description: "value: one value · none: it was never recorded · rest: the values without a row of their own",
        }),
        key: z.string().nullable().meta({
          description: "An id, a category, a priority, a channel, or the weekday's number (1 = Monday)",
        }),
        name: z.string().nullable().meta({ description: "Of a supplier, a person or a category" }),
        values: z.int().meta({ description: "How many values the row stands for" }),
        figures: z.record(z.enum(figureNames), Figure),
      }),
    ),
    total: z.record(z.enum(figureNames), Figure).meta({ description: "Of all rows together" }),
  })
  .meta({ id: "FiguresBy" });
export type FiguresBy = z.infer<typeof FiguresBy>;

export const getFiguresBy = route({
  id: "getFiguresBy",
  method: "get",
  path: "/companies/{company}/figures/by",
  summary: "The figures of a period for each supplier, category, person, priority, channel or weekday",
  tag: "figures",
  permission: "figures.read",
  params: CompanyPath,
  query: PeriodQuery.extend({
    dimension: z.enum(dimensions),
    limit: z.coerce.number().int().min(1).max(100).default(20).meta({
      description: "Values with a row of their own, most requests first; fewer where their names are very long",
    }),
  }),
  reply: FiguresBy,
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
  query: Compared,
  reply: z
    .object({
      figures: Figures,
      record: z.object({ first: LocalDate.nullable(), last: LocalDate.nullable(), requests: z.int() }),
      decisions: z.array(
        z.object({
          code: z.enum(["confirm", "answer", "overdue"]),
          count: z.int(),
          rows: Rows,
        }),
      ),
      choices: z.array(
        z.object({
          label: z.enum(["last_week", "last_4_weeks", "last_month", "this_year", "everything"]),
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
    step: z.enum(["day", "week", "month", "year"]).meta({ description: "What one point stands for" }),
    title: z.string(),
    alternative: z.string().meta({ description: "The picture in words" }),
    columns: z.array(z.object({ key: z.string(), label: z.string(), unit: z.enum(["count", "minutes", "percent"]) })),
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
            rows: Rows,
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
  query: PeriodQuery.extend({ width: z.coerce.number().int().min(280).max(1600).default(720) }),
  reply: Series,
});

export type RowsQuery = Partial<Record<keyof RequestFilter, string>>;
