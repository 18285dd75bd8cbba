// A recording in a real browser with a made-up camera and microphone: consent, parts, a lost connection, a closed page, a doubt that stops,
// a part done again, the look of compliance, and the player.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { House } from "./house.mjs";
import { DESK, launch, look, person, PHONE } from "./look.mjs";
import { answer } from "./reader.mjs";

let house, browser, chen, li;
before(async () => {
  house = await House.start();
  browser = await launch(["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]);
  const root = await person(browser, DESK);
  await house.signIn(root, "root");
  chen = await person(browser, DESK);
  await house.signIn(chen, "chen");
  await house.release(root, chen, "honest-loan", "2026.1");
  li = await person(browser, DESK);
  await house.signIn(li, "li.na");
});
after(async () => { await browser?.close(); await house?.stop(); });

const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const follow = (page, name) => page.getByRole("link", { name, exact: true }).first().click();

// Everything that has to be understood before anybody records that it was.
async function ready(reference) {
  const opened = await house.open(reference);
  const table = (await house.core("GET", `/journeys/${opened.journey}/table`)).body;
  const phone = await person(browser, PHONE);
  await phone.goto(opened.borrower_link.url.replace(/^https?:\/\/[^/]+/, house.base));
  await phone.locator("input[name=code]").fill(opened.borrower_link.code);
  await press(phone, "打开我的页面");
  await follow(phone, "开始");
  await phone.locator("#income").fill("2万");
  await phone.locator("#debts").fill("0");
  await press(phone, "继续");
  for (const set of await phone.locator("fieldset").all()) await set.locator("label.choice", { hasText: "没有" }).click();
  await press(phone, "继续");
  await follow(phone, "看费用总表");
  await press(phone, "我看过这张表了");
  await follow(phone, "看看还晚、还早会怎样");
  await follow(phone, "开始逐段阅读");
  await press(phone, "打开这一段");
  for (let i = 0; i < 6; i++) {
    const seconds = Number((await phone.locator("main").innerText()).match(/至少看 (\d+) 秒/)[1]);
    await phone.waitForTimeout(seconds * 1000 + 600);
    await press(phone, "这一段看完了");
  }
  await press(phone, "下一个问题");
  for (let i = 0; i < 12 && (await phone.locator("input[name=question]").count()) > 0; i++) await answer(phone, table);
  return { phone, journey: opened.journey };
}

const part = async (phone) => {
  await phone.waitForFunction(() => document.getElementById("record-text").textContent !== "" && !document.getElementById("record-part").hidden, null, { timeout: 20_000 });
  return phone.locator("#record-text").innerText();
};
const choose = async (phone, key) => {
  const button = phone.locator(`button[data-answer=${key}]`);
  await button.and(phone.locator(":enabled")).waitFor({ timeout: 40_000 });
  await button.click();
};
// The answer that the part asks for.
const fits = async (phone) => {
  const text = await part(phone);
  const key = await phone.locator("[data-node]").evaluateAll((all, text) => all.find((one) => one.querySelector("[data-text]").textContent === text).dataset.expects, text);
  await choose(phone, key);
  await phone.waitForFunction((text) => document.getElementById("record-part").hidden || document.getElementById("record-text").textContent !== text, text);
};
// A connection that the test itself cut is no complaint.
const cut = (page) => { page.complaints = page.complaints.filter((text) => !/ERR_INTERNET_DISCONNECTED|net::ERR_FAILED/.test(text)); };
const sent = async (phone) => (await phone.locator("#record-sent").innerText()).match(/(\d+) \/ (\d+)/).slice(1).map(Number);

test("a recording with a lost connection, a doubt and a look at it", { timeout: 580_000 }, async () => {
  const { phone, journey } = await ready("REC-1");
  const desk = `${house.base}/staff/journeys/${journey}/record`;
  await li.goto(desk);
  await li.getByText("没有登记双录培训证书").waitFor();
  await look(li, "staff-record-untrained");

  await chen.goto(`${house.base}/staff/training`);
  await look(chen, "staff-training-empty");
  await press(chen, "写入证据");
  await look(chen, "staff-training-missing");
  await chen.locator("#login").selectOption("li.na");
  await chen.locator("#training").fill("双录主持人培训 2026");
  const soon = new Date(Date.now() + 100 * 86_400_000).toISOString().slice(0, 10);
  await chen.locator("#valid_until").fill(soon);
  await press(chen, "写入证据");
  await chen.getByText("✓ 有效").waitFor();
  await look(chen, "staff-training");

  await li.reload();
  await press(li, "开始");
  await look(li, "staff-record-mode-missing");
  await li.locator("label.choice", { hasText: "同一台设备" }).click();
  await press(li, "开始");
  await li.getByText("等借款人同意").waitFor();
  await look(li, "staff-record-begun");

  // A consent of its own, with nothing chosen.
  await phone.goto(`${house.base}/b/${journey}/record`);
  await look(phone, "record-ask");
  await press(phone, "继续");
  await look(phone, "record-ask-missing");
  await phone.locator("label.choice", { hasText: /^同意/ }).click();
  await press(phone, "继续");
  await phone.locator("#record-start").waitFor();
  await look(phone, "record-before");
  const home = `${house.base}/b/${journey}/record`;
  for (const [width, ...sets] of [[320, "large"], [320, "en", "dark"], [768, "normal", "light"], [1280, "zh", "contrast"]]) {
    await phone.setViewportSize({ width, height: 844 });
    for (const set of sets) await phone.goto(`${house.base}/look?set=${set}&back=/`);
    await phone.goto(home);
    await phone.locator("#record-start").waitFor();
    await look(phone, `record-${width}-${sets.join("-")}`);
  }
  await phone.setViewportSize(PHONE.viewport);
  await phone.goto(`${house.base}/look?set=auto&back=/`);
  await phone.goto(home);
  const count = await phone.locator("[data-node]").count();
  assert.ok(count >= 10, `${count} parts`);

  // The first parts; then the connection is gone, she goes on, and nothing is lost.
  await press(phone, "打开摄像头,开始");
  await fits(phone);
  await look(phone, "record-part");
  await fits(phone);
  await phone.context().setOffline(true);
  await fits(phone);
  await phone.locator("#record-net").getByText("网络断了").waitFor();
  cut(phone);
  await look(phone, "record-offline");
  await fits(phone);
  const [here, made] = await sent(phone);
  assert.ok(made - here > 2, `${here} of ${made} sent while offline`);
  await phone.context().setOffline(false);
  await phone.waitForFunction(() => { const [a, b] = document.getElementById("record-sent").textContent.match(/\d+/g).map(Number); return b - a < 3; }, null, { timeout: 30_000 });
  await phone.locator("#record-net").getByText("网络恢复").waitFor();

  // A doubt stops everything, until a consultant has explained.
  const doubted = await part(phone);
  await choose(phone, "doubt");
  await phone.getByRole("heading", { name: "先停下,听顾问讲" }).waitFor({ timeout: 30_000 });
  cut(phone);
  await look(phone, "record-stopped");
  assert.ok((await phone.locator("main").innerText()).includes(doubted));
  await li.goto(desk);
  await look(li, "staff-record-doubt");
  await press(li, "我讲过了");
  await phone.locator("#record-start").waitFor({ timeout: 20_000 });
  assert.equal(await phone.locator("[data-node][data-state=kept]").count(), 4);

  // The page is closed in the middle, with pieces that were not sent: another page on this device sends them.
  await press(phone, "打开摄像头,开始");
  await fits(phone);
  await phone.route("**/record/*/*", (route) => (/record\/\d+\/\d+$/.test(route.request().url()) ? route.abort() : route.continue()));
  await fits(phone);
  await phone.locator("#record-net").getByText("网络断了").waitFor();
  await phone.waitForTimeout(1500);
  await phone.unroute("**/record/*/*");
  phone.on("dialog", (dialog) => dialog.accept());
  await phone.goto(`${house.base}/b/${journey}/record`);
  await phone.locator("#record-start").waitFor({ timeout: 30_000 });
  assert.equal(await phone.locator("[data-node][data-state=kept]").count(), count - 4, "what was recorded before is there");

  // The rest, one part once more, and the end.
  await press(phone, "打开摄像头,开始");
  for (let i = 0; i < 4; i++) await fits(phone);
  await phone.locator("#record-done").waitFor();
  cut(phone);
  await look(phone, "record-done");
  await phone.locator("[data-redo]").last().click();
  await fits(phone);
  await phone.locator("#record-finish").waitFor();
  await press(phone, "交上去");
  await phone.waitForURL((url) => !url.pathname.endsWith("/record"), { timeout: 30_000 });
  await look(phone, "record-after");
  const left = await phone.evaluate(async () => {
    const base = await new Promise((done) => { const asked = indexedDB.open("mingbai-recording", 1); asked.onsuccess = () => done(asked.result); });
    return new Promise((done) => { const asked = base.transaction("chunk").objectStore("chunk").count(); asked.onsuccess = () => done(asked.result); });
  });
  assert.equal(left, 0, "her device keeps nothing of it");

  // Nobody looked by machine: compliance does, in the player first.
  await chen.goto(desk);
  for (let i = 0; i < 30 && (await chen.locator("form#review").count()) === 0; i++) { await chen.waitForTimeout(1000); await chen.reload(); }
  await look(chen, "staff-record-review");
  await follow(chen, "播放双录");
  await chen.locator("video").first().waitFor();
  await chen.getByText("陈敏").first().waitFor();
  assert.equal(await chen.locator("video").count(), 3, "one file for each time that she began");
  for (const at of [1, 3]) {
    const link = chen.locator("a[data-at]").nth(at);
    const wanted = Number(await link.getAttribute("data-at"));
    await link.click();
    const file = await link.getAttribute("data-in");
    await chen.waitForFunction(([file, wanted]) => {
      const film = document.querySelector(`video[data-file="${file}"]`);
      return film.readyState >= 2 && Math.abs(film.currentTime - wanted) < 3 && film.videoWidth > 0;
    }, [file, wanted], { timeout: 20_000 });
  }
  await look(chen, "staff-record-play");
  const first = await chen.locator("video").first().getAttribute("src");
  const range = await chen.request.get(`${house.base}${first}`, { headers: { range: "bytes=0-3" } });
  assert.equal(range.status(), 206);
  assert.deepEqual([...(await range.body())], [0x1a, 0x45, 0xdf, 0xa3], "WebM begins like this");
  const barred = await li.request.get(`${house.base}${first}`);
  assert.equal(barred.status(), 403, "who has not opened the player gets no byte");

  await chen.goto(desk);
  const sets = await chen.locator("form#review fieldset").all();
  assert.equal(sets.length, count);
  for (const [at, set] of sets.entries()) await set.locator("label.choice", { hasText: at === 4 ? "重录" : "认可" }).click();
  await chen.locator("#reason").fill("第五段听不清,其余逐段看过");
  await press(chen, "写入证据");
  await look(chen, "staff-record-reviewed");

  // Only that part is recorded again.
  await phone.goto(`${house.base}/b/${journey}/record`);
  assert.equal(await phone.locator("[data-node][data-state=todo]").count(), 1);
  await press(phone, "打开摄像头,开始");
  await fits(phone);
  await press(phone, "交上去");
  await phone.waitForURL((url) => !url.pathname.endsWith("/record"), { timeout: 30_000 });
  await chen.goto(desk);
  for (let i = 0; i < 30 && (await chen.locator("form#review").count()) === 0; i++) { await chen.waitForTimeout(1000); await chen.reload(); }
  await chen.locator("form#review label.choice", { hasText: "认可" }).click();
  await chen.locator("#reason").fill("重录的一段听得清楚");
  await press(chen, "写入证据");
  await chen.getByText("双录已完成").waitFor();
  await look(chen, "staff-record-whole");
  await chen.setViewportSize({ width: 390, height: 844 });
  await look(chen, "staff-phone-record");
  await chen.goto(`${desk}/play`);
  await look(chen, "staff-phone-play");
  await chen.goto(`${house.base}/staff/training`);
  await look(chen, "staff-phone-training");
  for (const [width, ...sets] of [[320, "en", "large"], [1280, "normal", "dark"]]) {
    await chen.setViewportSize({ width, height: 844 });
    for (const set of sets) await chen.goto(`${house.base}/look?set=${set}&back=/`);
    for (const [path, name] of [[desk, "record"], [`${desk}/play`, "play"], [`${house.base}/staff/training`, "training"]]) {
      await chen.goto(path);
      await look(chen, `staff-${width}-${name}-${sets.join("-")}`);
    }
  }
});
