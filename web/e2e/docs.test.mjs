// /docs in a real browser: it reads the API, tries it, and asks nobody else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, open, Server, shot } from "./harness.mjs";

test("the API is browsed and tried without anything from elsewhere", async (t) => {
  const server = await new Server({}, 0).start();
  t.after(() => server.close());
  const chrome = await browser();
  t.after(() => chrome.close());
  const context = await chrome.newContext({ locale: "en-GB", viewport: { width: 1300, height: 900 } });
  const foreign = [];
  context.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(server.url)) foreign.push(request.url());
  });
  const page = await open(context, `${server.url}/docs`);
  await page.getByRole("heading", { name: /^vigie/ }).waitFor();
  const count = await page.locator(".opblock").count();
  const api = await (await fetch(`${server.url}/openapi.json`)).json();
  const operations = Object.values(api.paths).flatMap((path) => Object.keys(path).filter((name) => name !== "parameters"));
  assert.equal(count, operations.length);

  const block = page.locator("#operations-Health-livez");
  await block.locator(".opblock-summary-control").click();
  await block.getByRole("button", { name: "Try it out" }).click();
  await block.getByRole("button", { name: "Execute" }).click();
  await block.locator(".live-responses-table .response-col_status").getByText("200").waitFor();
  await shot(page, "12-docs");
  assert.deepEqual(foreign, []);
  assert.deepEqual(page.problems, []);
});
