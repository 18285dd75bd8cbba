// The public portal on a telephone: lessons in both languages and in large type, their questions, the test to its end, messages told apart; once
// with scripts switched off, because it has to work for everybody.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { House } from "./house.mjs";
import { DESK, PHONE, launch, look, person } from "./look.mjs";

const NARROW = { ...PHONE, viewport: { width: 320, height: 700 } };

let house, browser;
before(async () => { house = await House.start(); browser = await launch(); });
after(async () => { await browser?.close(); await house?.stop(); });

const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const said = (page) => page.locator("main").innerText();
const set = (page, choice, path) => page.goto(`${house.base}/look?set=${choice}&back=${encodeURIComponent(path)}`);

test("somebody reads a lesson, answers its questions and reads the easy version", async () => {
  const her = await person(browser, PHONE);
  await her.goto(house.base);
  await her.getByRole("link", { name: "看课程" }).click();
  await look(her, "learn-front");
  await her.getByRole("link", { name: "一笔贷款到底要花多少钱", exact: true }).click();
  await look(her, "learn-lesson");
  await her.getByText("10.9% 左右", { exact: true }).click();
  await her.getByText("算了,都是这样", { exact: true }).click();
  await press(her, "看看答得对不对");
  assert.match(await said(her), /✓ 对了[\s\S]*✗ 不对/);
  await look(her, "learn-lesson-checked");
  await her.getByRole("link", { name: /换成易读版/ }).click();
  await set(her, "large", "/learn/loan-cost/easy");
  await look(her, "learn-easy-large");
  await set(her, "en", "/learn/loan-cost");
  await look(her, "learn-lesson-en-large");
  const [listen] = await her.locator("button.listen").all();
  assert.equal(await listen.isVisible(), true);
  await her.emulateMedia({ media: "print" });
  assert.equal(await listen.isVisible(), false, "a print has no buttons to listen");
  await her.emulateMedia({ media: null });
});

test("somebody takes the test on a narrow screen, changing language and size on the way", async () => {
  const her = await person(browser, NARROW);
  await her.goto(`${house.base}/learn/test`);
  await look(her, "learn-test");
  await her.getByRole("link", { name: "开始小测" }).click();
  await look(her, "learn-question");
  await press(her, "就选这个");
  assert.match(await said(her), /请选一项/);
  for (let asked = 1; (await her.locator("input[name=question]").count()) > 0; asked++) {
    assert.ok(asked <= 12, "the test does not end");
    assert.equal(await her.locator("input[name=question]").inputValue(), String(asked));
    if (asked === 4) await her.getByRole("link", { name: "长辈版大字" }).click();
    if (asked === 6) { await her.getByRole("link", { name: "English" }).click(); await look(her, "learn-question-en-large"); }
    await her.locator("label.choice").nth(asked % 3 === 0 ? -1 : 0).click();
    await her.locator("button[type=submit]").click();
    await her.waitForLoadState();
  }
  assert.match(await said(her), /provisional, not calibrated/);
  await look(her, "learn-result-en-large");
  const address = new URL(her.url());
  await her.goto(address.href.replace("sheet=A", "sheet=B"));
  assert.match(await said(her), /begin again/);
  await look(her, "learn-sheet-changed");
});

test("somebody without scripts tells messages apart", async () => {
  const her = await person(browser, { ...PHONE, javaScriptEnabled: false });
  await her.goto(`${house.base}/learn/test/messages`);
  for (let asked = 1; (await her.locator("input[name=question]").count()) > 0; asked++) {
    assert.ok(asked <= 12, "the messages do not end");
    await her.locator("label.choice").nth(asked % 2).click();
    await her.locator("button[type=submit]").click();
    await her.waitForLoadState();
  }
  const result = her.url();
  assert.match(await said(her), /d′ = /);
  const seen = await person(browser, PHONE);
  await seen.goto(result);
  await look(seen, "learn-spotted");
  await seen.goto(`${house.base}/learn/test/messages`);
  await look(seen, "learn-message");
});

// Right by the lessons themselves: the feedback of a public lesson says which choice it is.
async function rightChoices(page) {
  const right = {};
  for (const lesson of ["staff-ceremony", "staff-cost", "staff-care"]) {
    for (let at = 0; at < 3; at++) {
      await page.goto(`${house.base}/learn/${lesson}`);
      for (const choice of await page.locator(`fieldset input[value="${at}"]`).all()) await choice.check();
      await page.locator("#check button[type=submit]").click();
      await page.waitForLoadState();
      const good = await page.locator("fieldset:has(.note.good) input:checked").evaluateAll((all) => all.map((one) => one.name));
      for (const name of good) right[`${lesson}.${name.slice(2)}`] = at;
    }
  }
  return right;
}

test("a consultant takes the course, and compliance grants the certificate", async () => {
  const right = await rightChoices(await person(browser, DESK));
  const li = await person(browser, DESK);
  await house.signIn(li, "li.na");
  await li.goto(`${house.base}/staff/me`);
  await li.getByRole("link", { name: "顾问课程" }).click();
  await look(li, "staff-course");
  for (const [name, at] of Object.entries(right)) await li.locator(`input[name="${name}"][value="${at}"]`).check();
  await press(li, "交卷");
  assert.match(await said(li), /9 \/ 9 题答对,通过/);
  await look(li, "staff-course-passed");
  const chen = await person(browser, DESK);
  await house.signIn(chen, "chen");
  await chen.goto(`${house.base}/staff/training`);
  await look(chen, "staff-training");
  await chen.getByRole("button", { name: /按课程登记一年/ }).click();
  await chen.waitForLoadState();
  assert.match(await said(chen), /✓ 有效/);
});
