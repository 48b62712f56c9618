import type { Tx } from "../platform/postgres.ts";
import { rolesWithSecondFactor } from "./contract.ts";

/**
 * The companies in which an account works for a supplier, by name. Whether a membership still stands is proven when its
 * company is entered. The transaction must see the account's own memberships (`app.account_id`).
 */
export async function companiesAsSupplier(db: Tx, accountId: string): Promise<{ id: string; name: string }[]> {
  return db
    .selectFrom("members as m")
    .innerJoin("companies as c", "c.id", "m.company_id")
    .select(["c.id", "c.name"])
    .where("m.account_id", "=", accountId)
    .where("m.ended_at", "is", null)
    .where("m.role", "in", [...rolesWithSecondFactor])
    .orderBy("c.name")
    .orderBy("c.id")
    .execute();
}
