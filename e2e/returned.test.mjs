// A paper comes back in real browsers: the consultant prints the notice, the borrower signs it (a pen and a camera of the scan crate's
// tests), the consultant hands the photograph in and compares, a second person confirms. A forged page cannot be confirmed.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { House, PASSWORD } from "./house.mjs";
import { DESK, launch, look, person, PHONE } from "./look.mjs";

const camera = resolve(process.env.E2E_PHOTO ?? fileURLToPath(new URL("../target/debug/examples/photo", import.meta.url)));
let house, browser;
before(async () => {
  house = await House.start();
  house.run(["account", "add", "wang.jun", "--role", "consultant", "--name", "王军", "--branch", "城东网点", "--password-stdin"], PASSWORD + "\n");
  browser = await launch();
  await house.release(await signedIn("root"), await signedIn("chen"), "honest-loan", "2026.1");
});
after(async () => { await browser?.close(); await house?.stop(); });

async function signedIn(login, kind = DESK) {
  const page = await person(browser, kind);
  await house.signIn(page, login);
  return page;
}

const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

function photograph(pdf, name, seed, what) {
  const file = join(house.folder, `${name}.jpg`);
  execFileSync(camera, [pdf, "1", file, "scanner", "150", String(seed), what]);
  return file;
}

async function handIn(page, journey, file) {
  await page.goto(`${house.base}/staff/journeys/${journey}/returned`);
  await page.locator("#picture").setInputFiles(file);
  // Laying a picture on its page takes seconds in a debug build, and more on a busy machine.
  await page.getByRole("button", { name: "上传并核对", exact: true }).click({ timeout: 120_000 });
  await page.waitForURL(/\/returned\/\d+$/, { timeout: 120_000 });
}

test("a signed notice comes back, and a forged one is refused", async () => {
  const { journey } = await house.open("RET-1");
  const li = await signedIn("li.na");
  await li.goto(`${house.base}/staff/journeys/${journey}`);
  await li.locator("#notice input[value=zh-normal]").check({ force: true });
  await li.locator("#notice button").click();
  await li.waitForLoadState();
  const printed = await li.request.get(`${house.base}/staff/journeys/${journey}/paper/notice?edition=zh-normal`);
  assert.equal(printed.status(), 200);
  const pdf = join(house.folder, "notice.pdf");
  writeFileSync(pdf, await printed.body());

  await li.goto(`${house.base}/staff/journeys/${journey}/returned`);
  await look(li, "returned-empty");
  await li.locator("#picture").setInputFiles({ name: "note.txt", mimeType: "image/jpeg", buffer: Buffer.from("hello") });
  await press(li, "上传并核对");
  await look(li, "returned-wrong-file");
  assert.match(await li.locator("#picture-error").innerText(), /不是 JPEG/);

  await handIn(li, journey, photograph(pdf, "honest", 7, "honest"));
  await look(li, "returned-honest");
  assert.match(await li.locator("main").innerText(), /没有发现不同/);
  for (const side of await li.locator(".sides img").all()) {
    assert.ok(await side.evaluate((img) => img.complete && img.naturalWidth > 1200), "the split screen shows both pages");
  }
  await li.locator("label.choice", { hasText: "每一个数字都一样" }).click();
  await press(li, "记录我的核对");
  await li.waitForLoadState();
  assert.equal(await li.locator("#decision").count(), 0, "not her own decision");

  const wang = await signedIn("wang.jun", PHONE);
  await wang.goto(li.url());
  await look(wang, "returned-second-phone");
  await wang.locator("label.choice", { hasText: "确认:" }).click();
  await press(wang, "记录我的结论");
  await wang.waitForLoadState();
  assert.match(await wang.locator("main").innerText(), /第二个人已确认/);

  await handIn(li, journey, photograph(pdf, "forged", 8, "amount"));
  await look(li, "returned-forged");
  assert.match(await li.locator("main").innerText(), /和原件不同/);
  await li.locator("label.choice", { hasText: "有不一样的地方" }).click();
  await li.locator("#note").fill("红框里的金额和打印的不同");
  await press(li, "记录我的核对");
  await li.waitForLoadState();
  await wang.goto(li.url());
  assert.equal(await wang.locator("input[value=confirmed]").count(), 0, "what differs cannot be confirmed");
  await wang.locator("label.choice", { hasText: "退回:" }).click();
  await wang.locator("#reason").fill("金额被改过,不能用");
  await press(wang, "记录我的结论");
  await wang.waitForLoadState();
  await wang.goto(`${house.base}/look?set=en&back=/staff/journeys/${journey}/returned`);
  await look(wang, "returned-list-en");
  assert.match(await wang.locator("main").innerText(), /refused[\s\S]*confirmed by a second person/);
});

test("a square code is checked by anybody with a telephone", async () => {
  const { journey } = await house.open("RET-2");
  const li = await signedIn("li.na");
  const printed = await li.request.get(`${house.base}/staff/journeys/${journey}/paper/cost_table?edition=zh-normal`);
  const pdf = join(house.folder, "table.pdf");
  writeFileSync(pdf, await printed.body());
  const keywords = (await printed.body()).toString("latin1").match(/[0-9A-HJKMNP-TV-Z]{4} [0-9A-HJKMNP-TV-Z]{4} [0-9A-HJKMNP-TV-Z]{4}/);
  assert.ok(keywords, "the code stands in the file");
  const anyone = await person(browser, PHONE);
  const plain = keywords[0].replaceAll(" ", "");
  await anyone.goto(`${house.base}/C/${plain}/ABCDEFGHIJKLMNOPQRSTUVWXYZ234567`);
  await look(anyone, "check-altered-phone");
  assert.match(await anyone.locator("main").innerText(), /不要相信这张纸/);
});
