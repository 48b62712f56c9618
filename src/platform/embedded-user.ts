import { chownSync, lchownSync, lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { AppError } from "../errors.ts";

/** As whom PostgreSQL runs; it refuses root. */
export interface ServerUser {
  uid: number;
  gid: number;
  name: string;
}

export const isRoot = process.getuid?.() === 0;

/**
 * Whom root lets the server run as: the owner of an existing cluster, else the owner of the data directory, else the
 * account "openbook" where an operator made one, else "nobody".
 * @returns undefined for an ordinary user: the server runs as the same user
 * @throws AppError data_directory_foreign_owner, no_unprivileged_user
 */
export function serverUser(dataDir: string, clusterDir: string): ServerUser | undefined {
  const cluster = statSync(clusterDir, { throwIfNoEntry: false });
  if (!isRoot) {
    const self = process.getuid?.();
    if (cluster && self !== undefined && cluster.uid !== self) {
      throw new AppError(
        "data_directory_foreign_owner",
        `${clusterDir} belongs to user ${nameOf(cluster.uid)}, and you are ${nameOf(self)}. Nothing was changed. Start as root or as that user, or give it over while nothing runs: chown -R ${self} ${dataDir}`,
      );
    }
    return undefined;
  }
  if (cluster && cluster.uid !== 0) return { uid: cluster.uid, gid: cluster.gid, name: nameOf(cluster.uid) };
  const accounts = readAccounts();
  const owner = statSync(dataDir).uid;
  const user =
    (owner !== 0 && accounts.find((account) => account.uid === owner)) ||
    accounts.find((account) => account.name === "openbook" && account.uid !== 0) ||
    accounts.find((account) => account.name === "nobody" && account.uid !== 0);
  if (user) return user;
  throw new AppError(
    "no_unprivileged_user",
    'PostgreSQL does not run as root, and this system has neither an account "openbook" nor "nobody". Nothing was changed; create one (useradd --system openbook), start as an ordinary user, or set DATABASE_URL.',
  );
}

function readAccounts(): ServerUser[] {
  let text = "";
  try {
    text = readFileSync("/etc/passwd", "utf8");
  } catch {
    // a system without the file has no accounts to offer
  }
  return text.split("\n").flatMap((line) => {
    const [name, , uid, gid] = line.split(":");
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}

function nameOf(uid: number): string {
  return readAccounts().find((account) => account.uid === uid)?.name ?? String(uid);
}

/**
 * The first directory on the way to `path` (itself included) that `user` may not enter, judged by owner, group and
 * mode; undefined when all are open. Access control lists are not read: they can only make the answer too careful.
 */
export function closedDirectory(path: string, user: ServerUser): string | undefined {
  const parent = dirname(path);
  const above = parent === path ? undefined : closedDirectory(parent, user);
  if (above) return above;
  const { uid, gid, mode } = statSync(path);
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
  return ((mode >> shift) & 1) === 1 ? undefined : path;
}

/** As root: what is created in a data directory that belongs to somebody stays usable for its owner. */
export function claimFor(dataDir: string): (path: string) => void {
  if (!isRoot) return () => {};
  const { uid, gid } = statSync(dataDir);
  return (path) => chownSync(path, uid, gid);
}

/** A cluster that root copied or restored belongs to root and would not start: hands the whole tree over. */
export function giveTree(path: string, user: ServerUser): void {
  lchownSync(path, user.uid, user.gid);
  if (!lstatSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) giveTree(join(path, name), user);
}
