import { sql } from "kysely";
import { seeBothSides, type Context } from "../context.ts";
import { contentDigest, headerHash, type Content } from "./chain.ts";

export interface ChainFault {
  requestId: string;
  /** The first entry of the request that is not as it was recorded. */
  seq: number;
  reason: string;
}

export interface ChainCheck {
  requests: number;
  entries: number;
  /** Entries whose words were erased, as an entry of their request says. */
  erased: number;
  faultCount: number;
  /** The first ones. */
  faults: ChainFault[];
}

const atOnce = 1_000;
const told = 20;

interface Row {
  requestId: string;
  seq: number;
  kind: string;
  happenedAt: Date;
  recordedAt: Date;
  actor: string;
  audience: string;
  supplier: string | null;
  contentDigest: Buffer;
  previousHash: Buffer | null;
  hash: Buffer;
  salt: Buffer | null;
  content: Content | null;
}

/**
 * Recomputes the chain of every request of the company: each header, each content, each head, no entry missing.
 * Reads the whole ledger, in the transaction's snapshot; memory stays flat.
 */
export async function checkChains(ctx: Context, signal?: AbortSignal): Promise<ChainCheck> {
  return seeBothSides(ctx, () => checkAll(ctx, signal));
}

async function checkAll(ctx: Context, signal: AbortSignal | undefined): Promise<ChainCheck> {
  const check = new Check(ctx.company.id);
  let coming = readAhead(ctx, undefined);
  for (;;) {
    signal?.throwIfAborted();
    const rows = await coming;
    const last = rows.length < atOnce;
    // The next ones are read while these are computed.
    if (!last) coming = readAhead(ctx, rows.at(-1));
    for (const row of rows) check.entry(row);
    if (last) break;
  }
  check.end();
  for (const fault of await wrongHeads(ctx)) check.fault(fault);
  return check.result;
}

/** Whoever gives up meanwhile does not hear what becomes of it. */
function readAhead(ctx: Context, after: Row | undefined): Promise<Row[]> {
  const rows = readEntries(ctx, after);
  rows.catch(() => {});
  return rows;
}

async function readEntries(ctx: Context, after: Pick<Row, "requestId" | "seq"> | undefined): Promise<Row[]> {
  const from = after ? sql`and (e.request_id, e.seq) > (${after.requestId}::uuid, ${after.seq})` : sql``;
  const { rows } = await sql<Row>`
    select e.request_id as "requestId", e.seq, e.kind, e.happened_at as "happenedAt", e.recorded_at as "recordedAt",
      e.actor, e.audience, e.supplier_id as supplier, e.content_digest as "contentDigest",
      e.previous_hash as "previousHash", e.hash, c.salt, c.content
    from entries e
    left join entry_contents c on c.company_id = e.company_id and c.request_id = e.request_id and c.seq = e.seq
    where e.company_id = ${ctx.company.id} ${from}
    order by e.request_id, e.seq limit ${atOnce}`.execute(ctx.db);
  return rows;
}

/** Requests whose row does not stand at the last entry of its chain. */
async function wrongHeads(ctx: Context): Promise<ChainFault[]> {
  const { rows } = await sql<ChainFault>`
    select r.id as "requestId", r.head_seq as seq, 'the request does not stand at its last entry' as reason
    from requests r
    left join entries e on e.company_id = r.company_id and e.request_id = r.id and e.seq = r.head_seq
    left join entries n on n.company_id = r.company_id and n.request_id = r.id and n.seq = r.head_seq + 1
    where r.company_id = ${ctx.company.id} and (e.hash is distinct from r.head_hash or n.seq is not null)
    order by r.id`.execute(ctx.db);
  return rows;
}

/** One request after the other, in order of seq. */
class Check {
  readonly result: ChainCheck = { requests: 0, entries: 0, erased: 0, faultCount: 0, faults: [] };
  private readonly company: string;
  private request = "";
  private seq = 0;
  private previous: Buffer | null = null;
  private broken = false;
  private withoutContent: number[] = [];
  private erasing = false;

  constructor(company: string) {
    this.company = company;
  }

  entry(row: Row): void {
    if (row.requestId !== this.request) this.begin(row.requestId);
    this.result.entries++;
    const reason = this.broken ? undefined : this.wrong(row);
    if (reason) this.fault({ requestId: row.requestId, seq: row.seq, reason });
    if (!row.content) this.withoutContent.push(row.seq);
    if (row.kind === "erased") this.erasing = true;
    this.seq = row.seq;
    this.previous = row.hash;
  }

  fault(fault: ChainFault): void {
    this.broken = true;
    this.result.faultCount++;
    if (this.result.faults.length < told) this.result.faults.push(fault);
  }

  end(): void {
    const [seq] = this.withoutContent;
    if (seq !== undefined && !this.erasing && !this.broken) {
      this.fault({ requestId: this.request, seq, reason: "its content is missing" });
    }
    this.result.erased += this.erasing ? this.withoutContent.length : 0;
  }

  private begin(request: string): void {
    if (this.request) this.end();
    this.request = request;
    this.seq = 0;
    this.previous = null;
    this.broken = false;
    this.withoutContent = [];
    this.erasing = false;
    this.result.requests++;
  }

  private wrong(row: Row): string | undefined {
    if (row.seq !== this.seq + 1) return `entry ${this.seq + 1} is missing`;
    const follows = this.previous === null ? row.previousHash === null : row.previousHash?.equals(this.previous);
    if (!follows) return "does not follow from the entry before";
    const header = {
      company: this.company,
      request: row.requestId,
      seq: row.seq,
      kind: row.kind,
      happenedAt: row.happenedAt.getTime(),
      recordedAt: row.recordedAt.getTime(),
      actor: row.actor,
      audience: row.audience,
      supplier: row.supplier,
      contentDigest: row.contentDigest.toString("hex"),
      previousHash: row.previousHash?.toString("hex") ?? null,
    };
    if (!headerHash(header).equals(row.hash)) return "its header was changed";
    if (!row.content || !row.salt) return undefined;
    return contentDigest(row.salt, row.content).equals(row.contentDigest) ? undefined : "its content was changed";
  }
}
