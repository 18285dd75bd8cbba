// An advertisement in a real browser: the business hands it in, the machine marks its lures, compliance answers the checklist, the business
// adopts, another officer releases the changed one, and a changed character is no longer released.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { House, PASSWORD } from "./house.mjs";
import { DESK, PHONE, launch, look, person } from "./look.mjs";

let house, browser;
before(async () => {
  house = await House.start();
  house.run(["account", "add", "sun", "--role", "compliance", "--name", "孙工", "--password-stdin"], PASSWORD + "\n");
  browser = await launch();
});
after(async () => { await browser?.close(); await house?.stop(); });

const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const said = (page) => page.locator("main").innerText();
const LURE = "秋收贷,低门槛,秒到账!日利率 0.03%,随借随还。";
const GOOD = "秋收贷:年化利率 10.95%(单利)。贷款有风险,借款需谨慎。";

async function signIn(login, kind = DESK) {
  const page = await person(browser, kind);
  await house.signIn(page, login);
  return page;
}

test("a lure is found, answered, changed, and only the changed one may be used", async () => {
  const li = await signIn("li.na", PHONE);
  await li.goto(`${house.base}/staff/reviews/new`);
  await look(li, "review-new");
  await press(li, "送审");
  await look(li, "review-new-wrong");
  await li.locator("#title").fill("秋收贷海报");
  await li.locator("#kind").selectOption("advertisement");
  await li.locator("#text").fill(LURE);
  await li.locator("#note").fill("价格已和合同核对。");
  await li.locator("#regions").fill("宁波、舟山");
  await li.locator("label.choice", { hasText: "印刷品" }).click();
  await press(li, "送审");
  await li.waitForURL(/reviews\/[0-9a-f-]{36}/);
  await look(li, "review-own");
  const here = li.url().split("#")[0];

  const chen = await signIn("chen");
  await chen.goto(`${house.base}/staff/reviews`);
  await look(chen, "review-list");
  await chen.goto(here);
  await look(chen, "review-judging");
  for (const one of await chen.locator("input[type=radio][value=met]").all()) await one.check();
  await chen.locator("form#judge button[type=submit]").click();
  for (const one of await chen.locator("input[type=radio][value=upheld]").all()) await one.check();
  await chen.locator("form#machine button[type=submit]").click();
  await chen.locator("label.choice", { hasText: "有条件通过" }).click();
  await chen.locator("#summary").fill("同意");
  await press(chen, "出具意见");
  assert.match(await said(chen), /请写 20 到/);
  await look(chen, "review-signature-only");
  await chen.locator("label.choice", { hasText: "有条件通过" }).click();
  await chen.locator("#summary").fill("价格要写年化;诱导用语要删。其余与合同一致,理由写在各项里。");
  await press(chen, "出具意见");
  await look(chen, "review-opinion");

  await li.goto(here);
  await look(li, "review-answering");
  while (await li.locator("form[action$='/reply']").count()) {
    const form = li.locator("form[action$='/reply']").first();
    await form.locator("label.choice", { hasText: /^ ?采纳/ }).click();
    await form.locator("textarea").fill("已经改掉这一处");
    await form.locator("button").click();
    await li.waitForLoadState();
  }
  await li.locator("#text").fill(GOOD);
  await press(li, "回传最终材料");

  const sun = await signIn("sun");
  await sun.goto(here);
  await look(sun, "review-to-release");
  const today = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);
  await sun.locator("#until").fill(today);
  await sun.locator("#compared").fill("逐字比对了两份材料,广告语换成了年化利率和风险提示。");
  await press(sun, "放行");
  assert.match(await said(sun), /✓ 已放行/);
  await look(sun, "review-released");
  await sun.goto(`${house.base}/look?set=en&back=${encodeURIComponent(new URL(here).pathname)}`);
  await look(sun, "review-released-en");

  await li.goto(`${house.base}/staff/reviews/check`);
  for (const [text, word] of [[GOOD, /可以用/], [GOOD.replace("10.95", "10.85"), /没有放行过这一份/]]) {
    await li.locator("#text").fill(text);
    await li.locator("#channel").selectOption("print");
    await li.locator("#region").fill("宁波");
    await press(li, "查一查");
    assert.match(await said(li), word);
    await look(li, "review-check");
  }
});
