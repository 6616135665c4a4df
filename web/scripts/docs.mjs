// Makes openapi.json and the pages of /docs. node docs.mjs DIST
// The document is written by hand in http/openapi.yaml; one that is not OpenAPI
// 3.1 ends the build.
import { Validator } from "@seriousme/openapi-schema-validator";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const dist = resolve(process.argv[2] ?? "dist");
const from = (path) => fileURLToPath(new URL(path, import.meta.url));
const text = readFileSync(from("../../http/openapi.yaml"), "utf8");
// `<<` shares the answers that every path has; what it takes them from is left out.
const whole = Object.entries(parse(text, { merge: true }));
const api = Object.fromEntries(whole.filter(([name]) => !name.startsWith("x-shared")));

const verdict = await new Validator().validate(structuredClone(api));
if (!verdict.valid) {
  console.error("http/openapi.yaml:", JSON.stringify(verdict.errors, null, 1));
  process.exit(1);
}

const pages = join(dist, "docs");
mkdirSync(pages, { recursive: true });
writeFileSync(join(dist, "openapi.json"), JSON.stringify(api));
for (const name of ["index.html", "start.js"]) copyFileSync(from(`../docs/${name}`), join(pages, name));
const viewer = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
for (const name of ["swagger-ui-bundle.js", "swagger-ui-bundle.js.LICENSE.txt", "swagger-ui.css"])
  copyFileSync(join(viewer, name), join(pages, name));
copyFileSync(join(viewer, "LICENSE"), join(pages, "swagger-ui.LICENSE.txt"));
console.log(`docs: ${Object.keys(api.paths).length} paths`);
