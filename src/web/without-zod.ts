/**
 * Stands in for zod in the pages (see vite.config.ts). A page needs of a route only its method, path and what else is
 * plain in it; the schemas behind its types are the server's to apply. Leaving them out saves 27 KB of compressed
 * script and the building of some hundred schemas at each start, and keeps zod's attempt at `eval` off a page that
 * forbids it. Every schema is this one object; asking it to check something is a mistake and says so.
 */
const checking = new Set<PropertyKey>(["parse", "safeParse", "parseAsync", "safeParseAsync", "decode", "encode"]);

const schema: unknown = new Proxy(() => {}, {
  get(_, name) {
    if (checking.has(name)) throw new Error("The pages check nothing: the API does (see src/web/without-zod.ts).");
    // Not iterable, not a number, not a promise: whatever would read a schema as a value fails at once.
    return typeof name === "symbol" || name === "then" ? undefined : schema;
  },
  apply: () => schema,
});

export const z = schema;
export default schema;
