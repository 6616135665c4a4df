// The real programs and a real browser, each test with its own of them.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";
import { deflateSync, crc32 as zlibCrc } from "node:zlib";

export const build = resolve(process.env.TEST_BUILD ?? "../build/dev");
export const output = resolve(process.env.VIGIE_E2E_OUTPUT ?? join(build, "e2e"));
mkdirSync(output, { recursive: true });
export { sleep };

/** Asks until it answers something true; the last failure says what was wanted. */
export async function until(what, ask, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const got = await ask();
    if (got) return got;
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await sleep(50);
  }
}

export function freePort() {
  return new Promise((done) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

class Program {
  constructor(name, args, env = {}) {
    this.folder = mkdtempSync(join(tmpdir(), `${name}-`));
    this.log = join(this.folder, "log");
    this.name = name;
    this.args = args;
    this.env = { PATH: process.env.PATH, HOME: process.env.HOME, ...env };
  }

  async start(ready) {
    const log = openSync(this.log, "w");
    this.process = spawn(join(build, this.name), this.args(this.folder), {
      stdio: ["ignore", log, log], env: this.env,
    });
    this.ended = new Promise((done) => this.process.on("exit", done));
    const found = await until(`${this.name} ready`, () => {
      if (this.process.exitCode !== null) throw new Error(`${this.name} ended: ${readFileSync(this.log)}`);
      return ready.exec(String(readFileSync(this.log)));
    });
    return found;
  }

  /** All that it has written. */
  said() {
    return String(readFileSync(this.log));
  }

  async kill(signal = "SIGKILL") {
    if (this.process?.exitCode === null && this.process.signalCode === null) this.process.kill(signal);
    await this.ended;
  }

  async close() {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class Simulator extends Program {
  constructor(...args) {
    super("gemini-sim", () => ["--lifetime", "600", ...args]);
  }

  async start() {
    this.url = (await super.start(/http:\/\/\S+/))[0];
    return this;
  }
}

export class Server extends Program {
  constructor(env = {}, workers = 1) {
    super("vigied", (folder) => [
      "--listen", `127.0.0.1:${this.port}`, "--remote-listen", "127.0.0.1:0",
      "--workers", String(workers), "--storage", join(folder, "storage"),
    ], env);
  }

  async start() {
    this.port ??= await freePort(); // the same one after a restart
    await super.start(/ready on http/);
    this.url = `http://127.0.0.1:${this.port}`;
    return this;
  }

  async json(path) {
    return (await fetch(`${this.url}/api/v1${path}`)).json();
  }

  async post(id, files) {
    const form = new FormData();
    form.append("client_batch_id", id);
    for (const file of files) form.append("files", new Blob([file.buffer]), file.name);
    const answer = await fetch(`${this.url}/api/v1/ingestion/batches`, { method: "POST", body: form });
    return answer.status;
  }

  finished(id, seconds = 60) {
    return until(`${id} ended`, async () => {
      const view = await this.json(`/ingestion/batches/${id}`);
      return view.status !== "processing" && view;
    }, seconds);
  }
}

export async function browser() {
  return chromium.launch({
    executablePath: process.env.VIGIE_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/** A page whose errors fail the test that made it. */
export async function open(context, url) {
  const page = await context.newPage();
  page.problems = [];
  page.on("pageerror", (error) => page.problems.push(String(error)));
  page.on("console", (line) => {
    if (line.type() === "error" && !/Failed to load resource|ERR_|net::/.test(line.text())) page.problems.push(line.text());
  });
  await page.goto(url);
  return page;
}

export const shot = (page, name) => page.screenshot({ path: join(output, `${name}.png`), fullPage: true });

// -- evidence made here

const crcTable = Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; ++k) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});
const crc32 = zlibCrc ?? ((bytes) => {
  let c = 0xffffffff;
  for (const byte of bytes) c = crcTable[(c ^ byte) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
});

function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, "ascii"), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body) >>> 0, body.length + 4);
  return out;
}

/** A picture that is not like those of other seeds. */
export function png(seed, width = 640, height = 480) {
  const rows = Buffer.alloc(height * (width * 3 + 1));
  for (let y = 0, at = 0; y < height; ++y) {
    rows[at++] = 0;
    for (let x = 0; x < width; ++x) {
      const block = ((x >> 5) * 7 + (y >> 5) * 13 + seed * 31) % 97;
      rows[at++] = (block * 5 + seed * 40 + (x ^ y)) & 255;
      rows[at++] = (block * 3 + y) & 255;
      rows[at++] = (x + seed * 17) & 255;
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

export const photo = (seed) => ({ name: `photo-${seed}.png`, mimeType: "image/png", buffer: png(seed) });
export const note = (name = "notes.txt", text = "Ronde du soir. Zone Nord : la porte coupe-feu ne ferme plus. Extincteur absent.\n") =>
  ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
