// Both languages, axe, keyboard, a phone, ten thousand batches.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { browser, note, open, photo, Server, shot, sleep, until } from "./harness.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let chrome;
before(async () => { chrome = await browser(); });
after(() => chrome.close());

async function serious(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
  }));
  return found.violations.filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 120)} ${node.failureSummary.slice(0, 200)}`).join(" | ")}`);
}

for (const [locale, words] of [["fr-FR", ["Ajouter des preuves", "Déroulé", "Terminé"]], ["en-GB", ["Add evidence", "Timeline", "Completed"]]])
  for (const colorScheme of ["light", "dark"])
    test(`${locale}, ${colorScheme}: whole in its language, axe finds nothing serious`, async (t) => {
      const server = await new Server().start();
      t.after(() => server.close());
      await server.post("axe", [photo(21), note()]);
      await server.finished("axe");
      const context = await chrome.newContext({ locale, colorScheme, viewport: { width: 1300, height: 900 } });
      t.after(() => context.close());
      const page = await open(context, server.url);
      await page.locator(".card").first().waitFor();
      assert.deepEqual(await serious(page), []);
      await page.goto(`${server.url}/#/batches/axe`);
      await page.locator(".results .part").first().waitFor();
      for (const word of words.slice(0, 2)) await page.getByRole("heading", { name: word }).waitFor();
      await page.locator(".batch .status").getByText(words[2]).waitFor();
      await page.locator(".quota summary").click();
      await sleep(500);
      assert.equal(await page.evaluate(() => document.documentElement.lang), locale.slice(0, 2));
      assert.deepEqual(await serious(page), []);
      await shot(page, `10-${locale.slice(0, 2)}-${colorScheme}`);
      assert.deepEqual(page.problems, []);
    });

test("the language can be switched, and stays", async (t) => {
  const server = await new Server().start();
  t.after(() => server.close());
  const context = await chrome.newContext({ locale: "fr-FR" });
  t.after(() => context.close());
  const page = await open(context, server.url);
  await page.locator("header select").first().selectOption("en");
  await page.getByRole("heading", { name: "Add evidence" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Add evidence" }).waitFor();
});

test("320 px wide: nothing sticks out", async (t) => {
  const server = await new Server().start();
  t.after(() => server.close());
  await server.post("narrow", [photo(22), note("un-nom-de-fichier-tres-tres-long-sans-la-moindre-espace-pour-couper.txt")]);
  await server.finished("narrow");
  const context = await chrome.newContext({ locale: "fr-FR", viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true });
  t.after(() => context.close());
  const page = await open(context, server.url);
  await page.locator(".card").first().waitFor();
  const overflow = () => page.evaluate(() => Math.max(document.documentElement.scrollWidth - 320,
    ...[...document.querySelectorAll("main *")].filter((e) => e.checkVisibility() && !e.closest(".visually-hidden"))
      .map((e) => Math.ceil(e.getBoundingClientRect().right) - 320)));
  assert.ok((await overflow()) <= 0, `${await overflow()} px too wide`);
  await page.getByRole("button", { name: "Prendre une photo" }).waitFor();
  await shot(page, "11-phone-list");
  await page.locator(".card h3 a").first().click();
  await page.locator(".results .part").first().waitFor();
  assert.ok((await overflow()) <= 0, `${await overflow()} px too wide`);
  await shot(page, "12-phone-batch");
});

test("everything by keyboard", async (t) => {
  const server = await new Server().start();
  t.after(() => server.close());
  await server.post("keys", [photo(23)]);
  await server.finished("keys");
  const context = await chrome.newContext({ locale: "fr-FR", viewport: { width: 1300, height: 900 } });
  t.after(() => context.close());
  const page = await open(context, server.url);
  await page.locator(".card").first().waitFor();
  const reached = new Set();
  for (let i = 0; i < 40; ++i) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const e = document.activeElement;
      const style = getComputedStyle(e);
      return { name: `${e.tagName} ${e.className} ${e.textContent.slice(0, 20)}`, seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 };
    });
    if (at.name.startsWith("BODY")) break;
    assert.ok(at.seen, `focus is visible on ${at.name}`);
    reached.add(at.name);
  }
  for (const wanted of ["drop", "list", "SELECT", "INPUT", "keys", "Supprimer", "SUMMARY"])
    assert.ok([...reached].some((name) => name.includes(wanted)), `${wanted} in ${[...reached].join(", ")}`);
  await page.locator(".card h3 a").first().focus();
  await page.keyboard.press("Enter");
  await page.locator(".picture").first().focus();
  await page.keyboard.press("Enter");
  await page.locator("dialog[open]").waitFor();
  await page.keyboard.press("Escape");
  await until("closed", async () => (await page.locator("dialog").count()) === 0);
});
