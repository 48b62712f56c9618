import { cp } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { readConfig } from "../../src/config.ts";
import { startServer } from "../../src/main.ts";
import { silentLog } from "../../src/platform/log.ts";

/**
 * A data directory whose server was started once and stopped. A first start takes seconds (a cluster, tables, indexes),
 * any other half of one: `npm test` makes one for all stages. That a server starts from nothing is shown by
 * test/start.test.ts.
 */
export async function startOnce(data: string): Promise<void> {
  const server = await startServer(readConfig({ data, port: "0" }, {}), { log: silentLog, say: () => {} });
  await server.stop();
}

/** The data directory of a stage: as after a first start. @param made by `npm test`; without it the stage starts first */
export async function startedData(data: string, made = process.env["OPENBOOK_STARTED_ONCE"]): Promise<void> {
  if (made) await cp(made, data, { recursive: true, preserveTimestamps: true });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await startOnce(process.argv[2]!);
