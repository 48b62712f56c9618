import assert from "node:assert/strict";
import { test } from "node:test";
import { clearCookie, credentialsOf, newApiKey, sessionCookie, setCookie } from "./http-credentials.ts";

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
