import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { install, type Installation } from "./installation.ts";
import {
  fillTimelines,
  fillWithRequests,
  makeCompanies,
  makeNeighbours,
  settle,
  type MadeCompany,
} from "./many-requests.ts";

export const neighbours = 1000;

/** An installation and the company that is asked about: 1,000 requests, each with its timeline. */
export interface Set {
  installation: Installation;
  company: MadeCompany;
}

/** What the measurements share; each part is made when it is first asked for, and all goes at the end. */
export class Stage {
  /** Seconds of a round. */
  readonly seconds: number;
  readonly #say: (text: string) => void;
  #folder: Promise<string> | undefined;
  #alone: Promise<Set> | undefined;
  #among: Promise<Set> | undefined;
  readonly #installations: Installation[] = [];

  constructor(seconds: number, say: (text: string) => void) {
    this.seconds = seconds;
    this.#say = say;
  }

  say(text: string): void {
    this.#say(text);
  }

  folder(): Promise<string> {
    return (this.#folder ??= mkdtemp(join(tmpdir(), "openbook-bench-")));
  }

  async installation(name: string): Promise<Installation> {
    const installation = await install(join(await this.folder(), name));
    this.#installations.push(installation);
    return installation;
  }

  /** One company of 1,000 requests and hardly anything else. */
  alone(): Promise<Set> {
    return (this.#alone ??= this.#make("alone", 0));
  }

  /** The same company among 1,000 others of its size. */
  among(): Promise<Set> {
    return (this.#among ??= this.#make("among", neighbours));
  }

  async #make(name: string, others: number): Promise<Set> {
    this.#say(
      others ? `making a company among ${others} of 1,000 requests each` : "making a company of 1,000 requests",
    );
    const installation = await this.installation(name);
    const [company] = await makeCompanies(installation, ["Measured"]);
    // All at once, so that their rows are mixed on disk as those of companies that grew side by side.
    const ids = [company!.id, ...(others ? await makeNeighbours(installation, others) : [])];
    await fillWithRequests(installation, ids, 1000);
    await fillTimelines(installation, company!.id);
    await settle(installation);
    return { installation, company: company! };
  }

  async close(): Promise<void> {
    for (const installation of this.#installations)
      await installation.close().catch((error) => this.#say(String(error)));
    if (this.#folder) await rm(await this.#folder, { recursive: true, force: true });
  }
}
