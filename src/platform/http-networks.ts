import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";
import { AppError } from "../errors.ts";

/** Whether whoever connects from here may say for whom: the operator's own proxy. */
export type Trusts = (address: string) => boolean;

/**
 * The proxies whose X-Forwarded-For counts: those the operator names, and, behind a public URL, the one on this machine.
 * @param named addresses and networks such as 10.0.0.5, 172.16.0.0/12, fd00::/8
 * @throws AppError invalid_configuration: nothing is started with a list that is not understood
 */
export function trustedProxies(named: readonly string[], publicUrl: string | undefined): Trusts {
  const list = new BlockList();
  const own = publicUrl ? ["127.0.0.0/8", "::1"] : [];
  for (const one of [...own, ...named]) {
    const [address = "", length] = one.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    const longest = family === "ipv6" ? 128 : 32;
    const bits = length === undefined ? longest : /^\d{1,3}$/.test(length) ? Number(length) : -1;
    // A network of everybody would let everybody choose their address.
    if (isIP(address) === 0 || bits < 1 || bits > longest) {
      const what = `"${one}" is not the address of a proxy or a network such as 172.16.0.0/12.`;
      throw new AppError("invalid_configuration", `${what} Nothing was started.`);
    }
    list.addSubnet(address, bits, family);
  }
  return (address) => {
    const plain = plainAddress(address);
    const kind = isIP(plain);
    return kind !== 0 && list.check(plain, kind === 6 ? "ipv6" : "ipv4");
  };
}

/**
 * The network a request comes from, for limits: an IPv4 address, or the /64 of an IPv6 address. A trusted proxy says
 * for whom it asks with the last address of X-Forwarded-For; where that is a trusted proxy too, the one before it
 * counts, and so on. Never one that the client chose: whatever stands left of the first untrusted address is its word.
 */
export function networkOfRequest(request: IncomingMessage, trusts: Trusts): string {
  const peer = request.socket.remoteAddress ?? "";
  if (!trusts(peer)) return networkOf(peer);
  const forwarded = request.headers["x-forwarded-for"];
  const said = (Array.isArray(forwarded) ? forwarded.join(",") : (forwarded ?? "")).split(",").slice(-maxProxies);
  let last = peer;
  for (const address of said.toReversed().map((one) => one.trim())) {
    if (isIP(address) === 0) break;
    last = address;
    if (!trusts(address)) break;
  }
  return networkOf(last);
}

const maxProxies = 10;

/** Without the zone; IPv4 mapped into IPv6 as IPv4. */
function plainAddress(address: string): string {
  const plain = address.replace(/%.*$/, "").toLowerCase();
  return isIP(plain) === 6 ? (mappedIpv4(ipv6Groups(plain)) ?? plain) : plain;
}

/** IPv4 as it is, IPv4 mapped into IPv6 as IPv4, IPv6 as its /64 (`2001:db8:1:2::/64`); "unknown" for anything else. */
export function networkOf(address: string): string {
  const plain = address.replace(/%.*$/, "").toLowerCase();
  const kind = isIP(plain);
  if (kind === 4) return plain;
  if (kind !== 6) return "unknown";
  const groups = ipv6Groups(plain);
  const mapped = mappedIpv4(groups);
  if (mapped) return mapped;
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(":")}::/64`;
}

function mappedIpv4(groups: number[]): string | undefined {
  if (groups.slice(0, 5).some((group) => group !== 0) || groups[5] !== 0xffff) return undefined;
  return [groups[6]! >> 8, groups[6]! & 255, groups[7]! >> 8, groups[7]! & 255].join(".");
}

function ipv6Groups(address: string): number[] {
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const text = dotted
    ? address.slice(0, dotted.index) +
      [Number(dotted[1]) * 256 + Number(dotted[2]), Number(dotted[3]) * 256 + Number(dotted[4])]
        .map((group) => group.toString(16))
        .join(":")
    : address;
  const [head = "", tail] = text.split("::");
  const first = groupsOf(head);
  if (tail === undefined) return first;
  const last = groupsOf(tail);
  return [...first, ...Array.from({ length: 8 - first.length - last.length }, () => 0), ...last];
}

function groupsOf(part: string): number[] {
  return part ? part.split(":").map((group) => Number.parseInt(group, 16)) : [];
}
