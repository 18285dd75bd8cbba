// One loan in real browsers: compliance releases the product, the borrower walks the path on a phone, the consultant attests at
// the branch, the core system pays, and she is asked again.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { House } from "./house.mjs";
import { DESK, launch, look, out, person, PHONE } from "./look.mjs";
import { answer } from "./reader.mjs";

let house, browser, chen;
before(async () => {
  house = await House.start();
  browser = await launch();
  chen = await release("honest-loan", "2026.1");
  await (await release("complaints-loan", "2026.1")).context().close();
});
after(async () => { await browser?.close(); await house?.stop(); });

const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const follow = (page, name) => page.getByRole("link", { name, exact: true }).first().click();

async function openLink(page, link) {
  await page.goto(link.url.replace(/^https?:\/\/[^/]+/, house.base));
  await page.locator("input[name=code]").fill(link.code);
  await press(page, "打开我的页面");
}

async function release(product, version) {
  const root = await person(browser, DESK);
  await house.signIn(root, "root");
  await root.goto(`${house.base}/staff/products/${product}/${version}`);
  await root.locator(`form[action$="/submit"] button`).click();
  const chen = await person(browser, DESK);
  await house.signIn(chen, "chen");
  await chen.goto(`${house.base}/staff/products/${product}/${version}`);
  await look(chen, `staff-product-${product}`);
  await chen.locator("textarea[name=opinion]").fill("费用齐全,口径一致,没有隐藏项目,同意在本行网点使用这个版本。");
  await chen.locator(`form[action$="/release"] button`).click();
  await chen.waitForLoadState();
  await root.context().close();
  return chen;
}

async function before_reading(page, name) {
  if (name) await look(page, `${name}-start`);
  await follow(page, "开始");
  if (name) await look(page, `${name}-income`);
  await page.locator("#income").fill("2万");
  await page.locator("#debts").fill("0");
  await press(page, "继续");
  if (name) await look(page, `${name}-safety`);
  for (const set of await page.locator("fieldset").all()) await set.locator("label.choice", { hasText: "没有" }).click();
  await press(page, "继续");
  assert.equal(await page.locator("button.listen").count(), 8, "each of the eight facts can be read aloud");
  await page.locator("button.listen").first().click();
  await page.locator("button.listen").first().click();
  if (name) await look(page, `${name}-facts`);
  await follow(page, "看费用总表");
  if (name) await look(page, `${name}-table`);
  await press(page, "我看过这张表了");
  if (name) await look(page, `${name}-plan`);
  await follow(page, "看看还晚、还早会怎样");
  if (name) await look(page, `${name}-late`);
  await follow(page, "开始逐段阅读");
}

async function read(page, name) {
  if (name) await look(page, `${name}-read`);
  await press(page, "打开这一段");
  if (name) await look(page, `${name}-section`);
  for (let i = 0; i < 6; i++) {
    const seconds = Number((await page.locator("main").innerText()).match(/至少看 (\d+) 秒/)[1]);
    await page.waitForTimeout(seconds * 1000 + 600);
    await press(page, "这一段看完了");
  }
}

// Draws a name with the mouse: four strokes, never twice the same.
async function write(page) {
  const box = await page.locator("#pad").boundingBox();
  await page.locator("#pad").scrollIntoViewIfNeeded();
  const at = await page.locator("#pad").boundingBox() ?? box;
  const point = (x, y) => [at.x + at.width * x + Math.random() * 3, at.y + at.height * y + Math.random() * 3];
  for (const [x0, y0, x1, y1] of [[0.3, 0.2, 0.7, 0.18], [0.33, 0.5, 0.66, 0.49], [0.5, 0.2, 0.5, 0.8], [0.25, 0.82, 0.75, 0.8]]) {
    await page.mouse.move(...point(x0, y0));
    await page.mouse.down();
    for (let i = 1; i <= 8; i++) await page.mouse.move(...point(x0 + (x1 - x0) * i / 8, y0 + (y1 - y0) * i / 8));
    await page.mouse.up();
  }
}

// A post to her pages from this browser, with the token of the page it is on.
const post = (page, path, fields) => page.evaluate(async ([path, fields]) => {
  const csrf = document.querySelector("input[name=csrf]")?.value ?? "";
  const answer = await fetch(path, { method: "POST", body: new URLSearchParams({ csrf, ...fields }) });
  return { status: answer.status, text: await answer.text() };
}, [path, fields]);

const newest = async (event, journey, than) => {
  for (let i = 0; i < 100; i++) {
    const found = house.messages.filter((m) => m.event === event && m.journey === journey);
    if (found.length > than) return found.at(-1);
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`no new ${event}`);
};
const told = (page) => page.locator("#sign-told");

// Everything that must not work, and then what must.
async function signing(phone, li, opened) {
  const home = `/b/${opened.journey}`;
  await look(phone, "phone-signing-unopened");
  assert.equal(await phone.locator("form[action$='/sign/begin']").count(), 0, "nothing to sign before the contract was opened");
  const [tab] = await Promise.all([phone.context().waitForEvent("page"), phone.getByRole("link", { name: "打开合同全文(PDF)" }).click()]);
  await tab.waitForLoadState().catch(() => {});
  await tab.close();
  await follow(phone, "我看过了,继续");
  await look(phone, "phone-signing-device");
  await press(phone, "把签署码发给我");
  await look(phone, "phone-signing-device-missing");
  await phone.locator("label.choice", { hasText: "是我自己的" }).click();
  await press(phone, "把签署码发给我");
  const first = await newest("signing.code", opened.journey, 0);
  assert.match(first.data.zh, /您正在签署 50,000\.00 元/);
  const short = await phone.locator("dd.mono").innerText();
  assert.equal(first.data.document, short, "screen and telephone show the same fingerprint");
  await told(phone).getByText("已核对").waitFor();
  await look(phone, "phone-signing");
  const challenge = await phone.locator("form[data-sign]").getAttribute("data-challenge");

  // A consultant with her own session, and everything else that she could have got hold of.
  const tried = await post(li, `${home}/sign/digits`, { challenge, code: first.data.code });
  assert.equal(tried.status, 403, tried.text);

  // A second device: the link works there with new digits, the signing does not go on there.
  const other = await person(browser, PHONE);
  await other.goto(opened.borrower_link.url.replace(/^https?:\/\/[^/]+/, house.base));
  const codes = house.messages.filter((m) => m.event === "code.ready" && m.journey === opened.journey).length;
  await other.getByRole("button", { name: "把新的验证码发到我的手机" }).click();
  await other.locator("input[name=code]").fill((await newest("code.ready", opened.journey, codes)).data.code);
  await press(other, "打开我的页面");
  await other.goto(`${house.base}${home}/sign`);
  await other.getByText("正在另一台设备").waitFor();
  await look(other, "phone-signing-elsewhere");
  const foreign = await post(other, `${home}/sign/digits`, { challenge, code: first.data.code });
  assert.equal(foreign.status, 403, foreign.text);
  assert.match(foreign.text, /另一台设备/);

  // Wrong digits, and writing nothing.
  await phone.reload();
  await phone.locator("#code").fill(first.data.code === "000000" ? "111111" : "000000");
  await press(phone, "签署");
  await told(phone).getByText("请先写下名字").waitFor();
  await write(phone);
  await press(phone, "签署");
  await told(phone).getByText("还可以试").waitFor();
  await look(phone, "phone-signing-wrong");

  // The house prepares another file than the one that was shown: her own device stops.
  await phone.route("**/sign/key", async (route) => {
    const answer = await route.fetch();
    const given = await answer.json();
    const file = Buffer.from(given.file, "base64");
    file[1000] ^= 1;
    await route.fulfill({ response: answer, json: { ...given, file: file.toString("base64") } });
  });
  await phone.locator("#code").fill(first.data.code);
  await press(phone, "签署");
  await told(phone).getByText("已停止签署并记录下来").waitFor();
  await look(phone, "phone-signing-swapped");
  await phone.unroute("**/sign/key");

  // Begin again: the old digits are dead, the new ones sign.
  await phone.reload();
  await phone.locator("label.choice", { hasText: "是我自己的" }).click();
  await press(phone, "把签署码发给我");
  const second = await newest("signing.code", opened.journey, 1);
  await told(phone).getByText("已核对").waitFor();
  await write(phone);
  if (first.data.code !== second.data.code) {
    await phone.locator("#code").fill(first.data.code);
    await press(phone, "签署");
    await told(phone).getByText("还可以试").waitFor();
  }
  await phone.locator("#code").fill(second.data.code);
  await look(phone, "phone-signing-written");
  const csrf = await phone.locator("input[name=csrf]").first().inputValue();
  await press(phone, "签署");
  await phone.waitForURL((url) => url.pathname.endsWith("/wait"));
  await look(phone, "phone-signed-wait");
  const replayed = await post(phone, `${home}/sign/digits`, { csrf, challenge, code: second.data.code });
  assert.equal(replayed.status, 404, replayed.text);
}

// The file that she takes home, judged by our program and by poppler's.
async function signedFile(phone, opened) {
  const answer = await phone.request.get(`${house.base}/b/${opened.journey}/contract/signed`);
  assert.equal(answer.status(), 200);
  const file = `${house.folder}/contract.pdf`;
  writeFileSync(file, await answer.body());
  const root = await phone.request.get(`${house.base}/ca/root.cer`);
  writeFileSync(`${house.folder}/root.cer`, await root.body());
  const judged = spawnSync(house.binary, ["verify", file, "--root", `${house.folder}/root.cer`, "--lang", "en"], { encoding: "utf8", cwd: house.folder, env: house.env() });
  assert.doesNotMatch(judged.stdout, /contradicted/, judged.stdout + judged.stderr);
  assert.match(judged.stdout, /borrower/, judged.stdout + judged.stderr);
  const poppler = spawnSync("pdfsig", ["-nocert", file], { encoding: "utf8" });
  assert.equal(poppler.stdout.match(/Signature is Valid/g)?.length, 2, poppler.stdout + poppler.stderr);
  assert.match(poppler.stdout, /王秀英/);
  copyFileSync(file, `${out}/contract-signed.pdf`);
}

test("one loan from the review to the call-back", { timeout: 400_000 }, async () => {
  const opened = await house.open("E2E-1");
  const table = (await house.core("GET", `/journeys/${opened.journey}/table`)).body;

  const phone = await person(browser, PHONE);
  await phone.goto(opened.borrower_link.url.replace(/^https?:\/\/[^/]+/, house.base));
  await look(phone, "phone-code");
  await phone.locator("input[name=code]").fill("12");
  await press(phone, "打开我的页面");
  await look(phone, "phone-code-wrong");
  await openLink(phone, opened.borrower_link);
  await before_reading(phone, "phone");
  await read(phone, "phone");

  await look(phone, "phone-teach-intro");
  await press(phone, "下一个问题");
  await look(phone, "phone-teach");
  await phone.locator("label.choice", { hasText: "我不确定" }).click();
  await press(phone, "就是这个答案");
  await look(phone, "phone-teach-explained");
  await press(phone, "下一个问题");
  await look(phone, "phone-teach-amount");
  await phone.locator("#amount").fill("五万元");
  await press(phone, "就是这个答案");
  for (let i = 0; i < 12 && (await phone.locator("input[name=question]").count()) > 0; i++) await answer(phone, table);

  await look(phone, "phone-consents");
  for (const set of await phone.locator("fieldset").all()) await set.locator("label.choice").first().click();
  await press(phone, "继续");
  await look(phone, "phone-wait");

  const li = await person(browser, DESK);
  await house.signIn(li, "li.na");
  await look(li, "staff-list");
  await li.goto(`${house.base}/staff/journeys/${opened.journey}`);
  await look(li, "staff-journey");
  await li.locator(`form[action$="/identity"] input[name=number]`).fill("11010119500101001X");
  await li.locator(`form[action$="/identity"] [value=resident_id_card]`).first().evaluate((e) => (e.tagName === "OPTION" ? (e.selected = true) : e.click()));
  await li.locator(`form[action$="/identity"] button`).click();

  await follow(phone, "做好了,继续");
  await signing(phone, li, opened);

  await li.goto(`${house.base}/staff/journeys/${opened.journey}`);
  assert.match(await li.locator("main").innerText(), /发现待签的文件不是她看到的合同/, "trouble is shown to the lender's people");
  await li.locator(`form[action$="/recording"] input[name=recording_number]`).fill("R-2026-001");
  await li.locator(`form[action$="/recording"] input[name=seconds]`).fill("95");
  await li.locator(`form[action$="/recording"] button`).click();
  await li.locator(`form[action$="/notice"] label.choice`).first().click();
  await li.locator(`form[action$="/notice"] button`).click();
  await look(li, "staff-journey-attested");

  await follow(phone, "做好了,继续");
  await look(phone, "phone-notice");
  await press(phone, "我拿到了,数字一样");
  await look(phone, "phone-last");
  await phone.locator("label.choice", { hasText: "是我自己的意思" }).click();
  await phone.locator("fieldset").nth(1).locator("label.choice", { hasText: "没有" }).click();
  await press(phone, "确认借这笔钱");
  await look(phone, "phone-done");

  const permit = await house.core("POST", `/journeys/${opened.journey}/permit`);
  assert.equal(permit.status, 201, JSON.stringify(permit.body));
  const payout = { permit: permit.body.permit, amount_fen: 5_000_000, on: "2026-12-02", reference: "PAY-1" };
  const paid = await house.core("POST", `/journeys/${opened.journey}/payout`, payout);
  assert.deepEqual(paid.body.violations, [], JSON.stringify(paid.body));
  await phone.reload();
  await look(phone, "phone-paid");
  await signedFile(phone, opened);

  const called = await house.core("POST", `/journeys/${opened.journey}/callback`);
  const again = await person(browser, PHONE);
  await openLink(again, called.body.borrower_link);
  await look(again, "phone-callback");
  assert.equal(await again.locator("fieldset").count(), 6, "four facts and two numbers");

  await chen.goto(`${house.base}/staff/journeys/${opened.journey}/timeline`);
  await look(chen, "staff-timeline");
  await chen.goto(`${house.base}/staff/pack`);
  await look(chen, "staff-pack");
  await chen.goto(`${house.base}/staff/products`);
  await look(chen, "staff-products");

  // Compliance on the way, with a phone.
  await chen.setViewportSize({ width: 390, height: 844 });
  for (const [path, name] of [["", "list"], [`/journeys/${opened.journey}`, "journey"], [`/journeys/${opened.journey}/timeline`, "timeline"], ["/products/honest-loan/2026.1", "product"], ["/pack", "pack"]]) {
    await chen.goto(`${house.base}/staff${path}`);
    await look(chen, `staff-phone-${name}`);
  }
  const root = await person(browser, PHONE);
  await house.signIn(root, "root");
  await root.goto(`${house.base}/staff/accounts`);
  await look(root, "staff-phone-accounts");
});

// At any time, even with the digits to sign in her hand, "no" is one page away, costs nothing and ends everything.
test("she refuses with the signing digits in her hand", { timeout: 400_000 }, async () => {
  const opened = await house.open("E2E-NO");
  const table = (await house.core("GET", `/journeys/${opened.journey}/table`)).body;
  const phone = await person(browser, PHONE);
  await openLink(phone, opened.borrower_link);
  await before_reading(phone);
  await read(phone);
  for (let i = 0; i < 14; i++) {
    if ((await phone.locator("input[name=question]").count()) > 0) await answer(phone, table);
    else if ((await phone.getByRole("button", { name: "下一个问题", exact: true }).count()) > 0) await press(phone, "下一个问题");
    else break;
  }
  for (const set of await phone.locator("fieldset").all()) await set.locator("label.choice").first().click();
  await press(phone, "继续");
  const li = await person(browser, DESK);
  await house.signIn(li, "li.na");
  await li.goto(`${house.base}/staff/journeys/${opened.journey}`);
  await li.locator(`form[action$="/identity"] input[name=number]`).fill("11010119500101001X");
  await li.locator(`form[action$="/identity"] [value=resident_id_card]`).first().evaluate((e) => (e.tagName === "OPTION" ? (e.selected = true) : e.click()));
  await li.locator(`form[action$="/identity"] button`).click();

  await follow(phone, "做好了,继续");
  const [tab] = await Promise.all([phone.context().waitForEvent("page"), phone.getByRole("link", { name: "打开合同全文(PDF)" }).click()]);
  await tab.close();
  await follow(phone, "我看过了,继续");
  await phone.locator("label.choice", { hasText: "是我自己的" }).click();
  await press(phone, "把签署码发给我");
  const { data } = await newest("signing.code", opened.journey, 0);
  await told(phone).getByText("已核对").waitFor();
  const csrf = await phone.locator("input[name=csrf]").first().inputValue();
  const challenge = await phone.locator("form[data-sign]").getAttribute("data-challenge");

  await follow(phone, "不借了");
  await look(phone, "phone-no-ask");
  await press(phone, "确定,不借了");
  assert.match(await phone.locator("main").innerText(), /您使用了不借的权利/);
  await look(phone, "phone-no-done");

  // What was on its way stops: the digits sign nothing, the gate stays shut, and nobody can lead her on.
  const late = await post(phone, `/b/${opened.journey}/sign/digits`, { csrf, challenge, code: data.code });
  assert.ok(late.status >= 400, `${late.status} ${late.text}`);
  const signed = await phone.request.get(`${house.base}/b/${opened.journey}/contract/signed`);
  assert.equal(signed.status(), 404);
  const permit = await house.core("POST", `/journeys/${opened.journey}/permit`);
  assert.equal(permit.status, 409, JSON.stringify(permit.body));
  await li.goto(`${house.base}/staff/journeys/${opened.journey}`);
  await look(li, "staff-no");
  assert.equal(await li.locator(`form[action$="/notice"]`).count(), 0);
  await chen.goto(`${house.base}/staff/journeys/${opened.journey}/timeline`);
  assert.match(await chen.locator("main").innerText(), /不借/);
});

test("every borrower page fits 320 px, large type, dark and English", { timeout: 120_000 }, async () => {
  const opened = await house.open("E2E-2", "complaints-loan");
  const small = await person(browser, { ...PHONE, viewport: { width: 320, height: 640 } });
  await openLink(small, opened.borrower_link);
  await before_reading(small);
  const home = `${house.base}/b/${opened.journey}`;
  for (const look_ of [["large"], ["large", "dark"], ["en", "normal", "contrast"], ["en", "large", "light"]]) {
    for (const set of look_) await small.goto(`${house.base}/look?set=${set}&back=/`);
    await look(small, `small-front-${look_.join("-")}`);
    for (const page of ["start", "income", "safety", "facts", "table", "plan", "late", "read", "decline"]) {
      await small.goto(`${home}/${page}`);
      await look(small, `small-${page}-${look_.join("-")}`);
    }
  }
});

test("she calls for help without a trace, and her son looks along", { timeout: 90_000 }, async () => {
  const opened = await house.open("E2E-4");
  const phone = await person(browser, PHONE);
  await openLink(phone, opened.borrower_link);
  await before_reading(phone);
  const home = `${house.base}/b/${opened.journey}`;
  await phone.goto(`${home}/family`);
  await press(phone, "做一个给家人的链接");
  await look(phone, "phone-family-made");
  const link = await phone.locator("p.wrap").innerText();
  const { data } = await house.message("code.ready", opened.journey);
  assert.equal(data.purpose, "family");
  const son = await person(browser, { ...PHONE, viewport: { width: 320, height: 640 } });
  await son.goto(link.replace(/^https?:\/\/[^/]+/, house.base));
  await look(son, "son-code");
  await son.locator("input[name=code]").fill(data.code);
  await press(son, "打开");
  await look(son, "son-looks");
  assert.equal(await son.locator("form, button:not(.listen)").count(), 0, "there is nothing to press");

  await phone.goto(`${home}/facts`);
  const before = await phone.locator("main").innerText();
  await follow(phone, "悄悄求助");
  await look(phone, "phone-aside");
  await press(phone, "请帮我停下来");
  assert.equal(await phone.locator("main").innerText(), before, "the page that she had seen before");
  const told = await house.message("journey.needs_person", opened.journey);
  assert.deepEqual(told.data, { who: "compliance" });
  const li = await person(browser, DESK);
  await house.signIn(li, "li.na");
  await li.goto(`${house.base}/staff/journeys/${opened.journey}/timeline`);
  assert.doesNotMatch(await li.locator("main").innerText(), /"forced"|逼/, "the branch does not see why");
  await chen.goto(`${house.base}/staff/journeys/${opened.journey}/timeline`);
  await chen.locator("details.copy summary").click();
  await look(chen, "staff-copy");
});

test("anyone asks about a message", { timeout: 60_000 }, async () => {
  const anyone = await person(browser, PHONE);
  await anyone.goto(`${house.base}/trust/check`);
  await look(anyone, "public-scam-empty");
  await anyone.locator("textarea").fill("我是公安局的,您的账户涉嫌洗钱,请把钱转到安全账户,不要告诉家人。");
  await anyone.locator("main button[type=submit]").click();
  await anyone.getByText("96110").first().waitFor();
  await look(anyone, "public-scam-known");
  await anyone.setViewportSize({ width: 320, height: 640 });
  await anyone.goto(`${house.base}/look?set=large&back=/`);
  await anyone.goto(`${house.base}/trust/check`);
  await look(anyone, "public-scam-large");
});

test("a consultant's browser does not open a borrower's link", { timeout: 60_000 }, async () => {
  const opened = await house.open("E2E-3");
  const li = await person(browser, DESK);
  await house.signIn(li, "li.na");
  await openLink(li, opened.borrower_link);
  await li.getByText("这台设备上有工作人员登录着").waitFor();
  await look(li, "staff-device-refused");
});
