import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import chromiumBuild from "@sparticuz/chromium";
import { chromium, type BrowserContext } from "playwright-core";
import { build } from "vite";
import type { Figure } from "./figure.ts";
import type { Stage } from "./stage.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const bound = 220;

/**
 * The script that a browser with an empty cache loads until the overview of a company with calls stands there: bytes
 * on the wire, as Chromium counts them, beside the libraries alone that every page is made with.
 */
export async function overviewScript(stage: Stage): Promise<Figure[]> {
  const { installation, company } = await stage.alone();
  const { server, cookie } = installation;
  const browser = await chromium.launch({
    executablePath: await chromiumBuild.executablePath(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
  });
  try {
    const [name = "", value = ""] = cookie.split("=");
    const context = await browser.newContext({ baseURL: server.url });
    await context.addCookies([{ name, value, url: server.url }]);
    const loaded = await loadedScript(context, `/c/${company.id}`);
    const floor = await librariesAlone(join(await stage.folder(), "libraries"));
    return [
      {
        name: "overview-script",
        what: "script of the overview's first load, compressed",
        value: loaded.transferred / 1000,
        unit: "KB",
        floor: { value: floor / 1000, what: "React, router, query and Mantine's frame alone, built and compressed so" },
        ratio: loaded.transferred / floor,
        target: { of: "value", at: "most", bound },
        more: { files: loaded.files, "KB with gzip": loaded.gzip / 1000, "KB unpacked": loaded.unpacked / 1000 },
      },
    ];
  } finally {
    await browser.close();
  }
}

interface Loaded {
  files: number;
  transferred: number;
  gzip: number;
  unpacked: number;
}

const isScript = (url: string) => new URL(url).pathname.endsWith(".js");

async function loadedScript(context: BrowserContext, path: string): Promise<Loaded> {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  const scripts = new Set<string>();
  let transferred = 0;
  session.on("Network.responseReceived", ({ requestId, response }) => {
    if (isScript(response.url)) scripts.add(requestId);
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) transferred += encodedDataLength;
  });
  const bodies: Promise<Buffer>[] = [];
  page.on("response", (response) => {
    if (isScript(response.url())) bodies.push(response.body());
  });
  await page.goto(path);
  await page.locator("#numbers").waitFor();
  await page.waitForLoadState("networkidle");
  const sizes = (await Promise.all(bodies)).map((body) => [body.length, gzipSync(body).length] as const);
  const sum = (which: 0 | 1) => sizes.reduce((total, size) => total + size[which], 0);
  return { files: scripts.size, transferred, gzip: sum(1), unpacked: sum(0) };
}

/** What a page with nothing on it costs with the same libraries. @returns bytes */
async function librariesAlone(folder: string): Promise<number> {
  // Beside the sources, so that the packages are found; gone again before anybody looks.
  const entry = join(root, `.libraries-${process.pid}.tsx`);
  await writeFile(entry, librariesOnly);
  try {
    const made = await build({
      root,
      configFile: false,
      logLevel: "error",
      publicDir: false,
      build: {
        outDir: folder,
        write: false,
        modulePreload: { polyfill: false },
        rolldownOptions: { input: entry, treeshake: true },
      },
    });
    const outputs = (Array.isArray(made) ? made : [made]).flatMap((one) => ("output" in one ? one.output : []));
    const code = outputs.flatMap((one) => (one.type === "chunk" ? [one.code] : []));
    return code.reduce((total, text) => total + brotli(text), 0);
  } finally {
    await rm(entry, { force: true });
  }
}

/** As the server does. */
function brotli(text: string): number {
  return brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }).length;
}

const librariesOnly = `
import { MantineProvider, Button } from "@mantine/core";
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { createRootRoute, createRouter, RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
const Page = () => <Button>{String(useQuery({ queryKey: ["one"], queryFn: () => 1 }).data)}</Button>;
const router = createRouter({ routeTree: createRootRoute({ component: Page }) });
createRoot(document.body).render(
  <StrictMode><MantineProvider><QueryClientProvider client={new QueryClient()}>
    <RouterProvider router={router} />
  </QueryClientProvider></MantineProvider></StrictMode>,
);
`;
