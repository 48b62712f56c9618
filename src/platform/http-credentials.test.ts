import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { test } from "node:test";
import {
  clearCookie,
  credentialsOf,
  networkOf,
  networkOfRequest,
  newApiKey,
  sessionCookie,
  setCookie,
} from "./http-credentials.ts";

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

test("a forwarded address counts only from the proxy that the public URL stands for, and only the last one", () => {
  const request = (peer: string, forwarded?: string) =>
    ({ socket: { remoteAddress: peer }, headers: { "x-forwarded-for": forwarded } }) as unknown as IncomingMessage;
  const url = "https://openbook.example.com";
  assert.equal(networkOfRequest(request("127.0.0.1", "198.51.100.1, 192.0.2.7"), url), "192.0.2.7");
  assert.equal(networkOfRequest(request("::1", "192.0.2.7"), url), "192.0.2.7");
  assert.equal(networkOfRequest(request("::ffff:127.0.0.1", "192.0.2.7"), url), "192.0.2.7");
  assert.equal(networkOfRequest(request("203.0.113.9", "192.0.2.7"), url), "203.0.113.9");
  assert.equal(networkOfRequest(request("127.0.0.1", "192.0.2.7"), undefined), "127.0.0.1");
  assert.equal(networkOfRequest(request("127.0.0.1", "192.0.2.7, spoofed"), url), "127.0.0.1");
});

test("under https the cookie has the __Host- name and Secure; a token that cannot be read back is never set", () => {
  const cookie = sessionCookie("session", "https://openbook.example.com");
  const line = setCookie(cookie, "t".repeat(43), new Date(0));
  assert.match(line, /^__Host-session=t{43}; Path=\/; Expires=.*; HttpOnly; SameSite=Lax; Secure$/);
  assert.match(clearCookie(sessionCookie("session", "http://localhost:4320")), /^session=; .*SameSite=Lax$/);
  assert.throws(() => setCookie(cookie, "a; Domain=evil.example", new Date(0)));
});

test("a key names its company; another shape of key names none", () => {
  const company = "0197a1c0-1234-7000-8000-0123456789ab";
  const cookie = sessionCookie("session", undefined);
  const key = newApiKey(company);
  assert.match(key, /^ob_[\w-]{65}$/);
  assert.equal(credentialsOf({ authorization: `Bearer ${key}` }, cookie).company, company);
  assert.equal(credentialsOf({ authorization: `Bearer ob_${"x".repeat(43)}` }, cookie).company, undefined);
  assert.notEqual(newApiKey(company), key);
});
