import { createHash, createSign, generateKeyPairSync, randomBytes, type KeyObject } from "node:crypto";

/**
 * A device that makes and uses passkeys (WebAuthn level 3, ES256), and always knows who holds it. For tests: the Chromium
 * they run in has no authenticator that checks who it is.
 */
export class PasskeyDevice {
  private readonly keys = new Map<string, { key: KeyObject; counter: number; userHandle: string }>();

  /** What `navigator.credentials.create` gives, in the JSON of section 5.1. */
  create(options: { challenge: string; rp: { id?: string }; user: { id: string } }, origin: string) {
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const id = randomBytes(32);
    this.keys.set(id.toString("base64url"), { key: privateKey, counter: 0, userHandle: options.user.id });
    const { x, y } = publicKey.export({ format: "jwk" });
    const point = (part: string) => bytes(Buffer.from(part, "base64url"));
    // COSE_Key (RFC 9052, 7): kty EC2, alg ES256, crv P-256, x, y.
    const cose = Buffer.concat([hex("a5 01 02 03 26 20 01 21"), point(x!), hex("22"), point(y!)]);
    const attested = Buffer.concat([Buffer.alloc(16), hex("00 20"), id, cose]);
    const authData = Buffer.concat([this.head(options.rp.id!, 0x45, 0), attested]);
    const map = [hex("a3"), text("fmt"), text("none"), text("attStmt"), hex("a0"), text("authData"), bytes(authData)];
    return {
      ...named(id),
      response: {
        clientDataJSON: clientData("webauthn.create", options.challenge, origin),
        attestationObject: Buffer.concat(map).toString("base64url"),
        transports: ["internal"],
      },
    };
  }

  /** What `navigator.credentials.get` gives. */
  get(options: { challenge: string; rpId?: string; allowCredentials?: { id: string }[] }, origin: string) {
    const allowed = options.allowCredentials?.map(({ id }) => id) ?? [];
    const known = [...this.keys].find(([id]) => allowed.length === 0 || allowed.includes(id));
    if (!known) throw new Error("This device has no passkey for that.");
    const [id, entry] = known;
    const clientDataJSON = clientData("webauthn.get", options.challenge, origin);
    const authData = this.head(options.rpId!, 0x05, ++entry.counter);
    const digest = createHash("sha256").update(Buffer.from(clientDataJSON, "base64url")).digest();
    const signature = createSign("sha256")
      .update(Buffer.concat([authData, digest]))
      .sign(entry.key);
    return {
      ...named(Buffer.from(id, "base64url")),
      response: {
        clientDataJSON,
        authenticatorData: authData.toString("base64url"),
        signature: signature.toString("base64url"),
        userHandle: entry.userHandle,
      },
    };
  }

  /** rpIdHash, flags (user present, user verified, attested data), counter. */
  private head(site: string, flags: number, counter: number): Buffer {
    const rest = Buffer.alloc(5);
    rest.writeUInt8(flags, 0);
    rest.writeUInt32BE(counter, 1);
    return Buffer.concat([createHash("sha256").update(site).digest(), rest]);
  }
}

function named(id: Buffer) {
  const text = id.toString("base64url");
  return { id: text, rawId: text, type: "public-key" as const, clientExtensionResults: {} };
}

function clientData(type: string, challenge: string, origin: string): string {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false })).toString("base64url");
}

const hex = (digits: string) => Buffer.from(digits.replaceAll(" ", ""), "hex");
/** CBOR (RFC 8949): a text below 24 bytes, and bytes of up to 65,535. */
const text = (value: string) => Buffer.concat([Buffer.from([0x60 + value.length]), Buffer.from(value)]);
function bytes(value: Buffer): Buffer {
  const head =
    value.length < 256 ? Buffer.from([0x58, value.length]) : Buffer.from([0x59, value.length >> 8, value.length & 255]);
  return Buffer.concat([head, value]);
}
