import * as fc from "fast-check";
import type { TestPlatform } from "../../test/harness.ts";
import { AddTemplate } from "../templates/contract.ts";
import { addTemplate, changeTemplate } from "../templates/templates.ts";
import { addAssets } from "../assets/assets.ts";
import {
  addCategories,
  addHolidays,
  addPerson,
  changeCategory,
  orderCategories,
  addSupplier,
  setHours,
  setTargets,
} from "../companies/companies.ts";
import { AppError } from "../errors.ts";
import { actOnRequests, importRequests, openRequests, type ActEntry } from "../requests/requests.ts";

/** Ledgers as nobody would write them: random acts, odd texts, erased contents, imported histories. */

const odd = [
  "=1+1", "=cmd|' /c calc'!A1", "+49 30 1", "-5", "@sum(A1)", "\tx", "\rx", "x\r\ny", "＝1", "'quoted", "''", "'", "_x0041_",
  "_x005F_", "a\u0001b\u001f", "\u007f\u0085", "\uFEFFmark", "two\nlines\n", ' " ', '""', "a;b,c\td", "null", "true", "007",
  "1e5", "2026-03-04", "مرحبا بالعالم", "\u202Eevil", "😀👩‍👩‍👧", "e\u0301", "\u2028\u2029", "\\x41", "{}", "x ".repeat(30), "\uFFFE\uFFFF",
] as const; // prettier-ignore

const kept = (text: string) => text.replaceAll("\0", "").toWellFormed();

const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...odd) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 30 }).map(kept) },
  { weight: 2, arbitrary: fc.string({ unit: "grapheme", maxLength: 30 }).map(kept) },
  { weight: 1, arbitrary: fc.constantFrom("long ".repeat(9_000), `${"=".repeat(33_000)}\u0007`) },
);
const filledText = text.map((value) => value || "x");
const subject = filledText.map((value) => value.slice(0, 2000).toWellFormed());
const short = filledText.map((value) => value.slice(0, 90).toWellFormed());
const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }).map((value) => `N${kept(value)}`);

const tags = fc.uniqueArray(fc.constantFrom("vip", "site visit", "é", "=1+1", "a;b"), { maxLength: 3 });

const act: fc.Arbitrary<ActEntry> = fc.oneof(
  fc.record({ kind: fc.constant("message" as const), text: filledText }),
  fc.record({ kind: fc.constant("note" as const), text: filledText, audience: fc.constantFrom("company" as const, "supplier" as const, "everyone" as const) }),
  fc.record({ kind: fc.constant("worked" as const), minutes: fc.integer({ min: 1, max: 1440 }), place: fc.constantFrom("onsite" as const, "remote" as const, undefined), text: filledText }),
  fc.record({ kind: fc.constant("promised" as const), party: fc.constantFrom("supplier" as const, "company" as const), text: short, dueAt: fc.constant("2026-12-24T12:00:00.500Z") }),
  fc.record({ kind: fc.constant("waiting" as const), on: fc.constantFrom("company" as const, "third_party" as const), reason: short }),
  fc.record({ kind: fc.constant("resumed" as const) }),
  fc.record({ kind: fc.constant("resolved" as const), text: filledText }),
  fc.record({ kind: fc.constant("confirmed" as const) }),
  fc.record({ kind: fc.constant("reopened" as const), text: filledText }),
  fc.record({ kind: fc.constant("cancelled" as const) }),
  fc.record({
    kind: fc.constant("changed" as const),
    to: fc.record({ subject, category: fc.option(short), asset: fc.option(short), tags, priority: fc.constantFrom("critical", "low") }, { requiredKeys: [] }),
  }),
); // prettier-ignore

const request = fc.record({
  subject,
  description: fc.option(filledText, { nil: undefined }),
  category: fc.option(short),
  asset: fc.option(short),
  tags,
  kind: fc.constantFrom("incident" as const, "service_request" as const),
  channel: fc.constantFrom("phone" as const, "walk_up" as const),
  reporter: fc.option(name, { nil: undefined }),
  minutesAgo: fc.nat(100_000),
  acts: fc.array(act, { maxLength: 6 }),
});

export const ledger = fc.record({
  supplier: name,
  person: fc.record({ name, department: fc.option(short), phone: fc.option(short) }),
  holiday: short,
  asset: fc.record({ name, note: fc.option(short), serialNumber: fc.option(short) }),
  requests: fc.array(request, { minLength: 1, maxLength: 5 }),
  imported: fc.array(fc.record({ key: fc.uuid(), subject, words: fc.array(short, { maxLength: 3 }) }), {
    maxLength: 3,
  }),
  erased: fc.nat(9),
});
export type Ledger = typeof ledger extends fc.Arbitrary<infer T> ? T : never;

/** Records a ledger through the features' functions; what the rules refuse is left out. */
export async function recordLedger(platform: TestPlatform, company: string, given: Ledger): Promise<void> {
  const within = <T>(work: Parameters<typeof platform.within<T>>[1]) => platform.within(company, work);
  const supplier = await within((ctx) => addSupplier(ctx, { name: given.supplier, email: "help@supplier.example" }));
  const [assetId] = await within(async (ctx) => {
    await addPerson(ctx, { ...given.person, supplierId: supplier.id, email: "tom@supplier.example" });
    await addHolidays(ctx, {
      holidays: [null, supplier.id].map((supplierId) => ({ supplierId, date: "2026-12-25", name: given.holiday })),
    });
    const week = [1, 2, 3].map((weekday) => ({ weekday, from: "08:00", to: "16:30" }));
    await setHours(ctx, { supplierId: supplier.id, validFrom: "1970-01-01", week });
    await setTargets(ctx, {
      targets: [{ validFrom: "2026-03-01", priority: "low", responseMinutes: 5, resolutionMinutes: 50 }],
    });
    await setTargets(ctx, {
      supplierId: supplier.id,
      targets: [{ validFrom: "2026-04-01", priority: "high", responseMinutes: 4, resolutionMinutes: 40 }],
    });
    const categories = await addCategories(ctx, { names: ["Printing", "Mail", "Network"] });
    await changeCategory(ctx, { id: categories[0]!.id, ended: true });
    await orderCategories(ctx, { ids: [categories[2]!.id] });
    const [assetId] = await addAssets(ctx, [
      { ...given.asset, kind: "printer", owner: { name: "Ana" }, warrantyEnds: "2027-01-31" },
    ]);
    const asked = { name: "Toner", subject: "Toner is empty", supplierId: supplier.id, assetId, tags: ["toner"] };
    await addTemplate(ctx, AddTemplate.parse(asked));
    const { id } = await addTemplate(ctx, AddTemplate.parse({ name: "Old", subject: "Fax" }));
    await changeTemplate(ctx, { id, to: { ended: true } });
    return [assetId!];
  });
  for (const { acts, minutesAgo, reporter, ...opened } of given.requests) {
    const reportedAt = new Date(platform.clock().getTime() - minutesAgo * 60_000).toISOString();
    const who = reporter === undefined ? {} : { reporter: { name: reporter } };
    // What has no words of its own is about the asset on the list.
    const about = opened.asset === null ? { assetId } : {};
    const [id] = await within((ctx) => openRequests(ctx, [{ ...opened, ...who, ...about, reportedAt }]));
    for (const entry of acts) {
      platform.clock.advance({ minutes: 7 });
      await within((ctx) => actOnRequests(ctx, [{ requestId: id!, entry }])).catch(ignoreRefusal);
    }
  }
  if (given.imported.length > 0)
    await within((ctx) =>
      importRequests(ctx, { importId: "019a9668-2900-7000-8000-000000000001" }, given.imported.map(imported)),
    );
  await platform.asSuperuser(
    `delete from entry_contents where company_id = $1 and abs(hashtext(request_id::text || seq)) % 10 < $2::int % 3`,
    [company, given.erased],
  );
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof AppError)) throw error;
}

function imported({ key, subject, words }: Ledger["imported"][number]): Parameters<typeof importRequests>[2][number] {
  const at = (minutes: number) => new Date(Date.UTC(2026, 1, 3, 9, minutes, 0, 7));
  const digest = (n: number) => Buffer.alloc(32, n);
  return {
    key,
    reference: key.slice(0, 8),
    subject,
    description: subject,
    kind: "incident",
    priority: "normal",
    category: words[0] ?? null,
    channel: "other",
    asset: null,
    supplierId: null,
    reporterId: null,
    technicianId: null,
    reportedAt: at(0),
    firstResponseAt: null,
    resolvedAt: undefined,
    closedAt: undefined,
    reportedDigest: digest(1),
    source: { [subject.slice(0, 40).toWellFormed()]: subject },
    events: words.map((word, n) => ({
      digest: digest(n + 2),
      happenedAt: at(n + 1),
      by: word,
      state: n === 1 ? { word, state: "closed", outcome: "unknown" } : null,
      note: word,
      source: { word },
    })),
    fingerprint: digest(9),
  };
}

const compared = {
  suppliers: "id, name, name_key, email, phone, created_at, ended_at",
  people: "id, name, name_key, email, email_key, phone, department, supplier_id, created_at, left_at",
  assets: "*",
  asset_changes: "*",
  business_hours: "*",
  holidays: "*",
  targets: "*",
  supplier_targets: "*",
  categories: "*",
  request_templates: "*",
  requests: "*",
  request_versions: "*",
  entries: "*",
  entry_contents: "*",
  request_sources: "*",
  request_tags: "*",
  company_counters: "*",
} as const;

/** All rows of a company as they are stored, but for whose they are and for the hashes that say so. */
export async function storedRecord(platform: TestPlatform, company: string): Promise<string[]> {
  const each = Object.entries(compared).map(
    ([table, columns]) => `select '${table}' as "table",
      (to_jsonb(t) - '{company_id,hash,previous_hash,head_hash}'::text[])::text as row
      from (select ${columns} from ${table} where company_id = $1) t`,
  );
  const rows = await platform.asSuperuser<{ table: string; row: string }>(`${each.join(" union all ")} order by 1, 2`, [
    company,
  ]);
  return rows.map(({ table, row }) => `${table} ${row}`);
}
