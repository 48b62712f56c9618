import { headerHash, type ChainLink } from "../requests/requests.ts";

const hashBytes = 32;

/**
 * The chains of a record as another company holds them: the same entries over the same contents, each header naming the
 * new company, so that each hash is another. 32 bytes of memory for each entry, some 100 for each request.
 */
export class ReturnedChains {
  private readonly companyId: string;
  /** Where the hashes of a request begin, counted in entries. */
  private readonly starts = new Map<string, number>();
  private hashes = Buffer.alloc(1024 * hashBytes);
  private count = 0;

  /** @param companyId the company that takes the record */
  constructor(companyId: string) {
    this.companyId = companyId;
  }

  /** Seals a whole chain anew. */
  add(requestId: string, links: readonly ChainLink[]): void {
    this.starts.set(requestId, this.count);
    let previousHash: string | null = null;
    for (const { header } of links) {
      const hash = headerHash({ ...header, company: this.companyId, previousHash });
      if ((this.count + 1) * hashBytes > this.hashes.length) {
        const larger = Buffer.alloc(this.hashes.length * 2);
        this.hashes.copy(larger);
        this.hashes = larger;
      }
      hash.copy(this.hashes, this.count++ * hashBytes);
      previousHash = hash.toString("hex");
    }
  }

  /** In hexadecimal digits. */
  hashOf(requestId: string, seq: number): string {
    const at = (this.starts.get(requestId)! + seq - 1) * hashBytes;
    return this.hashes.toString("hex", at, at + hashBytes);
  }

  has(requestId: string): boolean {
    return this.starts.has(requestId);
  }
}
