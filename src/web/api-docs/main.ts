/**
 * /api/docs: the API to read and to try out, from the document that the server makes of its own routes. A page of its
 * own, so that nobody else loads Swagger UI (decision 0014).
 */
import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import "swagger-ui-dist/swagger-ui.css";
import "./api-docs.css";
import { lastCompany } from "../shell/last-company.ts";
import { apiDocs } from "../text/en/api-docs.ts";
import { plainWords } from "./plain-words.ts";

const dark = matchMedia("(prefers-color-scheme: dark)");
const chosen = document.documentElement.dataset["mantineColorScheme"];

/** Swagger UI's own switch for dark paper: a class on the root. */
function paint(): void {
  document.documentElement.classList.toggle("dark-mode", chosen ? chosen === "dark" : dark.matches);
}

paint();
dark.addEventListener("change", paint);
document.querySelector("#api-intro")!.textContent = apiDocs.intro;

/** The company somebody looked at last stands in every path already: nobody knows its id by heart. */
function withCompany(reply: { url?: string; text?: string; obj?: OpenApi; body?: OpenApi }) {
  const company = lastCompany();
  if (!company || !reply.url?.endsWith("/api/v1/openapi.json") || !reply.text) return reply;
  const document = JSON.parse(reply.text) as OpenApi;
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    const parameter = operation.parameters?.find(({ name, in: place }) => name === "company" && place === "path");
    if (parameter) parameter.schema.default = company;
  }
  return { ...reply, text: JSON.stringify(document), obj: document, body: document };
}

interface OpenApi {
  paths: Record<string, Record<string, { parameters?: { name: string; in: string; schema: { default?: string } }[] }>>;
}

SwaggerUI({
  dom_id: "#api",
  url: "/api/v1/openapi.json",
  responseInterceptor: withCompany,
  presets: [SwaggerUI.presets.apis],
  plugins: [plainWords],
  layout: "BaseLayout",
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  filter: true,
  // The badge would send the document's address to validator.swagger.io.
  validatorUrl: null,
  // A key typed in is forgotten with the page.
  persistAuthorization: false,
});
