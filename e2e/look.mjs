// What must hold on every page: it fits, nothing is blocked by our own policy, and axe finds nothing.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const out = resolve(process.env.E2E_OUT ?? "../target/e2e");
mkdirSync(out, { recursive: true });

export async function launch(more = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", ...more],
  });
}

export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2, locale: "zh-CN" };
export const DESK = { viewport: { width: 1280, height: 900 }, locale: "zh-CN" };

// A context in which every complaint of the browser (a blocked script, a failed file) fails the test at the end.
export async function person(browser, kind) {
  const context = await browser.newContext(kind);
  const page = await context.newPage();
  page.complaints = [];
  // That the line is cut is what some stories do on purpose, and a page may notice it at any moment.
  const told = /status of (4\d\d|5\d\d)|ERR_INTERNET_DISCONNECTED/;
  page.on("console", (m) => { if (m.type() === "error" && !told.test(m.text())) page.complaints.push(m.text()); });
  page.on("pageerror", (e) => page.complaints.push(String(e)));
  page.setDefaultTimeout(15_000);
  return page;
}

let count = 0;

export async function look(page, name) {
  const wide = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.scrollingElement;
    if (scrollWidth <= clientWidth) return null;
    const over = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > clientWidth + 1);
    return `${scrollWidth} > ${clientWidth}: ${over.slice(0, 3).map((e) => e.outerHTML.slice(0, 120)).join(" … ")}`;
  });
  assert.equal(wide, null, `${name} is wider than the screen`);
  // Our policy lets no foreign script in, so axe is run in a world of its own.
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send("Page.getFrameTree");
  const { executionContextId } = await session.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
  const evaluate = (expression) => session.send("Runtime.evaluate", { expression, contextId: executionContextId, awaitPromise: true, returnByValue: true });
  await evaluate(axe);
  const found = await evaluate(`axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
    .then((r) => JSON.stringify(r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.html.slice(0, 160) + " " + (n.any[0]?.message ?? "")).join(" | "))))`);
  await session.detach();
  assert.equal(found.result?.value, "[]", `axe on ${name}: ${found.result?.value ?? JSON.stringify(found)}`);
  assert.deepEqual(page.complaints, [], `the browser complains about ${name}`);
  const broken = await page.evaluate(() => document.body.innerText.match(/\[\?[a-z0-9_-]+\]/)?.[0] ?? null);
  assert.equal(broken, null, `${name} has words without a text`);
  await page.screenshot({ path: join(out, `${String(++count).padStart(2, "0")}-${name}.png`), fullPage: true });
}
