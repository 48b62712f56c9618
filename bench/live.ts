import { hash, randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { startProcess } from "./contest.ts";
import { median, percentile, type Figure } from "./figure.ts";
import type { Installation } from "./installation.ts";
import type { Heard, LiveTask } from "./live-process.ts";
import { fillWithRequests, makeCompanies, settle } from "./many-requests.ts";
import { rssMb } from "./processes.ts";
import type { Stage } from "./stage.ts";

const streams = 1_000;
const rounds = 20;

/**
 * A thousand people of one company and its supplier listen, each with a session of their own: what that costs the server
 * in memory, and how soon all of them hear of a call that somebody logs; beside Node's own server with as many streams.
 */
export async function openStreams(stage: Stage): Promise<Figure[]> {
  const installation = await stage.installation("live");
  const [company] = await makeCompanies(installation, ["Listened to"]);
  await fillWithRequests(installation, [company!.id], 1_000);
  const cookies = await makeListeners(installation, company!.id);
  await settle(installation);
  const ours = await measureStreams(stage, installation.server.child.pid!, {
    url: installation.server.url,
    path: `/api/v1/companies/${company!.id}/events`,
    cookies,
    change: await changeOf(installation, company!.id),
  });
  const bare = startProcess("live-floor.ts");
  const url = (await bare.hear()) as string;
  const theirs = await measureStreams(stage, bare.pid, { url, path: "/", cookies });
  await bare.end();
  return figuresOf(ours, theirs);
}

/** A call for the supplier, so that its people hear of it too. */
async function changeOf({ asSuperuser, cookie }: Installation, companyId: string) {
  const [supplier] = await asSuperuser<{ id: string }>("select id from suppliers where company_id = $1", [companyId]);
  const body = JSON.stringify({ subject: "The printer on the second floor is jammed again", supplierId: supplier!.id });
  return { path: `/api/v1/companies/${companyId}/requests`, body, cookie };
}

/** Seven in ten are coordinators of the company, the others technicians. @returns a session's cookie for each */
async function makeListeners({ asSuperuser, cookie }: Installation, companyId: string): Promise<string[]> {
  const people = Array.from({ length: streams }, (_, n) => {
    const token = randomBytes(32).toString("base64url");
    const role = n % 10 < 7 ? "coordinator" : "technician";
    return { token, hash: hash("sha256", token, "hex"), account: randomUUID(), person: randomUUID(), n, role };
  });
  await asSuperuser(
    `with one as materialized (select * from jsonb_to_recordset($2::jsonb)
         as o (hash text, account uuid, person uuid, n int, role text)),
       account as (
         insert into accounts (id, email, email_key, name, created_at)
         select account, 'l' || n || '@bench.example', 'l' || n || '@bench.example', 'Listener ' || n, now() from one),
       person as (
         insert into people (company_id, id, name, name_key, supplier_id, created_at)
         select $1, person, 'Listener ' || n, 'listener ' || n,
           case when role = 'technician' then (select id from suppliers where company_id = $1) end, now() from one),
       member as (
         insert into members (company_id, id, person_id, account_id, role, created_at)
         select $1, gen_random_uuid(), person, account, role, now() from one)
     insert into sessions (token_hash, account_id, created_at, expires_at, second_factor_at)
     select decode(hash, 'hex'), account, now(), now() + interval '1 day', now() from one`,
    [companyId, JSON.stringify(people)],
  );
  return people.map(({ token }) => `${cookie.split("=")[0]}=${token}`);
}

interface Measured {
  baseMb: number;
  /** With all streams open and nothing said. */
  openMb: number;
  /** After the rounds. */
  usedMb: number;
  openedMs: number;
  heard: number[];
  /** The last one of each round. */
  last: number[];
  answered: number[];
}

async function measureStreams(stage: Stage, pid: number, task: LiveTask): Promise<Measured> {
  // The same calls by a few streams first: what they make the server load and compile is no cost of a stream.
  const few = startProcess("live-process.ts");
  await few.ask({ task: { ...task, cookies: task.cookies.slice(0, 20) } });
  for (let round = 0; round < 20; round++) await few.ask({ run: {} });
  await few.end();
  await sleep(10_000);
  const baseMb = rssMb(pid);
  const clients = startProcess("live-process.ts");
  stage.say(`opening ${task.cookies.length} streams`);
  const openedMs = (await clients.ask({ task })) as number;
  await sleep(20_000);
  const openMb = rssMb(pid);
  const all: Heard[] = [];
  for (let round = 0; round < rounds; round++) {
    // Not in step with what the server does every second.
    await sleep(1_000 + Math.random() * 1_000);
    all.push((await clients.ask({ run: {} })) as Heard);
  }
  const usedMb = rssMb(pid);
  await clients.end();
  const heard = all.flatMap((one) => one.heard);
  const [last, answered] = [all.map((one) => Math.max(...one.heard)), all.map((one) => one.answered)];
  return { baseMb, openMb, usedMb, openedMs, heard, last, answered };
}

function figuresOf(ours: Measured, theirs: Measured): Figure[] {
  const cost = (of: Measured) => Math.max(of.openMb, of.usedMb) - of.baseMb;
  const by = "Node's own server with as many streams and nothing else";
  const delivered = (share: number) => ({
    value: percentile(ours.heard, share),
    unit: "ms",
    floor: { value: percentile(theirs.heard, share), what: by },
    ratio: percentile(theirs.heard, share) / percentile(ours.heard, share),
    target: { of: "value", at: "most", bound: 500 } as const,
  });
  return [
    {
      name: "live-memory",
      what: `memory of ${streams.toLocaleString("en-GB")} open streams beyond the server's own`,
      value: cost(ours),
      unit: "MB",
      floor: { value: cost(theirs), what: by },
      ratio: cost(theirs) / cost(ours),
      target: { of: "value", at: "most", bound: 100 },
      more: {
        "MB before": ours.baseMb,
        "MB with all open": ours.openMb,
        "MB after the changes": ours.usedMb,
        "s to open all": ours.openedMs / 1000,
      },
    },
    {
      name: "live-delivery",
      what: `a change heard by ${streams.toLocaleString("en-GB")} streams, from asking for it, p95`,
      ...delivered(0.95),
      more: {
        "p50 ms": median(ours.heard),
        "ms until the change was answered, median": median(ours.answered),
        "ms until the last one, median": median(ours.last),
        changes: rounds,
      },
    },
    { name: "live-last", what: `the same, the slowest of ${rounds} changes and all streams`, ...delivered(1) },
  ];
}
