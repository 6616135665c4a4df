// node e2e/measure.mjs: first view and scrolling with 10,000 batches, in figures.
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { browser, note, Server, sleep, until } from "./harness.mjs";

const wanted = Number(process.env.VIGIE_MEASURE_BATCHES ?? 10_000);
const server = await new Server().start();
const chrome = await browser();
const quantile = (list, q) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * q))] ?? 0;
try {
  await server.post("seed", [note()]);
  await server.finished("seed");
  // Copies of one real batch: the list is what is measured, not the analysis.
  const folder = join(server.folder, "storage");
  const db = join(folder, readdirSync(folder).find((name) => name.endsWith(".db") || name.endsWith(".sqlite3") || name.endsWith(".sqlite")));
  const columns = execFileSync("sqlite3", [db, "select group_concat(name) from pragma_table_info('audit_batches') where name not in ('id','created_at')"], { encoding: "utf8" }).trim();
  execFileSync("sqlite3", ["-cmd", ".timeout 5000", db, `
    with recursive n(i) as (select 1 union all select i + 1 from n where i < ${wanted - 1})
    insert into audit_batches (id, created_at, ${columns})
    select printf('copy-%05d', i), strftime('%Y-%m-%d %H:%M:%f', '2026-01-01', printf('+%d minutes', i)), ${columns}
    from n, audit_batches where audit_batches.id = 'seed'`]);
  const context = await chrome.newContext({ viewport: { width: 1300, height: 1000 }, serviceWorkers: "block" });
  const page = await context.newPage();
  await page.goto(server.url);
  await page.locator(".card").first().waitFor();
  const times = [];
  for (let i = 0; i < 7; ++i) {
    const fresh = await (await chrome.newContext({ serviceWorkers: "block" })).newPage();
    await fresh.goto(server.url);
    await fresh.locator(".card").first().waitFor();
    times.push(await fresh.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN));
    await fresh.context().close();
  }
  console.log(`first contentful paint, cold cache, ${times.length} loads: median ${quantile(times, 0.5).toFixed(0)} ms, worst ${Math.max(...times).toFixed(0)} ms (budget 1000)`);

  // Frames of the page as it is, then of the same page while the list scrolls.
  const frames = (scroll) => page.evaluate(async (moving) => {
    const list = document.querySelector(".list");
    const out = [];
    let before = await new Promise(requestAnimationFrame);
    for (let i = 0; i < 600; ++i) {
      if (moving) list.scrollTop += 60;
      const now = await new Promise(requestAnimationFrame);
      out.push(now - before);
      before = now;
    }
    return out;
  }, scroll);
  await sleep(500);
  const floor = await frames(false);
  await until("all pages", async () => {
    await page.evaluate(() => { const list = document.querySelector(".list"); list.scrollTop = list.scrollHeight; });
    return (await page.evaluate(() => document.querySelector(".list").scrollHeight)) > wanted * 90;
  }, 120);
  await page.evaluate(() => { document.querySelector(".list").scrollTop = 0; });
  await sleep(500);
  const session = await context.newCDPSession(page);
  await session.send("Tracing.start", { categories: "devtools.timeline,disabled-by-default-devtools.timeline.frame", transferMode: "ReportEvents" });
  const traced = [];
  session.on("Tracing.dataCollected", ({ value }) => traced.push(...value));
  const moved = await frames(true);
  const done = new Promise((end) => session.once("Tracing.tracingComplete", end));
  await session.send("Tracing.end");
  await done;
  const tasks = traced.filter((one) => one.name === "RunTask" && one.dur > 50_000).length;
  const say = (name, list) => console.log(`${name}: ${(1000 / (list.reduce((a, b) => a + b) / list.length)).toFixed(1)} frames/s, p95 ${quantile(list, 0.95).toFixed(1)} ms, worst ${Math.max(...list).toFixed(1)} ms`);
  const rows = await page.locator(".row").count();
  say("floor, nothing moves       ", floor);
  say(`scrolling ${wanted} batches`, moved);
  console.log(`ratio of frame times, p95: ${(quantile(moved, 0.95) / quantile(floor, 0.95)).toFixed(2)}; tasks over 50 ms in the trace: ${tasks}; rows in the page: ${rows}`);
} finally {
  await chrome.close();
  await server.close();
}
