import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { describe, test } from "node:test";
import { networkOf, networkOfRequest, trustedProxies } from "./http-networks.ts";

test("a network is an IPv4 address or the /64 of an IPv6 one, however it is written", () => {
  const cases: Record<string, string> = {
    "192.0.2.7": "192.0.2.7",
    "::ffff:192.0.2.7": "192.0.2.7",
    "::FFFF:C000:207": "192.0.2.7",
    "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::/64",
    "2001:DB8:1:2::9": "2001:db8:1:2::/64",
    "2001:0db8:0001:0002::": "2001:db8:1:2::/64",
    "2001:db8::1": "2001:db8:0:0::/64",
    "::1": "0:0:0:0::/64",
    "fe80::1%eth0": "fe80:0:0:0::/64",
    "64:ff9b::192.0.2.7": "64:ff9b:0:0::/64",
    nonsense: "unknown",
    "": "unknown",
  };
  for (const [address, network] of Object.entries(cases)) assert.equal(networkOf(address), network, address);
});

describe("a forwarded address", () => {
  const request = (peer: string, forwarded?: string) =>
    ({ socket: { remoteAddress: peer }, headers: { "x-forwarded-for": forwarded } }) as unknown as IncomingMessage;
  const url = "https://openbook.example.com";

  test("counts from the proxy on this machine, behind a public URL, and only the last one", () => {
    const trusts = trustedProxies([], url);
    assert.equal(networkOfRequest(request("127.0.0.1", "198.51.100.1, 192.0.2.7"), trusts), "192.0.2.7");
    assert.equal(networkOfRequest(request("::1", "192.0.2.7"), trusts), "192.0.2.7");
    assert.equal(networkOfRequest(request("::ffff:127.0.0.1", "192.0.2.7"), trusts), "192.0.2.7");
    assert.equal(networkOfRequest(request("203.0.113.9", "192.0.2.7"), trusts), "203.0.113.9");
    assert.equal(networkOfRequest(request("127.0.0.1", "192.0.2.7"), trustedProxies([], undefined)), "127.0.0.1");
    assert.equal(networkOfRequest(request("127.0.0.1", "192.0.2.7, spoofed"), trusts), "127.0.0.1");
    assert.equal(networkOfRequest(request("127.0.0.1"), trusts), "127.0.0.1");
  });

  test("counts from the proxies that are named, one behind the other, and from nobody else", () => {
    const trusts = trustedProxies(["10.0.0.5", "172.16.0.0/12", "fd00::/8"], url);
    assert.equal(networkOfRequest(request("172.18.0.2", "192.0.2.7"), trusts), "192.0.2.7");
    assert.equal(networkOfRequest(request("fd00::7", "2001:db8:1:2::9"), trusts), "2001:db8:1:2::/64");
    const chain = "1.1.1.1, 192.0.2.7, 172.18.0.9, ::ffff:10.0.0.5";
    assert.equal(networkOfRequest(request("172.18.0.2", chain), trusts), "192.0.2.7", "what stands before is made up");
    assert.equal(networkOfRequest(request("10.0.0.6", "192.0.2.7"), trusts), "10.0.0.6");
    assert.equal(
      networkOfRequest(request("172.18.0.2", "172.18.0.3"), trusts),
      "172.18.0.3",
      "a proxy asks for itself",
    );
    assert.equal(networkOfRequest(request("172.18.0.2", "192.0.2.7, unknown"), trusts), "172.18.0.2");
  });

  test("a list that is not understood, or that is everybody, starts nothing", () => {
    for (const wrong of ["proxy.local", "10.0.0.0/33", "::/0", "0.0.0.0/0", "10.0.0.5/x", "10.0.0"]) {
      assert.throws(() => trustedProxies([wrong], url), { code: "invalid_configuration" }, wrong);
    }
  });
});
