import { asOperator, type Context } from "../context.ts";
import type { Log } from "../platform/log.ts";
import { readCatalogue } from "../platform/catalogue.ts";
import type { OwnerSession } from "../platform/owner-session.ts";
import { checkChains } from "../requests/requests.ts";
import { listFiles, type FileFault } from "./stored-files.ts";

/** What was found in restored data, beyond what the database itself enforces. */
export interface Checked {
  requests: number;
  entries: number;
  /** Entries whose words were erased. */
  erased: number;
  /** Chains that do not hold; they did not where the backup was made. */
  brokenChains: number;
  /** The first ones, in words. */
  chainFaults: string[];
  files: number;
  missing: FileFault[];
  damaged: FileFault[];
}

/** Every chain of every company, in the transaction that is open. */
export async function checkAllChains(
  session: OwnerSession,
  companies: readonly { id: string; name: string }[],
  { now, log, signal }: { now: Date; log: Log; signal?: AbortSignal | undefined },
): Promise<Pick<Checked, "requests" | "entries" | "erased" | "brokenChains" | "chainFaults">> {
  const sum = { requests: 0, entries: 0, erased: 0, brokenChains: 0, chainFaults: [] as string[] };
  for (const { id } of companies) {
    await session.query(`set local app.company_id = '${id}'`);
    const { actor, company } = await asOperator("restore")(session.tx, id, now);
    const ctx: Context = { db: session.tx, company, actor, now, log };
    const found = await checkChains(ctx, signal);
    sum.requests += found.requests;
    sum.entries += found.entries;
    sum.erased += found.erased;
    sum.brokenChains += found.faultCount;
    const words = found.faults.map((f) => `company ${id}, request ${f.requestId}, entry ${f.seq}: ${f.reason}`);
    sum.chainFaults.push(...words.slice(0, 20 - sum.chainFaults.length));
  }
  await session.query("set local app.company_id = ''");
  return sum;
}

/**
 * Whether the files are those that the rows name.
 * @param files key → SHA-256 of what the backup had
 */
export async function checkFiles(
  session: OwnerSession,
  files: ReadonlyMap<string, string>,
  companyId?: string,
): Promise<Pick<Checked, "files" | "missing" | "damaged">> {
  const missing: FileFault[] = [];
  const damaged: FileFault[] = [];
  for (const { table, keys, sha256 } of await listFiles(session, await readCatalogue(session), companyId)) {
    for (const key of keys) {
      const found = files.get(key);
      if (!found) missing.push({ key, table });
      else if (sha256 && found !== sha256) damaged.push({ key, table });
    }
  }
  return { files: files.size, missing, damaged };
}
