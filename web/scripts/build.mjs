// node build.mjs [DIST]: checks the types, builds, adds the API's documents, weighs.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const dist = process.argv[2] ?? fileURLToPath(new URL("../dist", import.meta.url));
const steps = [
  ["tsc", "--noEmit"],
  ["vite", "build", "--emptyOutDir", "--logLevel", "warn", "--outDir", dist],
];
const run = (...words) => spawnSync(words[0], words.slice(1), { stdio: "inherit" }).status === 0;
const script = (name) => fileURLToPath(new URL(name, import.meta.url));
for (const step of steps) if (!run("npx", "--no-install", ...step)) process.exit(1);
// After Vite: the service worker must not fetch the API's pages beforehand.
if (!run("node", script("docs.mjs"), dist) || !run("node", script("budget.mjs"), dist)) process.exit(1);
