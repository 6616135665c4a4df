// A server that asks for a token: signing in, what a role may, signing out, a revoked token.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { browser, build, note, open, Server, shot, until } from "./harness.mjs";

let chrome;
before(async () => { chrome = await browser(); });
after(() => chrome.close());

const vigied = (server, ...words) => String(execFileSync(join(build, "vigied"),
  ["token", ...words, "--storage", join(server.folder, "storage")], { stdio: ["ignore", "pipe", "ignore"] })).trim();

test("a token opens the page, its end closes it", async (t) => {
  const server = await new Server().start();
  t.after(() => server.close());
  const token = vigied(server, "add", "claire", "--role", "auditor");
  const context = await chrome.newContext({ locale: "fr-FR", viewport: { width: 1300, height: 900 } });
  t.after(() => context.close());
  const page = await open(context, server.url);
  const field = page.getByLabel("Jeton");
  await field.waitFor();
  assert.equal(await page.locator(".drop").count(), 0, "nothing else is shown");
  await field.fill("vigie_wrong");
  await page.getByRole("button", { name: "Se connecter" }).click();
  await page.locator(".sign-in .problem").waitFor();
  await shot(page, "13-sign-in");
  await field.fill(token);
  await page.getByRole("button", { name: "Se connecter" }).click();
  await page.locator(".who").getByText("claire").waitFor();
  assert.equal(await page.evaluate(() => document.cookie), "", "scripts cannot read the session");
  await page.locator(".mode[data-mode=live]").waitFor();

  await page.getByTestId("files").setInputFiles([note()]);
  await page.getByRole("button", { name: "Envoyer le lot" }).click();
  await page.locator(".card .status").first().getByText("Terminé").waitFor({ timeout: 60_000 });
  await page.reload();
  await page.locator(".card .status").first().getByText("Terminé").waitFor();

  await page.getByRole("button", { name: "Se déconnecter" }).click();
  await field.waitFor();
  assert.deepEqual((await context.cookies()).map(({ name }) => name), []);

  await field.fill(token);
  await page.getByRole("button", { name: "Se connecter" }).click();
  await page.locator(".mode[data-mode=live]").waitFor();
  vigied(server, "revoke", "claire");
  await field.waitFor({ timeout: 20_000 });
  assert.deepEqual(page.problems, []);
});

test("nobody is offered what the server would refuse", async (t) => {
  const server = await new Server().start();
  t.after(() => server.close());
  await server.post("mine", [note()]);
  await server.finished("mine");
  for (const [role, drops, deletes] of [["reader", 0, 0], ["auditor", 1, 0], ["admin", 1, 2]]) {
    const token = vigied(server, "add", `a-${role}`, "--role", role);
    const context = await chrome.newContext({ locale: "en-GB", viewport: { width: 1300, height: 900 } });
    const page = await open(context, `${server.url}/#/batches/mine`);
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.locator(".results .part").first().waitFor();
    assert.equal(await page.locator(".drop").count(), drops, role);
    const button = page.getByRole("button", { name: "Delete" }); // of the card, of the page
    assert.equal(await button.count(), deletes, role);
    assert.deepEqual(page.problems, []);
    await context.close();
  }
});

test("without tokens nobody is asked", async (t) => {
  const server = await new Server().start();
  t.after(() => server.close());
  const context = await chrome.newContext({ locale: "en-GB" });
  t.after(() => context.close());
  const page = await open(context, server.url);
  await until("the page", () => page.locator(".drop").count());
  assert.equal(await page.locator(".who, .sign-in").count(), 0);
  assert.deepEqual(page.problems, []);
});
