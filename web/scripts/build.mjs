// node build.mjs [DIST]: checks the types, builds, weighs.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const dist = process.argv[2] ?? fileURLToPath(new URL("../dist", import.meta.url));
const steps = [
  ["tsc", "--noEmit"],
  ["vite", "build", "--emptyOutDir", "--logLevel", "warn", "--outDir", dist],
];
for (const [program, ...args] of steps)
  if (spawnSync("npx", ["--no-install", program, ...args], { stdio: "inherit" }).status !== 0) process.exit(1);
const weighed = spawnSync("node", [fileURLToPath(new URL("budget.mjs", import.meta.url)), dist], { stdio: "inherit" });
process.exit(weighed.status ?? 1);
