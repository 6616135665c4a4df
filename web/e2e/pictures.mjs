// Makes docs/pictures, the pictures of the README, with the real programs:
//   cd web && node e2e/pictures.mjs      (needs tmux and aha)
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { browser, build, note, Server, Simulator, sleep, until } from "./harness.mjs";

const target = resolve("../docs/pictures");
mkdirSync(target, { recursive: true });
const chromium = await browser();

/** A label as somebody would photograph it. */
async function label(name, title, text, colour) {
  const page = await chromium.newPage({ viewport: { width: 900, height: 600 } });
  await page.setContent(`<body style="margin:0;background:#8a8f94;display:grid;place-items:center;height:600px">
    <div style="background:#fff;border-top:70px solid ${colour};padding:30px 60px;font:34px 'DejaVu Sans';transform:rotate(-1deg)">
    <h2 style="margin:0 0 20px">${title}</h2>${text.join("<br>")}</div>`);
  const buffer = await page.screenshot();
  await page.close();
  return { name, buffer };
}

const evidence = async (site) => [
  await label("extincteur-hall.png", "EXTINCTEUR 04", [site, "Eau pulvérisée 6 L", "Dernier contrôle : 03/2019"], "#b3261e"),
  await label("armoire-electrique.png", "DANGER 400 V", [site, "Armoire TGBT 2", "Porte ouverte"], "#c98a00"),
  await label("poste-accueil.png", "ACCUEIL", [site, "Session : admin", "Mot de passe : ete2026"], "#1d4e89"),
  note("ronde.txt", "Ronde du soir. Zone Nord : la porte coupe-feu ne ferme plus. Extincteur absent.\n"),
];

const simulator = await new Simulator("--rpm", "4", "--latency", "1-2").start();
const server = await new Server({ GEMINI_API_KEY: "demo", GEMINI_BASE_URL: simulator.url }, 2).start();
await server.post("site-nord-0311", await evidence("Site nord"));
await server.finished("site-nord-0311", 200);
const busy = await Promise.all(Array.from({ length: 8 }, (_, n) => evidence(`Site sud ${n + 1}`)));
for (const [n, files] of busy.entries())
  await server.post(`site-sud-${n + 1}`, files);

const page = await chromium.newPage({ viewport: { width: 1280, height: 900 }, locale: "en-GB", timezoneId: "Europe/Paris" });
await page.goto(`${server.url}/#/batches/site-nord-0311`);
await page.getByText("site-nord-0311").first().click();
await page.getByText("Total score").waitFor();
await sleep(500); // thumbnails
await page.screenshot({ path: join(target, "page.png") });

const store = join(server.folder, "storage");
const admin = join(build, "vigie-admin");
execFileSync(join(build, "vigied"), ["cert", "ops", "--role", "admin", "--storage", store, "--out", join(server.folder, "ops.pem")]);
const tmux = (...words) => execFileSync("tmux", ["-f", "/dev/null", "-S", join(server.folder, "tmux"), ...words], { encoding: "utf8" });
const port = await until("the port of nodes", () => /join on port (\d+)/.exec(server.said()));
tmux("new-session", "-d", "-x", "110", "-y", "30", `${admin} --connect 127.0.0.1:${port[1]} --bundle ${join(server.folder, "ops.pem")} top`);
await sleep(2500);
for (let n = 0; n < 6; ++n)
  await server.post(`site-est-${n + 1}`, busy[n].map((file) => ({ ...file, name: `est-${file.name}` })));
await sleep(1200);
const screen = tmux("capture-pane", "-e", "-p");
tmux("kill-server");
const html = execFileSync("aha", ["--black"], { input: screen, encoding: "utf8" })
  .replace(/<span [^>]*>(?=KIND)/, '<span style="color:black;background:#ddd">'); // aha has no reverse video
const terminal = await chromium.newPage({ viewport: { width: 1000, height: 560 } });
await terminal.setContent(html.replace("</head>", "<style>body{margin:14px}pre{font:14px 'DejaVu Sans Mono';margin:0}</style></head>"));
await terminal.screenshot({ path: join(target, "top.png") });

await chromium.close();
await server.close();
await simulator.close();
