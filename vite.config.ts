import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Builds the pages to dist/web: hashed files, nothing inlined (the Content-Security-Policy allows no data: fonts). */
export default defineConfig({
  root: "src/web",
  base: "/",
  publicDir: "public",
  plugins: [react()],
  build: {
    outDir: "../../dist/web",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
  },
});
