import { sql } from "kysely";
import { actorKey, type Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { presentAttachment, type AttachmentRow } from "./attachments.ts";
import { attachmentLimits, type Attachment } from "./contract-attachments.ts";

/** The waiting files that a batch of entries names: locked, and this actor's own. */
export interface Claimed {
  /** What an entry's content says of its files: `{ attachments: […] }`, or nothing. */
  contentOf(ids: readonly string[] | undefined): { attachments?: Attachment[] };
  /** Says where files belong; written by {@link writeAttached} once the entry is. */
  attach(ids: readonly string[] | undefined, requestId: string, seq: number): void;
}

interface Place {
  id: string;
  requestId: string;
  seq: number;
}

class Claim implements Claimed {
  readonly places: Place[] = [];
  readonly #rows: ReadonlyMap<string, AttachmentRow>;

  constructor(rows: AttachmentRow[]) {
    this.#rows = new Map(rows.map((row) => [row.id, row]));
  }

  contentOf(ids: readonly string[] = []): { attachments?: Attachment[] } {
    return ids.length > 0 ? { attachments: ids.map((id) => presentAttachment(this.#rows.get(id)!)) } : {};
  }

  attach(ids: readonly string[] = [], requestId: string, seq: number): void {
    for (const id of ids) this.places.push({ id, requestId, seq });
  }
}

/**
 * Takes the files that the entries of a batch name: each goes with one entry, once, and only with one of whoever sent
 * it. No statement is run where there are none.
 * @throws AppError invalid_input on attachmentIds
 */
export async function claimAttachments(ctx: Context, named: (readonly string[] | undefined)[]): Promise<Claim> {
  const ids = named.flatMap((some) => some ?? []);
  if (ids.length === 0) return new Claim([]);
  if (new Set(ids).size !== ids.length) throw refused("One file is named twice.");
  const rows = await ctx.db
    .selectFrom("attachments")
    .selectAll()
    .where("company_id", "=", ctx.company.id)
    .where("id", "in", ids)
    .where("request_id", "is", null)
    .where("created_by", "=", actorKey(ctx.actor))
    .orderBy("id")
    .forUpdate()
    .execute();
  if (rows.length !== ids.length) {
    throw refused(
      "A file named here is not waiting to be attached: it belongs to an entry already, was forgotten after a day, or is not yours. Send it again.",
    );
  }
  return new Claim(rows);
}

function refused(message: string): AppError {
  return new AppError("invalid_input", `${message} Nothing was recorded.`, { attachmentIds: message });
}

/** Writes where the claimed files belong, after the entries that name them. @throws AppError attachment_limit */
export async function writeAttached(ctx: Context, { places }: Claim): Promise<void> {
  if (places.length === 0) return;
  await sql`
    update attachments a set request_id = p.request_id, seq = p.seq
    from unnest(${places.map(({ id }) => id)}::uuid[], ${places.map(({ requestId }) => requestId)}::uuid[],
      ${places.map(({ seq }) => seq)}::int[]) p (id, request_id, seq)
    where a.company_id = ${ctx.company.id} and a.id = p.id`.execute(ctx.db);
  const requestIds = [...new Set(places.map(({ requestId }) => requestId))];
  const { rows } = await sql<{ request_id: string }>`
    select request_id from attachments where company_id = ${ctx.company.id} and request_id = any(${requestIds}::uuid[])
    group by request_id having count(*) > ${attachmentLimits.perRequest}`.execute(ctx.db);
  if (rows.length === 0) return;
  throw new AppError(
    "attachment_limit",
    `A request has room for ${attachmentLimits.perRequest} files. Nothing was recorded; log a new request for more, and mention this one.`,
  );
}
