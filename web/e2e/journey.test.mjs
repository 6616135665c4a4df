// What an auditor does, against the real server, the simulator and Chromium.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { browser, note, open, photo, Server, shot, Simulator, sleep, until } from "./harness.mjs";

let chrome;
before(async () => { chrome = await browser(); });
after(() => chrome.close());

const codes = (page) => page.locator(".timeline li").evaluateAll((all) => all.map((one) => one.dataset.code));

async function send(page, files, button = "Envoyer le lot") {
  await page.getByTestId("files").setInputFiles(files);
  await page.getByRole("button", { name: button }).click();
  return page.locator(".entry").first().getAttribute("data-entry");
}

const french = { locale: "fr-FR", viewport: { width: 1300, height: 900 } };

test("three files from the drop zone to a report that is what it says", async (t) => {
  const sim = await new Simulator("--latency", "0.1-0.2", "--findings", "2").start();
  t.after(() => sim.close());
  const server = await new Server({ GEMINI_BASE_URL: sim.url, GEMINI_API_KEY: "k" }).start();
  t.after(() => server.close());
  const context = await chrome.newContext(french);
  t.after(() => context.close());
  const page = await open(context, server.url);
  await until("live", async () => (await page.locator(".mode").getAttribute("data-mode")) === "live");
  await shot(page, "1-empty");
  await page.getByTestId("files").setInputFiles([photo(1), photo(2), note()]);
  await until("vignettes", async () => (await page.locator(".chosen img").count()) === 2);
  await shot(page, "2-chosen");
  await page.getByRole("button", { name: "Envoyer le lot" }).click();
  await until("received", async () => (await page.locator(".entry-files .transmitted").count()) === 3);
  const id = await page.locator(".entry").getAttribute("data-entry");
  await page.locator(`.card[data-batch="${id}"] h3 a`).click();
  const view = await server.finished(id);
  assert.equal(view.status, "completed");
  await until("completed shown", () => page.locator('.batch .status[data-status="completed"]').count());
  await until("every step shown", async () => (await codes(page)).at(-1) === "report:available");
  assert.deepEqual(await codes(page), view.timeline.map((event) => event.code));
  for (const code of ["ingestion:received", "metadata:extracted", "analysis:start", "vision:start", "vision:complete",
    "ocr:start", "ocr:complete", "analysis:complete", "gemini:start", "gemini:complete", "scoring:complete",
    "summary:complete", "report:generated", "report:available"])
    assert.ok((await codes(page)).includes(code), code);
  await page.locator(".batch .report-link .quiet").first().waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"), page.locator(".batch .report-link a").click()]);
  const hash = createHash("sha256").update(readFileSync(await download.path())).digest("hex");
  assert.equal(hash, await page.locator(".hash.whole code").innerText());
  assert.equal(hash, view.report_hash);
  await page.locator(".batch .report-link").getByRole("button", { name: "Vérifier" }).click();
  await page.getByText("Vérifié").waitFor();
  await page.getByText("Aperçu").click();
  await page.locator('.pdf canvas[data-page="1"]').waitFor();
  assert.match(await page.locator('.observations[data-source="local"] q').first().innerText(), /porte coupe-feu|Extincteur/);
  assert.equal(await page.locator('.batch .stepper [data-step="gemini"]').getAttribute("data-state"), "done");
  await until("chart", () => page.locator(".risk canvas").count());
  await shot(page, "4-results");
  await page.locator('.observations[data-source="gemini"] button').first().click();
  await page.locator("dialog[open] img").waitFor();
  assert.equal(await page.locator("dialog .box").count(), 2);
  const [box, image] = await Promise.all(["dialog .box", "dialog img"].map((one) => page.locator(one).first().boundingBox()));
  const told = JSON.parse(view.observations.find((one) => one.source === "gemini").extra.box_1000);
  assert.ok(Math.abs((box.y - image.y) / image.height - told[0] / 1000) < 0.02, "the box lies where the model said");
  const width = async () => (await page.locator("dialog img").boundingBox()).width;
  await page.getByRole("button", { name: "Zoom avant" }).click();
  await until("zoomed", async () => (await width()) > image.width * 1.3);
  await sleep(300);
  await shot(page, "5-viewer");
  await page.keyboard.press("Escape");
  await until("closed", async () => (await page.locator("dialog").count()) === 0);
  await until("spoken", async () => (await page.locator('[aria-live="polite"]').innerText()) === "Rapport disponible");
  const before = (await codes(page)).length;
  await page.getByRole("button", { name: "Relancer l'analyse Gemini" }).click();
  await until("run again", async () => (await codes(page)).length > before && (await codes(page)).at(-1) === "report:available");
  const again = await server.finished(id);
  assert.deepEqual(await codes(page), again.timeline.map((event) => event.code));
  assert.deepEqual(page.problems, []);
});

test("« Transmis » comes with ingestion:received, not with the 202", async (t) => {
  const server = await new Server({}, 0).start(); // no worker: the pipeline stands still
  t.after(() => server.close());
  const context = await chrome.newContext(french);
  t.after(() => context.close());
  // The stream and the snapshot are held back; the POST is not.
  let held = true;
  const hold = async (route) => {
    while (held) await sleep(20);
    await route.continue().catch(() => undefined);
  };
  await context.route("**/ingestion/events**", hold);
  await context.route(/ingestion\/batches\/[^/]+$/, hold);
  const page = await open(context, server.url);
  const answered = page.waitForResponse((answer) => answer.request().method() === "POST");
  await page.getByTestId("files").setInputFiles([photo(3), note()]);
  await page.getByRole("button", { name: "Envoyer le lot" }).click();
  const answer = await answered;
  assert.equal(answer.status(), 202);
  const body = await answer.json();
  assert.equal(body.status, "processing");
  assert.deepEqual(body.timeline, []);
  await until("sent", async () => (await page.locator(".entry").getAttribute("data-state")) === "sent");
  await sleep(500);
  assert.equal(await page.locator(".transmitted").count(), 0);
  held = false;
  await until("transmitted", async () => (await page.locator(".entry").getAttribute("data-state")) === "transmitted");
  // The promise of submitFiles resolved long ago, and the work has not been done.
  assert.equal((await server.json(`/ingestion/batches/${body.batch_id}`)).status, "processing");
  await page.locator(".card .status").getByText("Analyse en cours").waitFor();
  assert.deepEqual(page.problems, []);
});

test("a tight quota: the countdown follows resumeAt, then the batch ends", async (t) => {
  const sim = await new Simulator("--sequence", "ok,429:6", "--latency", "0.05-0.1").start();
  t.after(() => sim.close());
  const server = await new Server({ GEMINI_BASE_URL: sim.url, GEMINI_API_KEY: "k", GEMINI_SUMMARY_ENABLED: "false" }).start();
  t.after(() => server.close());
  const context = await chrome.newContext(french);
  t.after(() => context.close());
  const page = await open(context, server.url);
  const id = await send(page, [photo(4), photo(5)]);
  await page.goto(`${server.url}/#/batches/${id}`);
  const countdown = page.locator(".countdown");
  await countdown.waitFor();
  const words = await countdown.innerText();
  assert.match(words, /Gemini reprend à \d\d:\d\d:\d\d \(quota\), \d+\smin(\s\d+\ss)? de budget/u);
  const view = await server.json(`/ingestion/batches/${id}`);
  const told = view.timeline.findLast((event) => event.code === "gemini:waiting");
  assert.equal(Number(await countdown.getAttribute("data-resume-at")), Date.parse(told.details.resumeAt));
  const left = async () => Number(/dans\s(\d+)/u.exec(await countdown.innerText())?.[1]);
  const first = await left();
  await sleep(2100);
  assert.ok((await left()) <= first - 2, "the countdown counts");
  assert.match(await page.locator(".estimate").innerText(), /pause comprise/);
  await shot(page, "3-waiting");
  await page.emulateMedia({ colorScheme: "dark" });
  await shot(page, "3-waiting-dark");
  await server.finished(id);
  await until("the countdown goes", async () => (await countdown.count()) === 0);
  assert.deepEqual(page.problems, []);
});

test("a refusal names the file, and the rest can be sent", async (t) => {
  const server = await new Server().start();
  t.after(() => server.close());
  const context = await chrome.newContext(french);
  t.after(() => context.close());
  const page = await open(context, server.url);
  await send(page, [note(), { name: "outil.exe", mimeType: "application/octet-stream", buffer: Buffer.from("MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0\xb8", "latin1") }]);
  await page.locator('.entry[data-state="refused"] .problem').waitFor();
  assert.match(await page.locator(".entry .problem").innerText(), /outil\.exe/);
  await shot(page, "6-refused");
  await page.getByRole("button", { name: "Retirer outil.exe et envoyer le reste" }).click();
  await until("the rest arrives", () => page.locator('.entry[data-state="transmitted"]').count());
  assert.equal(await page.locator(".entry-files li").count(), 1);
  assert.deepEqual(page.problems, []);
});

test("a failure is shown in words, and can be retried and deleted", async (t) => {
  const sim = await new Simulator("--sequence", "bad-key").start();
  t.after(() => sim.close());
  const server = await new Server({ GEMINI_BASE_URL: sim.url, GEMINI_API_KEY: "k", GEMINI_REQUIRED: "true" }).start();
  t.after(() => server.close());
  const context = await chrome.newContext(french);
  t.after(() => context.close());
  const page = await open(context, server.url);
  const id = await send(page, [photo(6)]);
  await page.goto(`${server.url}/#/batches/${id}`);
  await page.locator('.batch .status[data-status="failed"]').waitFor();
  await page.locator(".batch .problem").first().waitFor();
  assert.match(await page.locator(".batch .problem").first().innerText(), /Gemini/);
  await page.locator('.timeline li[data-code="pipeline:error"] .kind').waitFor();
  await shot(page, "7-failed");
  const seen = (await codes(page)).length;
  await page.locator(".batch").getByRole("button", { name: "Reprendre" }).click();
  await until("more steps", async () => (await codes(page)).length > seen);
  await page.locator('.batch .status[data-status="failed"]').waitFor();
  await page.locator(".batch > .actions").getByRole("button", { name: "Supprimer" }).click();
  await page.locator(".batch > .actions").getByRole("button", { name: "Oui" }).click();
  await until("gone from the list", async () => (await page.locator(".card").count()) === 0);
  assert.equal((await fetch(`${server.url}/api/v1/ingestion/batches/${id}`)).status, 404);
  assert.deepEqual(page.problems, []);
});

test("cancel stops the work and says so", async (t) => {
  const server = await new Server({}, 0).start();
  t.after(() => server.close());
  const context = await chrome.newContext(french);
  t.after(() => context.close());
  const page = await open(context, server.url);
  const id = await send(page, [photo(7)]);
  const card = page.locator(`.card[data-batch="${id}"]`);
  await card.getByRole("button", { name: "Annuler l'analyse" }).click();
  await card.getByRole("button", { name: "Oui" }).click();
  await until("cancelled", async () => (await card.getAttribute("data-status")) === "cancelled");
  assert.equal((await server.json(`/ingestion/batches/${id}`)).status, "cancelled");
});
