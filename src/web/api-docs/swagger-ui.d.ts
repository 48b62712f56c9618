/** What this page uses of Swagger UI, which brings no types of its own. */
declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  export interface SwaggerSystem {
    React: typeof import("react");
  }
  interface SwaggerUI {
    (options: Record<string, unknown>): unknown;
    presets: { apis: unknown };
  }
  const SwaggerUI: SwaggerUI;
  export default SwaggerUI;
}
