import { Attachment } from "../requests/contract-attachments.ts";
import { firstBrokenLink, type ChainLink } from "../requests/requests.ts";
import { AppError } from "../errors.ts";
import { damaged, momentOf, type Row } from "./rows.ts";

/** What a content says of a file, and whose content it is. */
type NamedFile = Attachment & { number: number };

interface Head {
  number: number;
  seq: number;
  hash: string;
}

/** Checks chain after chain as entries come, in the order of requests and their seq. */
export class Chains {
  readonly counts = { requests: 0, entries: 0, withoutContent: 0, attachments: 0 };
  private readonly companyId: string;
  private readonly heads = new Map<string, Head>();
  /** What the contents say of files: what each is, by request, seq and its own id. */
  private readonly files = new Map<string, NamedFile>();
  private readonly paths = new Set<string>();
  private requestId: string | undefined;
  private links: ChainLink[] = [];
  private readonly onChain: ((requestId: string, links: readonly ChainLink[]) => void) | undefined;

  /** @param onChain hears of each chain that holds */
  constructor(companyId: string, onChain?: (requestId: string, links: readonly ChainLink[]) => void) {
    this.companyId = companyId;
    this.onChain = onChain;
  }

  expect(row: Row): void {
    const id = row["id"] as string;
    const number = row["number"] as number;
    if (this.heads.has(id)) throw damaged(`Request #${number} comes twice`);
    this.heads.set(id, { number, seq: row["headSeq"] as number, hash: row["headHash"] as string });
    this.counts.requests++;
  }

  add(row: Row): void {
    const id = row["requestId"] as string;
    if (id !== this.requestId) {
      this.close();
      this.requestId = id;
    }
    const link = linkOf(this.companyId, row);
    this.links.push(link);
    this.counts.entries++;
    if (link.content === undefined) this.counts.withoutContent++;
  }

  /** Once all entries have come. */
  finishEntries(): void {
    this.close();
    this.requestId = undefined;
    const [left] = this.heads.values();
    if (left) throw broken(left.number, 1, "its entries are missing");
  }

  finish(): void {
    this.finishEntries();
    const [[key, file] = []] = this.files;
    if (file) throw broken(file.number, Number(key!.split(" ")[1]), "the attachment that it names is not listed");
  }

  /** A request whose entries have come is done; entries of it that come later belong to no request any more. */
  private close(): void {
    const { requestId, links } = this;
    if (requestId === undefined || links.length === 0) return;
    this.links = [];
    const head = this.heads.get(requestId);
    if (!head) {
      throw damaged(`Entries of request ${requestId} are there without the request, or not next to each other`);
    }
    this.heads.delete(requestId);
    const fault = firstBrokenLink(links) ?? halfContent(links);
    if (fault) throw broken(head.number, fault.seq, fault.reason);
    const last = links.at(-1)!;
    if (links.length < head.seq) throw broken(head.number, links.length + 1, `entry ${links.length + 1} is missing`);
    if (links.length > head.seq || last.hash !== head.hash) {
      throw broken(head.number, last.header.seq, "is not the end that the request names");
    }
    for (const link of links) this.learnFiles(head.number, link);
    this.onChain?.(requestId, links);
  }

  private learnFiles(number: number, { header, content }: ChainLink): void {
    if (!Array.isArray(content?.["attachments"])) return;
    for (const said of content["attachments"]) {
      const file = Attachment.safeParse(said);
      if (!file.success) throw broken(number, header.seq, "what it says of an attachment cannot be read");
      this.files.set(`${header.request} ${header.seq} ${file.data.id}`, { ...file.data, number });
    }
  }

  /** An attachment's row: the chain covers what the file is, and what it is called. */
  addFile(row: Row): void {
    const { fileName, path, seq } = row as { fileName: string; path: string; seq: number };
    const key = `${String(row["requestId"])} ${seq} ${String(row["id"])}`;
    const file = this.files.get(key);
    if (!file) throw damaged(`The attachment ${fileName} is named by no entry`);
    if (!isWhat(file, row)) throw broken(file.number, seq, `${fileName} is another file than its entry names`);
    // A few bytes that are said to be thousands of files would fill the disk that takes them.
    if (this.paths.has(path)) throw damaged(`${path} is said to be two attachments`);
    this.paths.add(path);
    this.files.delete(key);
    this.counts.attachments++;
  }
}

function isWhat(file: Attachment, row: Row): boolean {
  return (
    file.name === row["fileName"] &&
    file.type === row["contentType"] &&
    file.size === row["size"] &&
    file.sha256 === row["sha256"] &&
    (file.width ?? null) === (row["width"] ?? null) &&
    (file.height ?? null) === (row["height"] ?? null)
  );
}

/** Without its random bytes nothing could be said of a content: it would be anybody's. */
function halfContent(links: readonly ChainLink[]): { seq: number; reason: string } | undefined {
  const link = links.find(({ content, salt }) => (content === undefined) !== (salt === undefined));
  return link && { seq: link.header.seq, reason: "its content or the random bytes of it are missing" };
}

function broken(number: number, seq: number, reason: string): AppError {
  return new AppError("chain_broken", `The chain of request #${number} is broken at entry ${seq}: ${reason}.`, {
    request: String(number),
    seq: String(seq),
    reason,
  });
}

/** An entry's row as a link of its chain. */
export function linkOf(company: string, row: Row): ChainLink {
  return {
    header: {
      company,
      request: row["requestId"] as string,
      seq: row["seq"] as number,
      kind: row["kind"] as string,
      happenedAt: momentOf(row["happenedAt"] as string),
      recordedAt: momentOf(row["recordedAt"] as string),
      actor: row["actor"] as string,
      audience: row["audience"] as string,
      supplier: (row["supplierId"] as string | null) ?? null,
      contentDigest: row["contentDigest"] as string,
      previousHash: (row["previousHash"] as string | null) ?? null,
    },
    hash: row["hash"] as string,
    ...(row["salt"] ? { salt: row["salt"] as string } : {}),
    ...(row["content"] ? { content: row["content"] as Record<string, unknown> } : {}),
  };
}
