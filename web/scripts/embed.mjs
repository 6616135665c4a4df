// Makes web_assets.cpp of the built UI: each file as it is, gzip and brotli,
// taken into the program by the assembler. node embed.mjs DIST OUT
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join, relative, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [dist, out] = process.argv.slice(2).map((path) => resolve(path));
const types = {
  ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json", ".json": "application/json", ".txt": "text/plain; charset=utf-8",
};
const files = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
  .filter((file) => extname(file) !== ".map").sort();

mkdirSync(join(out, "bytes"), { recursive: true });
const lines = [];
const symbols = [];

function blob(name, bytes) {
  const file = join(out, "bytes", name);
  writeFileSync(file, bytes);
  symbols.push(name);
  lines.push(`asm(".section .rodata\\n.balign 16\\n.global ${name}\\n${name}:\\n.incbin \\"${file}\\"\\n.global ${name}_end\\n${name}_end:\\n.byte 0\\n.text\\n");`);
  return `{${name}, std::size_t(${name}_end - ${name})}`;
}

const rows = files.map((file, i) => {
  const bytes = readFileSync(file);
  const type = types[extname(file)];
  if (!type) throw new Error(`no content type for ${file}`);
  const path = "/" + relative(dist, file);
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  const variants = [blob(`web_${i}`, bytes), blob(`web_${i}_gz`, gzipSync(bytes, { level: 9 })), blob(`web_${i}_br`, brotli)];
  const hash = createHash("sha256").update(bytes).digest("hex");
  return `  {"${path}", "${type}", "\\"${hash.slice(0, 32)}\\"", ${path.startsWith("/assets/")},\n   ${variants.join(",\n   ")}},`;
});

writeFileSync(join(out, "web_assets.cpp"), `// Made by web/scripts/embed.mjs.
#include "http/page.hpp"

${lines.join("\n")}
extern "C" {
${symbols.map((name) => `extern const char ${name}[], ${name}_end[];`).join("\n")}
}

namespace vigie {

std::span<const web_asset> web_assets() {
  static const web_asset all[] = {
${rows.join("\n")}
  };
  return all;
}

} // namespace vigie
`);
console.log(`embed: ${files.length} files of the UI`);
