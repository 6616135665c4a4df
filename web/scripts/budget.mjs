// Prints what the first view weighs, and fails above the budget.
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const budget = 150_000; // bytes of JavaScript, gzip
const dist = pathToFileURL(resolve(process.argv[2] ?? "dist") + "/");
const page = readFileSync(new URL("index.html", dist), "utf8");
const weight = (name) => gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length;
const first = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((m) => m[1]);
const rest = readdirSync(new URL("assets/", dist)).map((n) => `assets/${n}`).filter((n) => /\.m?js$/.test(n) && !first.includes(n));
const sum = first.reduce((total, name) => total + weight(name), 0);
for (const name of first) console.log(`first view  ${String(weight(name)).padStart(8)} ${name}`);
for (const name of rest) console.log(`on demand   ${String(weight(name)).padStart(8)} ${name}`);
console.log(`budget: first view ${sum} of ${budget} bytes gzip`);
if (first.length === 0 || sum > budget) process.exit(1);
