import type { SwaggerSystem } from "swagger-ui-dist/swagger-ui-es-bundle.js";

/**
 * Descriptions as the plain text they are, with `code` between backticks. Swagger UI would make HTML of them and insert
 * it, which the page's Trusted Types refuse, rightly: no text of a document becomes markup here.
 */
export function plainWords({ React }: SwaggerSystem) {
  const Markdown = ({ source, className = "" }: { source?: unknown; className?: string }) => {
    if (typeof source !== "string" || source === "") return null;
    // The library's own words (“Default value”) come in italics.
    const parts = source
      .replace(/<\/?i>/g, "")
      .split(/`([^`]+)`/)
      .map((part, index) => (index % 2 ? React.createElement("code", { key: index }, part) : part));
    return React.createElement("div", { className: `markdown ${className}` }, React.createElement("p", null, ...parts));
  };
  return { components: { Markdown } };
}
