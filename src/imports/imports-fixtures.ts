import type { TestPlatform } from "../../test/harness.ts";
import { firstBrokenLink, type ChainLink } from "../requests/chain.ts";

/** The chains of a company that do not hold, each with its first broken link; read past every policy. */
export async function brokenChains(platform: TestPlatform, company: string): Promise<string[]> {
  const rows = await platform.asSuperuser<ChainRow>(
    `select e.*, c.salt, c.content from entries e
     join entry_contents c using (company_id, request_id, seq) where company_id = $1 order by request_id, seq`,
    [company],
  );
  const broken: string[] = [];
  for (const [request, entries] of Map.groupBy(rows, (row) => row.request_id)) {
    const link = firstBrokenLink(entries.map(linkOf));
    if (link) broken.push(`${request}: ${link.seq} ${link.reason}`);
  }
  return broken;
}

interface ChainRow {
  company_id: string;
  request_id: string;
  seq: number;
  kind: string;
  happened_at: Date;
  recorded_at: Date;
  actor: string;
  audience: string;
  supplier_id: string | null;
  content_digest: Buffer;
  previous_hash: Buffer | null;
  hash: Buffer;
  salt: Buffer;
  content: Record<string, unknown>;
}

function linkOf(row: ChainRow): ChainLink {
  return {
    header: {
      company: row.company_id,
      request: row.request_id,
      seq: row.seq,
      kind: row.kind,
      happenedAt: row.happened_at.getTime(),
      recordedAt: row.recorded_at.getTime(),
      actor: row.actor,
      audience: row.audience,
      supplier: row.supplier_id,
      contentDigest: row.content_digest.toString("hex"),
      previousHash: row.previous_hash?.toString("hex") ?? null,
    },
    hash: row.hash.toString("hex"),
    salt: row.salt.toString("hex"),
    content: row.content,
  };
}
