import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The name that people open; it leads to this machine in the tests alone. */
export const publicName = "openbook.test";

export interface ProxyPorts {
  http: number;
  https: number;
  /** Of Openbook, or of whoever stands in for it. */
  upstream: number;
}

export interface Proxy {
  name: string;
  /** What it is installed by on Debian. */
  debian: string;
  /** Undefined: it is not installed on this machine. */
  program: string | undefined;
  /** The sample of deploy/, changed in nothing but name, ports and certificate; what surrounds it on a machine. */
  prepare(folder: string, ports: ProxyPorts): Promise<string[]>;
}

function programOf(name: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return folders
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

async function sample(path: string, ports: ProxyPorts, folder: string): Promise<string> {
  const text = await readFile(new URL(`../../deploy/${path}`, import.meta.url), "utf8");
  const name = `${publicName}:${ports.https}`;
  return text
    .replaceAll("https://openbook.example.com", `https://${name}`)
    .replaceAll("openbook.example.com", publicName)
    .replaceAll("/etc/ssl/openbook", folder)
    .replaceAll("127.0.0.1:4320", `127.0.0.1:${ports.upstream}`);
}

const isRoot = process.getuid?.() === 0;

const nginx: Proxy = {
  name: "nginx",
  debian: "nginx-light",
  program: programOf("nginx"),
  async prepare(folder, ports) {
    const site = (await sample("nginx/openbook.conf", ports, folder))
      .replace("listen 80;", `listen 127.0.0.1:${ports.http};`)
      .replace("listen 443 ssl", `listen 127.0.0.1:${ports.https} ssl`);
    await writeFile(join(folder, "site.conf"), site);
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
      (kind) => `${kind}_temp_path ${join(folder, kind)};`,
    );
    await writeFile(
      join(folder, "nginx.conf"),
      `daemon off; ${isRoot ? "user root;" : ""} pid ${join(folder, "nginx.pid")};
       error_log ${join(folder, "error.log")} warn; events { worker_connections 256; }
       http { access_log off; ${temporary.join(" ")} include ${join(folder, "site.conf")}; }`,
    );
    return ["-p", folder, "-e", join(folder, "error.log"), "-c", join(folder, "nginx.conf")];
  },
};

const caddy: Proxy = {
  name: "Caddy",
  debian: "caddy",
  program: programOf("caddy"),
  async prepare(folder, ports) {
    const site = (await sample("caddy/Caddyfile", ports, folder)).replace(
      `${publicName} {`,
      `${publicName}:${ports.https} {\n\tbind 127.0.0.1\n\ttls ${join(folder, "fullchain.pem")} ${join(folder, "privkey.pem")}`,
    );
    const around = `admin off\n\thttp_port ${ports.http}\n\thttps_port ${ports.https}\n\tdefault_bind 127.0.0.1\n\tstorage file_system ${folder}`;
    await writeFile(join(folder, "Caddyfile"), site.replace("grace_period 10s", `grace_period 1s\n\t${around}`));
    return ["run", "--config", join(folder, "Caddyfile"), "--adapter", "caddyfile"];
  },
};

const apacheModules = "mpm_event authz_core alias headers socache_shmcb ssl http2 proxy proxy_http".split(" ");

const apache: Proxy = {
  name: "Apache",
  debian: "apache2",
  program: programOf("apache2"),
  async prepare(folder, ports) {
    const site = (await sample("apache/openbook.conf", ports, folder))
      .replace("<VirtualHost *:80>", `<VirtualHost 127.0.0.1:${ports.http}>`)
      .replace("<VirtualHost *:443>", `<VirtualHost 127.0.0.1:${ports.https}>`);
    const lines = [
      ...apacheModules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`),
      `ServerRoot ${folder}`,
      `DefaultRuntimeDir ${folder}`,
      `PidFile ${join(folder, "apache.pid")}`,
      `ErrorLog ${join(folder, "error.log")}`,
      `ServerName ${publicName}`,
      ...(isRoot ? ["User nobody", "Group nogroup"] : []),
      `Listen 127.0.0.1:${ports.http}`,
      `Listen 127.0.0.1:${ports.https}`,
      site,
    ];
    await writeFile(join(folder, "apache.conf"), `${lines.join("\n")}\n`);
    return ["-D", "FOREGROUND", "-f", join(folder, "apache.conf")];
  },
};

export const proxies: readonly Proxy[] = [nginx, caddy, apache];

export interface Certificate {
  folder: string;
  /** PEM, which a client of the test trusts. */
  authority: string;
}

/** A certificate that signs itself, for {@link publicName}. Undefined: there is no openssl here. */
export async function makeCertificate(): Promise<Certificate | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "openbook-proxy-"));
  const { status } = spawnSync(
    "openssl",
    // prettier-ignore
    ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
      "-keyout", join(folder, "privkey.pem"), "-out", join(folder, "fullchain.pem"),
      "-subj", `/CN=${publicName}`, "-addext", `subjectAltName=DNS:${publicName}`],
    { stdio: "ignore" },
  );
  if (status === 0) return { folder, authority: await readFile(join(folder, "fullchain.pem"), "utf8") };
  await rm(folder, { recursive: true, force: true });
  return undefined;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Starts a proxy and waits until it takes connections. @returns ends it */
export async function startProxy(
  proxy: Proxy,
  certificate: Certificate,
  ports: ProxyPorts,
): Promise<() => Promise<void>> {
  const folder = join(certificate.folder, `${proxy.name}-${ports.upstream}`);
  await mkdir(folder, { recursive: true });
  for (const file of ["fullchain.pem", "privkey.pem"]) {
    await writeFile(join(folder, file), await readFile(join(certificate.folder, file)));
  }
  const args = await proxy.prepare(folder, ports);
  const child = spawn(proxy.program!, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, HOME: folder },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  for (let tries = 0; !(await takesConnections(ports.https)); tries++) {
    if (child.exitCode !== null || tries > 300) {
      const log = await readFile(join(folder, "error.log"), "utf8").catch(() => "");
      throw new Error(`${proxy.name} did not start: ${said}${log}`);
    }
    await sleep(100);
  }
  return () => end(child);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
