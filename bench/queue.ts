import { hash, randomBytes, randomUUID } from "node:crypto";
import { alternate, floorOf, mediansOf, overHttp } from "./contest.ts";
import type { Figure } from "./figure.ts";
import type { Installation } from "./installation.ts";
import type { Call } from "./load.ts";
import { fillWithRequests, makeNeighbours, settle } from "./many-requests.ts";
import { startRecorder } from "./recording.ts";
import type { Stage } from "./stage.ts";

const customers = 100;
const each = 5_000;

/**
 * The first page of a technician's queue over a hundred customers of 5,000 requests each, of which their firm has some
 * six open at each: p95 over HTTP, beside the same statements over as many connections.
 */
export async function technicianQueue(stage: Stage): Promise<Figure[]> {
  const installation = await stage.installation("queue");
  stage.say(`making ${customers} companies of ${each.toLocaleString("en-GB")} requests with one technician`);
  const ids = await makeNeighbours(installation, customers);
  await fillWithRequests(installation, ids, each);
  const left = await leaveSomeOpen(installation, ids);
  installation.cookie = await makeTechnician(installation, ids);
  await settle(installation);
  return [await measureQueue(stage, installation, left)];
}

/**
 * Of a year's calls few are open on a day: of each company's some six of the firm that is asked about, and as many of
 * another one. @returns how many are open for the firm
 */
async function leaveSomeOpen({ asSuperuser }: Installation, ids: string[]): Promise<number> {
  await asSuperuser(
    `insert into suppliers (company_id, id, name, name_key, created_at)
     select c, gen_random_uuid(), 'Other supplier', 'other supplier', now() from unnest($1::uuid[]) c`,
    [ids],
  );
  await asSuperuser(
    `update requests r set supplier_id = s.id from suppliers s
     where s.company_id = r.company_id and s.name_key = 'other supplier' and r.company_id = any($1) and r.number % 3 = 0`,
    [ids],
  );
  await asSuperuser(
    `update requests set state = 'closed', outcome = 'unconfirmed', closed_at = reported_at + interval '9 days',
       promise_kind = null, promise_party = null, promise_due_at = null
     where company_id = any($1) and state = 'open' and hashtext(id::text) % 10 <> 0`,
    [ids],
  );
  const [open] = await asSuperuser<{ count: number }>(
    `select count(*)::int as count from requests r join suppliers s on s.company_id = r.company_id and s.id = r.supplier_id
     where r.company_id = any($1) and r.state = 'open' and s.name_key = 'supplier'`,
    [ids],
  );
  return open!.count;
}

/** Somebody of the firm in every company, signed in with a second factor. @returns the session's cookie */
async function makeTechnician({ asSuperuser, cookie }: Installation, ids: string[]): Promise<string> {
  const [accountId, token] = [randomUUID(), randomBytes(32).toString("base64url")];
  await asSuperuser(
    `insert into accounts (id, email, email_key, name, created_at)
     values ($1, 'tom@bench.example', 'tom@bench.example', 'Tom', now())`,
    [accountId],
  );
  await asSuperuser(
    `with person as (
       insert into people (company_id, id, name, name_key, email, email_key, supplier_id, created_at)
       select s.company_id, gen_random_uuid(), 'Tom', 'tom', 'tom@bench.example', 'tom@bench.example', s.id, now()
       from suppliers s where s.company_id = any($1) and s.name_key = 'supplier' returning company_id, id)
     insert into members (company_id, id, person_id, account_id, role, created_at)
     select company_id, gen_random_uuid(), id, $2, 'technician', now() from person`,
    [ids, accountId],
  );
  await asSuperuser(
    `insert into sessions (token_hash, account_id, created_at, expires_at, second_factor_at)
     values ($1, $2, now(), now() + interval '1 day', now())`,
    [hash("sha256", token, "buffer"), accountId],
  );
  return `${cookie.split("=")[0]}=${token}`;
}

async function measureQueue(stage: Stage, installation: Installation, open: number): Promise<Figure> {
  const call: Call = { method: "GET", path: "/api/v1/me/queue?limit=50" };
  const recorder = await startRecorder(installation);
  const lanes = await recorder.recordAll(call);
  await recorder.stop();
  const { server, cookie, embedded } = installation;
  const ours = await overHttp({ url: server.url, cookie, workers: [[call]] });
  const theirs = await floorOf({ url: embedded.appUrl, workers: lanes.map((lane) => [lane]), together: true });
  const pairs = await alternate(ours, theirs, { count: 5, seconds: stage.seconds, least: 20 });
  const p95 = mediansOf(pairs, "p95");
  const p50 = mediansOf(pairs, "p50");
  return {
    name: "queue",
    what: `a technician's queue over ${customers} customers, p95 over HTTP`,
    value: p95.ours,
    unit: "ms",
    floor: {
      value: p95.theirs,
      what: "the server's own statements, recorded, by a bare pg loop over as many connections",
    },
    ratio: p95.theirs / p95.ours,
    target: { of: "value", at: "most", bound: 150 },
    more: {
      "p50 ms": p50.ours,
      "p50 ms of the floor": p50.theirs,
      connections: lanes.length,
      statements: lanes.reduce((n, { statements }) => n + statements.length, 0),
      "open for the firm": open,
      samples: pairs.reduce((n, pair) => n + pair.ours.n, 0),
    },
  };
}
