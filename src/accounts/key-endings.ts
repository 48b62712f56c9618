import { sql } from "kysely";
import type { Context } from "../context.ts";

/**
 * Revokes a key, or all that act for a member or were made by them; each with what was made with it, so that whoever had
 * a key does not keep another one. What was revoked before stays as it was.
 */
export async function revokeKeysWith(ctx: Context, what: { keyId: string } | { memberId: string }): Promise<void> {
  const first =
    "keyId" in what ? sql`k.id = ${what.keyId}` : sql`(k.member_id = ${what.memberId} or k.made_by = ${what.memberId})`;
  await sql`
    with recursive ending as (
      select k.id from api_keys k where k.company_id = ${ctx.company.id} and ${first}
      union
      select k.id from api_keys k join ending e on k.made_by_key = e.id where k.company_id = ${ctx.company.id})
    update api_keys k set revoked_at = ${ctx.now} from ending e
    where k.company_id = ${ctx.company.id} and k.id = e.id and k.revoked_at is null`.execute(ctx.db);
}
