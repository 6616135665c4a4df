// What goes wrong around the page: servers that die, networks that go, tabs that close.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, note, open, photo, Server, shot, Simulator, sleep, until } from "./harness.mjs";

let chrome;
before(async () => { chrome = await browser(); });
after(() => chrome.close());

const french = { locale: "fr-FR", viewport: { width: 1300, height: 900 } };
const modeOf = (page) => page.locator(".mode").getAttribute("data-mode");
const codes = (page) => page.locator(".timeline li").evaluateAll((all) => all.map((one) => one.dataset.code));

async function send(page, files) {
  await page.getByTestId("files").setInputFiles(files);
  await page.getByRole("button", { name: "Envoyer le lot" }).click();
  await page.locator(".entry").first().waitFor();
  return page.locator(".entry").first().getAttribute("data-entry");
}

test("the server is killed and comes back: the page recovers by itself", async (t) => {
  const sim = await new Simulator("--sequence", "429:8").start();
  t.after(() => sim.close());
  const server = await new Server({ GEMINI_BASE_URL: sim.url, GEMINI_API_KEY: "k", GEMINI_SUMMARY_ENABLED: "false" }).start();
  t.after(() => server.close());
  const context = await chrome.newContext(french);
  t.after(() => context.close());
  const page = await open(context, server.url);
  const id = await send(page, [photo(11), note()]);
  await page.goto(`${server.url}/#/batches/${id}`);
  await page.locator(".countdown").waitFor();
  await server.kill();
  await until("offline said", async () => (await modeOf(page)) === "offline", 60);
  await shot(page, "8-offline");
  await server.start();
  await until("live again", async () => (await modeOf(page)) === "live", 60);
  const view = await server.finished(id);
  await until("the whole timeline", async () => (await codes(page)).at(-1) === "report:available");
  assert.deepEqual(await codes(page), view.timeline.map((event) => event.code));
  assert.ok((await codes(page)).includes("pipeline:resumed"));
  assert.deepEqual(page.problems, []);
});

test("captured offline, kept through a reload, sent in order when the network returns", async (t) => {
  const server = await new Server().start();
  t.after(() => server.close());
  const context = await chrome.newContext(french);
  t.after(() => context.close());
  const page = await open(context, server.url);
  await until("live", async () => (await modeOf(page)) === "live");
  await page.evaluate(async () => { await navigator.serviceWorker.ready; });
  await until("the shell is kept", () => page.evaluate(() => navigator.serviceWorker.controller !== null));
  await context.setOffline(true);
  const first = await send(page, [note("un.txt", "premier")]);
  await until("waiting", async () => (await page.locator(".entry").getAttribute("data-state")) === "waiting");
  await send(page, [note("deux.txt", "second")]);
  await until("two kept", async () => (await page.locator(".entry").count()) === 2);
  await page.reload(); // the service worker serves the shell
  await until("two kept after a reload", async () => (await page.locator(".entry").count()) === 2);
  await shot(page, "9-kept-offline");
  await context.setOffline(false);
  await page.getByRole("button", { name: "Synchroniser" }).click();
  await until("both transmitted", async () => (await page.locator('.entry[data-state="transmitted"]').count()) === 2);
  const { items } = await server.json("/ingestion/batches");
  assert.equal(items.length, 2);
  assert.equal(items[1].batch_id, first, "in the order of capture");
  await page.getByRole("button", { name: "Vider la liste" }).click();
  await until("cleared", async () => (await page.locator(".entry").count()) === 0);
  assert.deepEqual(page.problems, []);
});

test("two tabs, one connection; the second goes on when the first closes", async (t) => {
  const server = await new Server().start();
  t.after(() => server.close());
  const context = await chrome.newContext(french);
  t.after(() => context.close());
  let streams = 0;
  context.on("request", (request) => { if (request.url().includes("/ingestion/events")) ++streams; });
  const one = await open(context, server.url);
  await until("live", async () => (await modeOf(one)) === "live");
  const two = await open(context, server.url);
  await until("live", async () => (await modeOf(two)) === "live");
  await sleep(500);
  assert.equal(streams, 1);
  await server.post("seen-by-both", [note()]);
  for (const tab of [one, two])
    await until("both see it end", () => tab.locator('.card[data-batch="seen-by-both"][data-status="completed"]').count());
  await one.close();
  await until("the other connects", () => streams === 2);
  await server.post("seen-by-one", [note()]);
  await until("it sees it end", () => two.locator('.card[data-batch="seen-by-one"][data-status="completed"]').count());
  assert.deepEqual(two.problems, []);
});

test("a blocked stream: the page polls and says so", async (t) => {
  const server = await new Server().start();
  t.after(() => server.close());
  const context = await chrome.newContext(french);
  t.after(() => context.close());
  await context.route("**/ingestion/events**", (route) => route.abort());
  const page = await open(context, server.url);
  await until("polling said", async () => (await modeOf(page)) === "polling", 20);
  const id = await send(page, [note()]);
  await until("transmitted", async () => (await page.locator(".entry").getAttribute("data-state")) === "transmitted");
  await until("its end is seen", () => page.locator(`.card[data-batch="${id}"][data-status="completed"]`).count());
  assert.deepEqual(page.problems, []);
});

test("a pause in the middle of an upload, then the rest", async (t) => {
  const server = await new Server().start();
  t.after(() => server.close());
  const context = await chrome.newContext(french);
  t.after(() => context.close());
  const page = await open(context, server.url);
  const session = await context.newCDPSession(page);
  await session.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 400_000 });
  await send(page, [photo(12), photo(13)]);
  await until("bytes are counted", async () => Number(await page.locator(".entry-files progress").first().getAttribute("value")) > 100_000);
  await page.getByRole("button", { name: "Mettre en pause" }).click();
  await until("paused", async () => (await page.locator(".entry").getAttribute("data-state")) === "paused");
  await sleep(300);
  assert.equal((await server.json("/ingestion/batches")).items.length, 0, "nothing half-stored");
  await session.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  await page.locator(".entry").getByRole("button", { name: "Reprendre" }).click();
  await until("transmitted", async () => (await page.locator(".entry").getAttribute("data-state")) === "transmitted");
  assert.deepEqual(page.problems, []);
});
