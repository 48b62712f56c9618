import { hash, randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { AppError } from "../errors.ts";

/** What a request brings to say who it is from: never the token itself, only its SHA-256. */
export interface Credentials {
  kind: "session" | "key";
  tokenHash: Buffer;
  /** The company that a key says it is of; not proven by that. */
  company?: string | undefined;
}

export interface SessionCookie {
  name: string;
  /** Under https: `__Host-` name and Secure. */
  secure: boolean;
}

/** SHA-256 of a token: what is stored and looked up. */
export function hashToken(token: string): Buffer {
  return hash("sha256", token, "buffer");
}

const keyPrefix = "ob_";
const companyLength = 22;
const secretLength = 43;

/**
 * A new API key: `ob_`, the company's id and 256 random bits, both in base64url. The id lets a key that is used on
 * another company be told from one that is no key at all, without looking into that other company.
 */
export function newApiKey(companyId: string): string {
  const company = Buffer.from(companyId.replaceAll("-", ""), "hex").toString("base64url");
  return keyPrefix + company + randomBytes(32).toString("base64url");
}

function companyOfKey(key: string): string | undefined {
  if (key.length !== keyPrefix.length + companyLength + secretLength) return undefined;
  const part = key.slice(keyPrefix.length, keyPrefix.length + companyLength);
  return Buffer.from(part, "base64url")
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The cookie's name and kind: `__Host-` under https; plain on loopback, where Safari stores no Secure cookie. */
export function sessionCookie(name: string, publicUrl: string | undefined): SessionCookie {
  const secure = publicUrl?.startsWith("https:") ?? false;
  return { name: secure ? `__Host-${name}` : name, secure };
}

const tokenShape = /^[A-Za-z0-9_-]{16,200}$/;

/**
 * The credentials of a request. An Authorization header wins over a cookie, so that a browser's session never answers
 * for a key that does not work.
 * @throws AppError unauthenticated: nothing that could be a session or a key.
 */
export function credentialsOf(headers: IncomingHttpHeaders, cookie: SessionCookie): Credentials {
  if (headers.authorization !== undefined) {
    const key = /^Bearer +(\S+)$/i.exec(headers.authorization)?.[1];
    if (!key?.startsWith(keyPrefix) || !tokenShape.test(key)) throw unauthenticated();
    return { kind: "key", tokenHash: hashToken(key), company: companyOfKey(key) };
  }
  const token = cookieValue(headers.cookie, cookie.name);
  if (!token || !tokenShape.test(token)) throw unauthenticated();
  return { kind: "session", tokenHash: hashToken(token) };
}

export function unauthenticated(): AppError {
  return new AppError("unauthenticated", "Sign in, or send an API key that is still valid.");
}

function cookieValue(header: string | undefined, name: string): string | undefined {
  if (!header) return undefined;
  for (const part of header.split(";")) {
    const at = part.indexOf("=");
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return undefined;
}

/** The Set-Cookie value that starts a session. @throws Error when the token could not be read back. */
export function setCookie(cookie: SessionCookie, token: string, expires: Date): string {
  if (!tokenShape.test(token)) throw new Error("A session token must be 16 to 200 characters of base64url.");
  return cookieLine(cookie, token, expires);
}

export function clearCookie(cookie: SessionCookie): string {
  return cookieLine(cookie, "", new Date(0));
}

function cookieLine(cookie: SessionCookie, value: string, expires: Date): string {
  const secure = cookie.secure ? "; Secure" : "";
  return `${cookie.name}=${value}; Path=/; Expires=${expires.toUTCString()}; HttpOnly; SameSite=Lax${secure}`;
}

/**
 * Refuses a change that a page of another origin makes with this browser's cookie (cross-site request forgery), and a
 * sign-in forced on somebody. Browsers send Sec-Fetch-Site or Origin; what sends neither is not a browser.
 * https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
 * @throws AppError cross_site_request
 */
export function requireSameOrigin(headers: IncomingHttpHeaders, publicUrl: string | undefined): void {
  const site = headers["sec-fetch-site"];
  if (site === "same-origin" || site === "none") return;
  const origin = headers.origin;
  if (site === undefined) {
    if (origin === undefined) return;
    if (origin === (publicUrl ?? `http://${headers.host}`)) return;
  }
  throw new AppError("cross_site_request", "This change was asked for by another site and was refused.");
}
