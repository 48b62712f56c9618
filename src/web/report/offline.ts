/** Where there is https (or this computer itself), the page opens without a connection and sends by itself. */
const script = "/r/worker.js";

interface Factory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}
const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
/** The page's one Trusted Types policy: this script, and nothing else. */
const policy = factory?.createPolicy("openbook", {
  createScriptURL(url) {
    if (url !== script) throw new TypeError("Not the report page's worker.");
    return url;
  },
});

let registered: Promise<ServiceWorkerRegistration | undefined> | undefined;

export function workOffline(): void {
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  const url = policy ? policy.createScriptURL(script) : script;
  registered = navigator.serviceWorker.register(url, { scope: "/r", type: "module" }).catch(() => undefined);
}

/** Asks for what waits to be sent when there is a connection. @returns whether that happens with the page closed too */
export async function sendLater(): Promise<boolean> {
  const registration = (await registered) as
    | (ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } })
    | undefined;
  if (!registration?.sync || !registration.active) return false;
  return registration.sync.register("reports").then(
    () => true,
    () => false,
  );
}
