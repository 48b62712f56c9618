import { freshLog, type LogDraft } from "../../requests/web/log-draft.ts";
import type { Template } from "../contract.ts";

/** What a template does to a call that is being written down, so that it can be taken back. */

export interface Filled {
  template: Template;
  /** What it wrote, and what stood there. */
  wrote: Partial<LogDraft>;
  before: Partial<LogDraft>;
}

type Field = keyof LogDraft;

/**
 * Only what is still empty is filled; tags are added. The subject alone may be replaced: where the template was picked
 * by the words that stand there.
 * @param suppliers those that a call can be given to
 */
export function fill(
  draft: LogDraft,
  template: Template,
  { suppliers, replaceSubject = false }: { suppliers: readonly string[]; replaceSubject?: boolean },
): Filled {
  const { supplier, asset } = template;
  const said: Partial<LogDraft> = {
    subject: template.subject,
    description: template.description ?? "",
    kind: template.kind,
    category: template.category ?? "",
    priority: template.priority,
    // The only supplier is the one that is meant anyway.
    supplierId: supplier && suppliers.length > 1 && suppliers.includes(supplier.id) ? supplier.id : "",
    ...(asset && !asset.ended && draft.asset === "" ? { asset: asset.name, assetId: asset.id } : {}),
    tags: [...new Set([...draft.tags, ...template.tags])],
  };
  const fields = (Object.keys(said) as Field[]).filter((field) => {
    if (same(said[field], draft[field]) || same(said[field], freshLog[field])) return false;
    return field === "tags" || (field === "subject" && replaceSubject) || isEmpty(draft, field);
  });
  const pick = (from: Partial<LogDraft>) => Object.fromEntries(fields.map((field) => [field, from[field]]));
  return { template, wrote: pick(said), before: pick(draft) };
}

/** What puts back what stood there before; what was written over since stays. */
export function unfill(draft: LogDraft, { wrote, before }: Filled): Partial<LogDraft> {
  const standing = (Object.keys(wrote) as Field[]).filter((field) => same(draft[field], wrote[field]));
  return Object.fromEntries(standing.map((field) => [field, before[field]]));
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

function isEmpty(draft: LogDraft, field: Field): boolean {
  const value = draft[field];
  return same(value, freshLog[field]) || (typeof value === "string" && value.trim() === "");
}

/** At most three, by the words that were typed: each must begin a word of the template's name or subject. */
export function templatesLike(templates: readonly Template[], typed: string): Template[] {
  const wanted = wordsOf(typed);
  if (wanted.length === 0 || typed.trim().length < 3) return [];
  const fits = (template: Template) => {
    const words = wordsOf(`${template.name} ${template.subject}`);
    return wanted.every((word) => words.some((one) => one.startsWith(word)));
  };
  return templates.filter(fits).slice(0, 3);
}

function wordsOf(text: string): string[] {
  return (
    text
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}
