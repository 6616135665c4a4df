// The page's policy allows no script in the page, and nothing from elsewhere:
// no validator badge, no foreign document by ?url=.
globalThis.SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  validatorUrl: null,
  queryConfigEnabled: false,
  defaultModelsExpandDepth: 0,
});
