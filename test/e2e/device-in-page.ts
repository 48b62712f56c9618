import type { Page } from "playwright-core";
import { PasskeyDevice } from "../passkey-device.ts";

/** A device that makes and uses passkeys in the place of the browser's own, which this build of Chromium lacks. */
export async function withDevice(page: Page): Promise<void> {
  const device = new PasskeyDevice();
  await page.exposeFunction("deviceDoes", (what: "create" | "get", options: never, origin: string) =>
    device[what](options, origin),
  );
  await page.addInitScript(() => {
    const text = (bytes: BufferSource) =>
      btoa(String.fromCharCode(...new Uint8Array(bytes as ArrayBuffer)))
        .replaceAll("+", "-")
        .replaceAll("/", "_")
        .replaceAll("=", "");
    const bytes = (value: string) =>
      Uint8Array.from(atob(value.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0)).buffer;
    const plain = (value: unknown): unknown =>
      value instanceof ArrayBuffer || ArrayBuffer.isView(value)
        ? text(ArrayBuffer.isView(value) ? (value.buffer as ArrayBuffer) : value)
        : Array.isArray(value)
          ? value.map(plain)
          : value !== null && typeof value === "object"
            ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]))
            : value;
    const does = (what: string) => async (asked: { publicKey: unknown }) => {
      const bridge = (window as unknown as { deviceDoes: (...input: unknown[]) => Promise<Made> }).deviceDoes;
      const made = await bridge(what, plain(asked.publicKey), location.origin);
      const response = Object.fromEntries(
        Object.entries(made.response).map(([key, one]) => [key, typeof one === "string" ? bytes(one) : one]),
      );
      return {
        ...made,
        rawId: bytes(made.id),
        response: { ...response, getTransports: () => ["internal"] },
        getClientExtensionResults: () => ({}),
        authenticatorAttachment: "platform",
      };
    };
    interface Made {
      id: string;
      response: Record<string, unknown>;
    }
    navigator.credentials.create = does("create") as never;
    navigator.credentials.get = does("get") as never;
  });
}
