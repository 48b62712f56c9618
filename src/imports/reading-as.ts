import type { Context } from "../context.ts";
import type { Import, SubjectName } from "./contract.ts";
import { fitMapping } from "./mappings-fit.ts";
import { getMapping, type Recognised } from "./mappings.ts";
import { foldWord } from "./parse-words.ts";
import { guessAnew, type Sample } from "./run-sample.ts";
import { actMoment, refuseEnded } from "./starting.ts";
import { getRow, presentImport, previewOf, updateImport, type ImportChange, type ImportRow } from "./store.ts";
import { subjectOf } from "./subjects.ts";

/** How the file is read: as one with its columns was before, else as is guessed. */
export function asBefore(recognised: Recognised | undefined, guess: Pick<Sample, "subject" | "mapping" | "preview">) {
  const { subject, mapping, preview } = guess;
  if (!recognised) return { subject, mapping };
  const { saved, more } = recognised;
  const sameSubject = saved.subject === subject;
  return {
    subject: saved.subject,
    preview: sameSubject ? preview : guessAnew(saved.subject, preview).preview,
    mapping: fitMapping(saved, preview, sameSubject ? mapping : undefined),
    mappingId: saved.id,
    readAs: { name: saved.name, usedAt: saved.usedAt, more },
  };
}

/**
 * Reads a file as others were, or by what its columns seem to mean; a dry run has to follow.
 * @param mapping id of a kept one; null: by its columns @throws AppError not_found; import_running; import_done;
 *   mapping_invalid: the file lacks columns that it names
 */
export async function readAs(ctx: Context, { id, mapping }: { id: string; mapping: string | null }): Promise<Import> {
  const row = await getRow(ctx, id, true);
  refuseEnded(row);
  if (mapping === null) return readAnew(ctx, row);
  const saved = await getMapping(ctx, mapping);
  const preview = previewOf(row);
  const guess = guessAnew(saved.subject, preview);
  const fitted = fitMapping(saved, preview, guess.mapping);
  if (fitted.sheet === undefined && fitted.headerRow === undefined) {
    subjectOf(saved.subject).check(fitted, preview.header);
  }
  const known = new Set(saved.header.map(foldWord));
  const more = preview.header.filter((name) => !known.has(foldWord(name)));
  const change: ImportChange = {
    ...toBeTried(ctx, row),
    subject: saved.subject,
    preview: guess.preview,
    mapping: fitted,
    mappingId: saved.id,
    readAs: { name: saved.name, usedAt: saved.usedAt, more },
  };
  return presentImport((await updateImport(ctx, id, change))!);
}

/** By what the columns of what is looked at seem to mean. */
async function readAnew(ctx: Context, row: ImportRow): Promise<Import> {
  const guess = guessAnew(row.subject as SubjectName, previewOf(row));
  const change: ImportChange = { ...toBeTried(ctx, row), ...guess, mappingId: null, readAs: null };
  return presentImport((await updateImport(ctx, row.id, change))!);
}

/** What was tried out so far no longer counts. */
function toBeTried(ctx: Context, row: ImportRow): ImportChange {
  return { state: "uploaded", report: null, progress: null, error: null, changedAt: actMoment(ctx, row) };
}
