/**
 * The walls of the architecture as a function over sources: path below the repository → text. Reads imports and a few
 * words as text; comments are no code. Tests and their fixtures may look over the walls, nothing may look at them.
 */
export type Sources = ReadonlyMap<string, string>;

type Layer = "main" | "doors" | "features" | "platform" | "base" | "web";
const height: Record<Exclude<Layer, "web">, number> = { main: 4, doors: 3, features: 2, platform: 1, base: 0 };

interface Place {
  layer: Layer;
  /** The feature's folder, also for its contract and its pages. */
  feature: string | undefined;
  file: string;
}

const isTest = (path: string) => /\.test\.tsx?$|(^|[/-])fixtures?\.ts$|^(test|bench)\//.test(path);

/** `contract.ts`, and the parts of one that would be too long: `contract-attachments.ts`. */
const isContract = (path: string) => /\/contract(-[\w-]+)?\.ts$/.test(path);

function placeOf(path: string): Place {
  const [, folder = "", ...rest] = path.split("/");
  if (rest.length === 0) {
    const layer = /^(config|context|errors|contract|database\.gen)\.ts$/.test(folder) ? "base" : "main";
    return { layer, feature: undefined, file: folder };
  }
  if (folder === "web") return { layer: "web", feature: undefined, file: rest.join("/") };
  if (folder === "platform") return { layer: "platform", feature: undefined, file: rest.join("/") };
  // The demo's data come in as through a door: by the features' functions.
  if (folder === "doors" || folder === "demo") return { layer: "doors", feature: undefined, file: rest.join("/") };
  return { layer: rest[0] === "web" ? "web" : "features", feature: folder, file: rest.join("/") };
}

/** One home per foreigner: where a package may be imported. What is not listed has no home yet and may come nowhere. */
const homes: readonly [packages: RegExp, home: RegExp][] = [
  [/^node:/, /^src\/(?!web\/)(?!\w+\/web\/)(?!(\w+\/)?contract[\w-]*\.ts)/],
  [/^zod$/, /^src\//],
  [/^kysely$/, /^src\/(?!web\/)(?!\w+\/web\/)(?!(\w+\/)?contract[\w-]*\.ts)/],
  [/^pg$/, /^src\/platform\//],
  [/^(hono|@hono\/[\w-]+)$/, /^src\/(\w+\/routes|doors\/http[\w-]*|platform\/http[\w-]*)\.ts$/],
  [/^pg-copy-streams$/, /^src\/platform\/(owner-session|postgres)\.ts$/],
  [/^pg-boss$/, /^src\/platform\/queue[\w-]*\.ts$/],
  [/^nodemailer$/, /^src\/platform\/mailer[\w-]*\.ts$/],
  [/^(otplib|@simplewebauthn\/[\w-]+)$/, /^src\/accounts\//],
  [/^(@e965\/xlsx|saxes)$/, /^src\/imports\//],
  [/^(csv-parse|yauzl|write-excel-file)$/, /^src\/(imports|exports)\//],
  [/^yazl$/, /^src\/exports\//],
  [/^canonicalize$/, /^src\/requests\/chain\.ts$/],
  [/^echarts$/, /^src\/(web\/ui\/|figures\/drawing[\w-]*\.ts)/],
  [/^(@mantine\/[\w-]+|@fontsource(-variable)?\/[\w-]+)$/, /^src\/web\/ui\//],
  [/^uqr$/, /^src\/web\/ui\//],
  [/^swagger-ui-dist$/, /^src\/web\/api-docs\//],
  [/^(react|react-dom|@tanstack\/[\w-]+)$/, /^src\/(\w+\/)?web\//],
  [/^(vite|@vitejs\/[\w-]+)$/, /^(vite(\.programs)?\.config\.ts|src\/build-web\.ts)$/],
];

/** Who writes a table. Reading another feature's tables is allowed (figures), writing them is not. */
const tableHomes: Readonly<Record<string, RegExp>> = {
  ...homeOf(/^src\/accounts\//, "accounts sessions tokens throttles members api_keys"),
  ...homeOf(/^src\/accounts\//, "invitations totp_factors recovery_codes passkeys"),
  ...homeOf(
    /^src\/companies\//,
    "companies suppliers people business_hours holidays targets supplier_targets categories",
  ),
  ...homeOf(/^src\/requests\//, "requests request_versions entries entry_contents request_sources attachments"),
  ...homeOf(/^src\/requests\//, "company_counters search_terms search_fills request_tags"),
  ...homeOf(/^src\/requests\//, "supplier_endings"),
  ...homeOf(/^src\/assets\//, "assets asset_changes"),
  ...homeOf(/^src\/templates\//, "request_templates"),
  ...homeOf(/^src\/views\//, "saved_views"),
  ...homeOf(/^src\/audit\//, "audit_entries"),
  ...homeOf(/^src\/reports\//, "report_links reports follow_links follow_acts"),
  ...homeOf(/^src\/imports\//, "imports import_changes import_mappings name_aliases"),
  ...homeOf(/^src\/exports\//, "exports returned_exports"),
  ...homeOf(/^src\/backups\//, "backup_runs outbox_holds held_jobs"),
  ...homeOf(/^src\/platform\/migrate\.ts$/, "migrations"),
  ...homeOf(/^src\/platform\/http-idempotency\.ts$/, "idempotency_keys"),
  // The ledger writes its events in one statement with its entries.
  ...homeOf(/^src\/(platform\/events|requests\/ledger)\.ts$/, "events"),
};

function homeOf(home: RegExp, tables: string): Record<string, RegExp> {
  return Object.fromEntries(tables.split(" ").map((table) => [table, home]));
}

interface Import {
  line: number;
  specifier: string;
  /** `import type`: gone before the program runs. */
  typeOnly: boolean;
}

const importPattern =
  /^(?:import|export)\s+(?:type\s+)?(?:[\w$*{][^;"]*?\bfrom\s+)?"([^"\n]+)"|\bimport\(\s*"([^"\n]+)"/gm;

/** The text with comments blanked, so that places stay where they are. Strings that look like comments lose nothing else. */
export function withoutComments(text: string): string {
  const blank = (match: string) => match.replace(/[^\n]/g, " ");
  const tokens = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return text.replace(tokens, (match) => (match.startsWith("/") ? blank(match) : match));
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}

export function importsOf(text: string): Import[] {
  const code = withoutComments(text);
  return [...code.matchAll(importPattern)].map((match) => ({
    line: lineAt(code, match.index + match[0].length),
    specifier: (match[1] ?? match[2])!,
    typeOnly: /^(?:import|export)\s+type\b/.test(match[0]),
  }));
}

function resolve(from: string, specifier: string): string {
  const parts = from.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

interface Edge extends Import {
  from: string;
  to: string;
}

/** @returns `path:line: what is wrong`, sorted; none when every wall stands */
export function breaches(sources: Sources): string[] {
  const found: string[] = [];
  const edges: Edge[] = [];
  for (const [path, text] of sources) {
    if (!path.startsWith("src/") || isTest(path)) continue;
    const report = (line: number, message: string) => found.push(`${path}:${line}: ${message}`);
    for (const imported of importsOf(text)) {
      const { line, specifier } = imported;
      const to = specifier.startsWith(".") ? resolve(path, specifier) : undefined;
      const fault = to ? importFault(path, to) : packageFault(path, specifier);
      if (fault) report(line, fault);
      if (to) edges.push({ ...imported, from: path, to });
    }
    for (const { line, message } of wordFaults(path, text)) report(line, message);
  }
  const files = edges.filter(({ typeOnly }) => !typeOnly);
  return [...found, ...rings(files, (file) => file), ...rings(edges, featureOf)].toSorted();
}

/** A feature as a whole, its pages apart: those may link to each other. */
function featureOf(path: string): string | undefined {
  const { layer, feature } = placeOf(path);
  return layer === "features" ? `src/${feature}` : undefined;
}

function packageFault(path: string, specifier: string): string | undefined {
  if (/^(?:\/|file:)/.test(specifier)) return `imports ${specifier}, a place of one machine`;
  const parts = specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1);
  const name = specifier.startsWith("node:") ? specifier : parts.join("/");
  const known = homes.filter(([packages]) => packages.test(name));
  if (known.length === 0) return `${name} has no home: give it one in test/walls.ts`;
  return known.some(([, home]) => home.test(path)) ? undefined : `${name} is imported away from its home`;
}

function importFault(path: string, target: string): string | undefined {
  if (isTest(target) || !target.startsWith("src/")) return `imports ${target}, which is no part of the program`;
  const [from, to] = [placeOf(path), placeOf(target)];
  if (isContract(path)) {
    return isContract(target) ? undefined : `a contract imports ${target}: both sides read it, so contracts only`;
  }
  if (from.layer === "web") return webFault(target, to);
  if (to.layer === "web") return `the server imports ${target} of the web`;
  if (height[to.layer] > height[from.layer] && !isBaseType(from, to)) return `imports ${target}: down only`;
  return to.feature && to.feature !== from.feature ? frontFault(from, target, to) : undefined;
}

function webFault(target: string, to: Place): string | undefined {
  if (to.layer === "web" || isContract(target) || /\.(css|svg|woff2)$/.test(target)) return undefined;
  return `the web imports ${target}: contract.ts and web/ only`;
}

/** The context carries the platform's transaction and log: it names their types. */
function isBaseType(from: Place, to: Place): boolean {
  return from.file === "context.ts" && to.layer === "platform" && /^(postgres|log)\.ts$/.test(to.file);
}

function frontFault(from: Place, target: string, to: Place): string | undefined {
  if (isContract(target)) return undefined;
  const front = [`${to.feature}.ts`, "contract.ts"];
  const offered = from.layer === "features" ? front : [...front, "routes.ts", "jobs.ts"];
  return offered.includes(to.file) ? undefined : `imports ${target}: knock at the front, ${offered.join(" or ")}`;
}

const clockWords = /\bDate\.now\(|\bnew Date\(\s*\)|\bTemporal\.Now\b/g;
const writing =
  /\b(?:insertInto|updateTable|deleteFrom|mergeInto)\("(\w+)"\)|\binsert\s+into\s+(\w+)|\bdelete\s+from\s+(\w+)|\bupdate\s+(\w+)(?:\s+\w+)?\s+set\b/g;

function wordFaults(path: string, text: string): { line: number; message: string }[] {
  const code = withoutComments(text);
  const place = placeOf(path);
  const each = (pattern: RegExp, message: (match: RegExpExecArray) => string | undefined) =>
    [...code.matchAll(pattern)].flatMap((match) => {
      const said = message(match);
      return said ? [{ line: lineAt(code, match.index), message: said }] : [];
    });
  const faults =
    path === "src/config.ts" ? [] : each(/\bprocess\.env\b/g, () => "process.env is read by config.ts only");
  if (place.layer === "features" || path.startsWith("src/demo/")) {
    faults.push(...each(clockWords, ([word]) => `${word.trim()}: a feature never asks the clock, it has ctx.now`));
  }
  if (place.layer === "web") return faults;
  const tables = each(writing, (match) => {
    const table = (match[1] ?? match[2] ?? match[3] ?? match[4])!;
    if (!Object.hasOwn(tableHomes, table)) return `writes ${table}, which has no home: give it one in test/walls.ts`;
    return tableHomes[table]!.test(path) ? undefined : `writes ${table}, a table of somebody else`;
  });
  return [...faults, ...tables];
}

/**
 * Every import that closes a ring, with the ring: among files, of what is there when the program runs (a type is
 * not); among features, of types too.
 */
function rings(edges: readonly Edge[], nodeOf: (path: string) => string | undefined): string[] {
  const graph = new Map<string, Map<string, Edge>>();
  for (const edge of edges) {
    const [from, to] = [nodeOf(edge.from), nodeOf(edge.to)];
    if (!from || !to || (from === to && from !== edge.from)) continue;
    const next = graph.get(from) ?? new Map<string, Edge>();
    graph.set(from, next);
    if (!next.has(to)) next.set(to, edge);
  }
  const found: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (node: string) => {
    path.push(node);
    for (const [to, edge] of graph.get(node) ?? []) {
      if (path.includes(to)) {
        const ring = [...path.slice(path.indexOf(to)), to].map((step) => step.replace(/^src\//, ""));
        found.push(`${edge.from}:${edge.line}: imports in a ring: ${ring.join(" → ")}`);
      } else if (!done.has(to)) visit(to);
    }
    path.pop();
    done.add(node);
  };
  for (const node of graph.keys()) if (!done.has(node)) visit(node);
  return found;
}
