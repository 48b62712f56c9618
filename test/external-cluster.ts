import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { serverUser } from "../src/platform/embedded-user.ts";

/** A PostgreSQL that this machine's owner installed, for the tests of DATABASE_URL. */

/** Where the programs of PostgreSQL 15 to 18 lie; undefined where none is installed. */
export function findBinaries(): string | undefined {
  const places = [
    ...(process.env.PATH ?? "").split(delimiter),
    said("pg_config", "--bindir"),
    ...globSync("/usr/lib/postgresql/*/bin").toSorted().toReversed(),
  ];
  return places.find((place) => {
    if (!place || !existsSync(join(place, "postgres")) || !existsSync(join(place, "initdb"))) return false;
    const major = Number(/ (\d+)/.exec(said(join(place, "postgres"), "--version"))?.[1]);
    return major >= 15 && major <= 18;
  });
}

function said(command: string, ...args: string[]): string {
  try {
    return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "";
  }
}

/**
 * A cluster on a loopback port, its superuser `postgres` with this password. Sorted by the rules of a language where
 * this PostgreSQL can: the embedded server sorts by code point.
 */
export async function startCluster(binaries: string, password: string) {
  const folder = mkdtempSync(join(tmpdir(), "openbook-external-"));
  const user = serverUser(folder, join(folder, "cluster"));
  if (user) chownSync(folder, user.uid, user.gid);
  const as = { cwd: folder, env: { LC_ALL: "C" }, ...(user && { uid: user.uid, gid: user.gid }) };
  writeFileSync(join(folder, "password"), password);
  const login = ["-U", "postgres", "-A", "scram-sha-256", "--pwfile=password"];
  const initdb = (...locale: string[]) =>
    execFileSync(join(binaries, "initdb"), ["-D", "cluster", "-E", "UTF8", "-N", ...login, ...locale], {
      ...as,
      stdio: "pipe",
    });
  try {
    initdb("--locale-provider=icu", "--icu-locale=en");
  } catch {
    initdb("--no-locale");
  }
  const port = await freePort();
  const settings = ["fsync=off", "listen_addresses=127.0.0.1", "unix_socket_directories="];
  const options = ["-D", "cluster", "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])];
  const server = spawn(join(binaries, "postgres"), options, { ...as, stdio: ["ignore", "ignore", "pipe"] });
  await heard(server, server.stderr, /ready to accept connections/);
  const stop = async () => {
    const ended = once(server, "exit");
    server.kill("SIGQUIT");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return { folder, port, stop };
}

/** A port where nobody listens just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Waits for words of a process. @returns all that it said until then */
export async function heard(child: ChildProcess, stream: NodeJS.ReadableStream, awaited: RegExp): Promise<string> {
  let all = "";
  stream.setEncoding("utf8");
  return new Promise((resolve, reject) => {
    stream.on("data", (chunk: string) => {
      all += chunk;
      if (awaited.test(all)) resolve(all);
    });
    child.once("exit", () => reject(new Error(`It ended before it was ready:\n${all}`)));
  });
}
