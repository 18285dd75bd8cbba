// A recording in a real browser with a made-up camera and microphone: consent, parts, a lost connection, a closed page, a doubt that stops,
// a silent part that the machine finds and sends back, the look of compliance, and the player.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { House } from "./house.mjs";
import { DESK, launch, look, person, PHONE } from "./look.mjs";
import { answer } from "./reader.mjs";

// Four seconds of something like speech: syllables of a tone with pauses between them.
const voice = () => {
  const rate = 48_000, samples = rate * 4, file = Buffer.alloc(44 + samples * 2);
  file.write("RIFF", 0); file.writeUInt32LE(36 + samples * 2, 4); file.write("WAVEfmt ", 8);
  file.writeUInt32LE(16, 16); file.writeUInt16LE(1, 20); file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24); file.writeUInt32LE(rate * 2, 28); file.writeUInt16LE(2, 32); file.writeUInt16LE(16, 34);
  file.write("data", 36); file.writeUInt32LE(samples * 2, 40);
  for (let i = 0; i < samples; i++) {
    const at = i / rate, loud = at % 0.25 < 0.18 ? 0.3 : 0;
    file.writeInt16LE(Math.round(32_767 * loud * Math.sin(2 * Math.PI * (180 + 60 * Math.floor(at % 3)) * at)), 44 + i * 2);
  }
  return file;
};

let house, browser, chen, li, folder;
before(async () => {
  house = await House.start();
  folder = mkdtempSync(join(tmpdir(), "mingbai-voice-"));
  const file = join(folder, "voice.wav");
  writeFileSync(file, voice());
  browser = await launch(["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", `--use-file-for-fake-audio-capture=${file}`]);
  const root = await person(browser, DESK);
  await house.signIn(root, "root");
  chen = await person(browser, DESK);
  await house.signIn(chen, "chen");
  await house.release(root, chen, "honest-loan", "2026.1");
  li = await person(browser, DESK);
  await house.signIn(li, "li.na");
});
after(async () => { await browser?.close(); await house?.stop(); if (folder) rmSync(folder, { recursive: true }); });

const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const follow = (page, name) => page.getByRole("link", { name, exact: true }).first().click();

// Everything that has to be understood before anybody records that it was.
async function ready(reference) {
  const opened = await house.open(reference);
  const table = (await house.core("GET", `/journeys/${opened.journey}/table`)).body;
  const phone = await person(browser, PHONE);
  // The microphone can be covered from here.
  await phone.addInitScript(() => {
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wish) => (window.microphone = await open(wish));
  });
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

  // A part in which nothing can be heard. Then the page is closed in the middle, with pieces that were not sent: another page on this
  // device sends them.
  const cover = (covered) => phone.evaluate((open) => window.microphone.getAudioTracks().forEach((track) => { track.enabled = open; }), !covered);
  await press(phone, "打开摄像头,开始");
  await part(phone);
  await cover(true);
  await fits(phone);
  await cover(false);
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

  // The machine has found the silent part and the moment of it. Who is in the picture and what was said it cannot tell: compliance looks.
  await chen.goto(desk);
  for (let i = 0; i < 60 && (await chen.locator("form#review").count()) === 0; i++) { await chen.waitForTimeout(500); await chen.reload(); }
  const row = chen.locator("#parts tbody tr").nth(4);
  await row.getByText("不合格:有人说话").waitFor();
  await row.getByText("✗ 要重录").waitFor();
  assert.match(await chen.locator("dl.head").innerText(), /mingbai-media .*ffmpeg/);
  assert.match(await chen.locator("#parts tbody tr").first().innerText(), /没有检查:人数相符 · 前后同一人。机器不数人脸/);
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
  await chen.locator("ol.script > li").nth(4).getByRole("link", { name: "看这一刻" }).click();
  await look(chen, "staff-record-play");
  const first = await chen.locator("video").first().getAttribute("src");
  const range = await chen.request.get(`${house.base}${first}`, { headers: { range: "bytes=0-3" } });
  assert.equal(range.status(), 206);
  assert.deepEqual([...(await range.body())], [0x1a, 0x45, 0xdf, 0xa3], "WebM begins like this");
  const barred = await li.request.get(`${house.base}${first}`);
  assert.equal(barred.status(), 403, "who has not opened the player gets no byte");

  // Only what the machine sent back is recorded again, and her page says why. On a very busy machine that may be more than the one part.
  const waiting = async () => {
    await chen.goto(desk);
    for (let i = 0; i < 60 && (await chen.locator("form#review").count()) === 0; i++) { await chen.waitForTimeout(500); await chen.reload(); }
    return chen.locator("form#review fieldset").all();
  };
  const accept = async (reason) => {
    const sets = await waiting();
    for (const set of sets) await set.locator("label.choice", { hasText: "认可" }).click();
    await chen.locator("#reason").fill(reason);
    await press(chen, "写入证据");
    return sets.length;
  };
  const seen = await accept("逐段看过,人和话都对");
  await look(chen, "staff-record-reviewed");
  await phone.goto(`${house.base}/b/${journey}/record`);
  let again = await phone.locator("[data-node][data-state=todo]").count();
  assert.equal(seen + again, count);
  assert.match(await phone.locator("[data-node]").nth(4).innerText(), /几乎听不到声音/);
  await look(phone, "record-sent-back");
  for (let round = 0; again > 0 && round < 3; round++) {
    await press(phone, "打开摄像头,开始");
    for (let i = 0; i < again; i++) await fits(phone);
    await press(phone, "交上去");
    await phone.waitForURL((url) => !url.pathname.endsWith("/record"), { timeout: 30_000 });
    await accept("重录的一段听得清楚");
    await phone.goto(`${house.base}/b/${journey}/record`);
    again = await phone.locator("[data-node][data-state=todo]").count();
  }
  await chen.goto(desk);
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
