// One loan in real browsers: compliance releases the product, the borrower walks the path on a phone, the consultant attests at
// the branch, the core system pays, and she is asked again.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { House, PASSWORD } from "./house.mjs";
import { DESK, launch, look, person, PHONE } from "./look.mjs";
import { answer } from "./reader.mjs";

let house, browser, chen;
before(async () => {
  house = await House.start();
  browser = await launch();
  chen = await release("honest-loan", "2026.1");
  await (await release("complaints-loan", "2026.1")).context().close();
});
after(async () => { await browser?.close(); await house?.stop(); });

async function signIn(page, login) {
  await page.goto(`${house.base}/staff/sign-in`);
  await page.locator("input[name=login]").fill(login);
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await page.waitForURL((url) => url.pathname.startsWith("/staff") && !url.pathname.endsWith("sign-in"));
}

const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const follow = (page, name) => page.getByRole("link", { name, exact: true }).first().click();

async function openLink(page, link) {
  await page.goto(link.url.replace(/^https?:\/\/[^/]+/, house.base));
  await page.locator("input[name=code]").fill(link.code);
  await press(page, "打开我的页面");
}

async function release(product, version) {
  const root = await person(browser, DESK);
  await signIn(root, "root");
  await root.goto(`${house.base}/staff/products/${product}/${version}`);
  await root.locator(`form[action$="/submit"] button`).click();
  const chen = await person(browser, DESK);
  await signIn(chen, "chen");
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

async function read(page) {
  await look(page, "phone-read");
  await press(page, "打开这一段");
  await look(page, "phone-section");
  for (let i = 0; i < 6; i++) {
    const seconds = Number((await page.locator("main").innerText()).match(/至少看 (\d+) 秒/)[1]);
    await page.waitForTimeout(seconds * 1000 + 600);
    await press(page, "这一段看完了");
  }
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
  await read(phone);

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
  await signIn(li, "li.na");
  await look(li, "staff-list");
  await li.goto(`${house.base}/staff/journeys/${opened.journey}`);
  await look(li, "staff-journey");
  await li.locator(`form[action$="/identity"] input[name=number]`).fill("11010119500101001X");
  await li.locator(`form[action$="/identity"] [value=resident_id_card]`).first().evaluate((e) => (e.tagName === "OPTION" ? (e.selected = true) : e.click()));
  await li.locator(`form[action$="/identity"] button`).click();
  await li.locator(`form[action$="/signature"] label.choice`).first().click();
  await li.locator(`form[action$="/signature"] button`).click();
  await li.locator(`form[action$="/recording"] input[name=recording_number]`).fill("R-2026-001");
  await li.locator(`form[action$="/recording"] input[name=seconds]`).fill("95");
  await li.locator(`form[action$="/recording"] button`).click();
  await li.locator(`form[action$="/notice"] label.choice`).first().click();
  await li.locator(`form[action$="/notice"] button`).click();
  await look(li, "staff-journey-attested");

  await follow(phone, "做好了,继续");
  await look(phone, "phone-sign");
  await press(phone, "是我本人签的");
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
  await signIn(root, "root");
  await root.goto(`${house.base}/staff/accounts`);
  await look(root, "staff-phone-accounts");
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

test("a consultant's browser does not open a borrower's link", { timeout: 60_000 }, async () => {
  const opened = await house.open("E2E-3");
  const li = await person(browser, DESK);
  await signIn(li, "li.na");
  await openLink(li, opened.borrower_link);
  await li.getByText("这台设备上有工作人员登录着").waitFor();
  await look(li, "staff-device-refused");
});
