import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

/** Builds the pages to dist/web: hashed files, nothing inlined (the Content-Security-Policy allows no data: fonts). */
export default defineConfig({
  root: "src/web",
  base: "/",
  publicDir: "public",
  plugins: [react()],
  // The contracts' schemas are the server's to apply; the pages need only their types.
  resolve: { alias: { zod: fileURLToPath(new URL("src/web/without-zod.ts", import.meta.url)) } },
  build: {
    outDir: "../../dist/web",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // Swagger UI, on the page of the API alone.
    chunkSizeWarningLimit: 1600,
    rolldownOptions: {
      input: [
        "src/web/index.html",
        "src/web/api-docs.html",
        "src/web/report.html",
        "src/web/follow.html",
        "src/web/report/worker.ts",
      ].map((page) => fileURLToPath(new URL(page, import.meta.url))),
      output: {
        // A service worker keeps its address: under another one it would be another worker.
        entryFileNames: ({ name }) => (name === "worker" ? "r/worker.js" : "assets/[name]-[hash].js"),
        // What every page needs comes as one file instead of thirty small ones; dialogs, suggestions, the palette and
        // the notices bring half as much again and wait until they are wanted.
        codeSplitting: {
          groups: [
            // What the page of the API shares with the others: in the frame, it would bring the whole frame along.
            { name: "last-company", test: /\/shell\/last-company\.ts$/, priority: 1 },
            {
              name: "frame",
              test: /\/src\/web\/(?!api-docs|report|follow|text\/en\/(?:report|follow)\.ts|text\/en\/api-docs|shell\/(?:CommandPalette|ShortcutsDialog|NoCompany|last-company)|ui\/(?:Dialog|Suggest|Palette|Notices|CopyField|QrCode|TagsField)|live\/|FormDialog)/,
            },
          ],
        },
      },
    },
  },
});
