import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const root = fileURLToPath(new URL(".", import.meta.url));
const programs = [
  "src/imports/read-child.ts",
  "src/imports/read-every-sheet-child.ts",
  "src/exports/read-archive-child.ts",
];

/**
 * Builds the programs that read foreign files to dist/programs. A process that starts for every file must be quick:
 * from here it strips no types, looks for no packages and loads of them only what it uses.
 */
export default defineConfig({
  root,
  publicDir: false,
  plugins: [sources()],
  ssr: { noExternal: true },
  build: {
    ssr: true,
    target: "node26",
    outDir: "dist/programs",
    emptyOutDir: true,
    minify: false,
    reportCompressedSize: false,
    rolldownOptions: {
      input: programs.map((program) => root + program),
      output: { entryFileNames: "[name].mjs", chunkFileNames: "[name]-[hash].mjs" },
    },
  },
});

/** Says beside the programs what they were made of (packages by the lock file), so that a stale one is never run. */
function sources(): Plugin {
  const digestOf = (path: string) =>
    createHash("sha256")
      .update(readFileSync(root + path))
      .digest("hex");
  const fromRoot = (path: string) => relative(root, path).replaceAll("\\", "/");
  return {
    name: "sources",
    generateBundle(_, bundle) {
      const own = [...this.getModuleIds()].map(fromRoot).filter((path) => path.startsWith("src/"));
      const read = [...own.toSorted(), "vite.programs.config.ts", "package-lock.json"];
      const made = {
        programs: Object.fromEntries(
          Object.values(bundle).flatMap((file) =>
            file.type === "chunk" && file.isEntry ? [[fromRoot(file.facadeModuleId!), file.fileName]] : [],
          ),
        ),
        sources: Object.fromEntries(read.map((path) => [path, digestOf(path)])),
      };
      this.emitFile({ type: "asset", fileName: "made-of.json", source: `${JSON.stringify(made, null, 2)}\n` });
    },
  };
}
