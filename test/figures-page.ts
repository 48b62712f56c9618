import { definitions, dimensions, figureNames } from "../src/figures/contract.ts";
import { figureGroups } from "../src/figures/web/figure-groups.ts";
import { en } from "../src/web/text/en.ts";

/*
 * docs/figures.md, made from the words of the page itself ("What these figures mean"), so that the two cannot say
 * different things. What is written here is only what no single figure says.
 */

const before = `# What each figure means

These are the figures of the overview (“${en["numbers.title"]}”), of the sentence above it, of the pictures, of
\`openbook figures\` and of the API (\`GET /api/v1/companies/{company}/figures\`). There is one definition of each, and
every door shows the same number. This page is made from the words that the overview shows under
“${en["numbers.meanings"]}”.

## What holds for all of them

- **Every number opens the calls it was made from.** On the page it is a link; in the API it carries \`rows\`, the query
  of the list of requests that gives exactly those rows.
- **By call.** Counted are the calls _reported_ in the period, as they stand, also where they were closed later. A
  period is a first and a last day in the company's time zone, both included. The moment that counts is when the person
  first told anybody, not when somebody wrote it down.
- **As of.** Each figure says how the record stood at a moment; without one that is now. Ask for a past day and you get
  what was known then: a call that was entered later, or closed later, is not yet there.
- **Unknown is not zero.** Each figure has its value, what it was **made from** (calls that had the data) and what is
  **not known** (calls that had not). Calls that are still under way are told apart from those of which nobody recorded
  it. A median or a share of nothing is a dash, never 0.
- **Business time.** Times are measured in the open hours that were valid on each day, with holidays: those of the
  supplier where it has its own, else the company's; so are the targets. “By the clock” is the same with nights and weekends.
- **Changed hours, holidays and targets** count from the day they hold from, also one gone by: what was measured since is
  counted anew, within moments, closed calls and past days too, so that all days are compared by one clock. A target is
  that of the day on which a call was reported. What somebody named themselves, such as “by Friday noon”, stays.
- **Waiting is taken off.** The time in which the next step was yours, or somebody else's than the supplier's, does not
  count against the supplier; the time with it stands beside.
- **Median, not average**: half took at most this long. One call that took a month does not change it.
- **A share** is always shown with what it is a share of: “83% (10 of 12)”.
`;

const after = `## Beside an earlier period

“${en["compare.before"]}” is the period of the same length just before, a month beside the month before;
“${en["compare.year"]}” is the same period a year earlier. Of a period that has not ended, the days up to today are set
beside the same days then. Nothing is compared where the record does not reach that far back, and the page says so.
Figures that say how things stand today (${sentenceList(["open", "waitingForCompany", "overdue"].map((name) => `“${text(`figure.${name}`)}”`))}) show no change: what was open a week ago says nothing about today.

## Told apart

“${en["by.label"]}” tells the same figures apart: ${sentenceList(dimensions.map((name) => lower(text(`by.${name}`))))}. The rows add up to “${en["by.total"]}”, and calls of which nothing is recorded have a row of their own. The columns are:

${columnsOfBy()}
`;

function sentenceList(words: string[]): string {
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)!}`;
}

function columnsOfBy(): string {
  const columns = figureNames.filter((name) => `by.${name}` in en);
  return columns.map((name) => `- ${text(`by.${name}`)}: ${lower(text(`figure.${name}`))}\n`).join("");
}

function text(key: string): string {
  const found = (en as Record<string, unknown>)[key];
  if (typeof found !== "string") throw new Error(`No text ${key} in the catalogue`);
  return found;
}

function lower(words: string): string {
  return words.slice(0, 1).toLowerCase() + words.slice(1);
}

/** @returns docs/figures.md. @throws Error where a figure stands in no group or has no words */
export function figuresPage(): string {
  const shown = new Set<string>(figureGroups.flatMap(({ names }) => names));
  const forgotten = figureNames.filter((name) => !shown.has(name));
  if (forgotten.length) throw new Error(`Not shown on the page, so not explained: ${forgotten.join(", ")}`);
  const parts = figureGroups.map(({ title, names }) => {
    const lines = names.map((name) => `- **${text(`figure.${name}`)}** (\`${name}\`): ${definitions[name]}\n`);
    return `## ${text(title)}\n\n${lines.join("")}`;
  });
  return [`<!-- Made by npm run generate from the words of the page. Do not edit. -->\n`, before, ...parts, after].join(
    "\n",
  );
}
