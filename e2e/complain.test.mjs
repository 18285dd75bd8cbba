// A complaint in a real browser: somebody at phone size files one, follows it, is answered, reads the letter and asks for a re-check; the
// borrower complains from her own link; an officer notes transfers down and one who is late sees it.

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

async function signIn(login, kind = DESK) {
  const page = await person(browser, kind);
  await house.signIn(page, login);
  return page;
}

async function english(page, name, path) {
  await page.goto(`${house.base}/look?set=en&back=${encodeURIComponent(path)}`);
  await look(page, name);
  await page.goto(`${house.base}/look?set=zh&back=${encodeURIComponent(path)}`);
}

const STORY = "合同上没有写的服务费被扣了两百元,问了没人解释。\n我在城东网点办的,11 月 3 日。";
let reference, code, file;

test("somebody without a login files a complaint on a telephone and follows it", async () => {
  const her = await person(browser, PHONE);
  await her.goto(house.base);
  await her.getByRole("link", { name: "我要投诉" }).click();
  await look(her, "complain-form");
  await press(her, "提交投诉");
  assert.match(await said(her), /请选一项/);
  await look(her, "complain-form-wrong");
  await her.getByText("继承人", { exact: true }).click();
  await her.locator("#name").fill("王秀英");
  await her.locator("#contact").fill("138 0000 0000");
  await her.locator("#story").fill(STORY);
  await her.locator("#wish").fill("退钱,道歉");
  await press(her, "提交投诉");
  await her.waitForURL(/\/trust\/complaint\/received$/);
  await look(her, "complained");
  [reference, code] = await her.locator(".ref").allInnerTexts();
  await english(her, "complained-en", "/trust/complaint/received");
  await her.goto(`${house.base}/trust/complaint/received`);
  await her.getByRole("link", { name: "查看进度" }).click();
  await look(her, "complaint-open");
  await press(her, "看完了,关闭");

  // Another device: a wrong code says nothing, the right one opens.
  const later = await person(browser, PHONE);
  await later.goto(`${house.base}/trust/complaint`);
  await look(later, "complaint-ask");
  await later.locator("#reference").fill(reference.toLowerCase());
  await later.locator("#code").fill("0000 0000");
  await press(later, "查看");
  assert.match(await said(later), /没有找到这件投诉/);
  await look(later, "complaint-ask-wrong");
  await later.locator("#code").fill(code);
  await press(later, "查看");
  await later.locator("#add-text").fill("还有一张短信截图。");
  await press(later, "补充");
  assert.match(await said(later), /您补充了/);
});

test("compliance answers, she asks for a re-check, somebody else looks again", async () => {
  const chen = await signIn("chen");
  await chen.goto(`${house.base}/staff/complaints`);
  await look(chen, "staff-complaints");
  await english(chen, "staff-complaints-en", "/staff/complaints");
  await chen.goto(`${house.base}/staff/complaints?q=${encodeURIComponent(reference)}`);
  file = new URL(chen.url()).pathname;
  await look(chen, "staff-complaint");
  await chen.locator("#categorise-cause").selectOption("c07");
  await chen.locator("#categorise-business").selectOption("b03");
  await chen.locator("#categorise-right").selectOption("fair");
  await press(chen, "分类");
  await chen.locator("#answer-outcome").selectOption("upheld");
  await chen.getByText("致歉", { exact: true }).click();
  await chen.locator("#answer-text").fill("已处理");
  await press(chen, "书面答复");
  assert.match(await said(chen), /请写 20 到 4000 字/);
  await look(chen, "staff-complaint-wrong");
  await chen.locator("#answer-text").fill("我们核对了流水和成本明示表:您说的服务费没有列在表上,不应收取。我们向您道歉。");
  await press(chen, "书面答复");
  await look(chen, "staff-complaint-answered");
  await english(chen, "staff-complaint-answered-en", file);

  const her = await person(browser, PHONE);
  await her.goto(`${house.base}/trust/complaint`);
  await her.locator("#reference").fill(reference);
  await her.locator("#code").fill(code);
  await press(her, "查看");
  await look(her, "complaint-answered");
  const letter = await her.request.get(`${house.base}/trust/complaint/letter/1`);
  assert.equal(letter.headers()["content-type"], "application/pdf");
  assert.match((await letter.body()).toString("latin1"), /^%PDF-1/);
  await her.locator("#recheck-text").fill("只道歉,钱没有退。");
  await press(her, "申请核查");
  assert.match(await said(her), /正在核查/);
  await english(her, "complaint-recheck-en", "/trust/complaint");

  await chen.goto(house.base + file);
  assert.match(await said(chen), /核查要由另一位消保岗同事做/);
  const sun = await signIn("sun");
  await sun.goto(house.base + file);
  await sun.locator("#answer-outcome").selectOption("upheld");
  await sun.getByText("退款", { exact: true }).click();
  await sun.locator("#answer-refund").fill("200");
  await sun.locator("#answer-text").fill("核查后认为:服务费不应收取,全部退还,并向您道歉。");
  await press(sun, "书面答复");
  assert.match(await said(sun), /等另一位消保岗同事看过再发出/);
  await look(sun, "staff-complaint-draft");
});

test("a transfer that is overdue is at the top and on the page of alarms, at both widths", async () => {
  const chen = await signIn("chen");
  await chen.goto(`${house.base}/staff/complaints/new`);
  await look(chen, "staff-note");
  const day = (ago) => new Date(Date.now() + 8 * 3_600_000 - ago * 86_400_000).toISOString().slice(0, 10);
  const fill = async (received) => {
    await chen.locator("#channel").selectOption("12378");
    await chen.locator("#received").fill(received);
    await chen.locator("#transfer").fill("2026-0815");
    await chen.locator("#party").selectOption("herself");
    await chen.locator("#name").fill("赵大爷");
    await chen.locator("#contact").fill("139 0000 0000");
    await chen.locator("#story").fill("每天打十几个电话催收。");
    await press(chen, "登记");
  };
  await fill(day(-1));
  assert.match(await said(chen), /收到的日期不对/);
  await look(chen, "staff-note-future");
  await fill(day(17));
  await look(chen, "staff-noted");
  await chen.getByRole("link", { name: "打开这件投诉" }).click();
  await look(chen, "staff-complaint-late");
  await chen.goto(`${house.base}/staff/complaints`);
  assert.match(await said(chen), /! 有 1 件已超期/);
  assert.match(await chen.locator("tbody tr").first().innerText(), /! 超期第 2 天/);
  await look(chen, "staff-complaints-late");
  await chen.goto(`${house.base}/staff/complaints/alarms`);
  await look(chen, "staff-alarms");
  await english(chen, "staff-alarms-en", "/staff/complaints/alarms");
  const small = await signIn("chen", PHONE);
  for (const [name, path] of [["list", "/staff/complaints"], ["one", file], ["alarms", "/staff/complaints/alarms"], ["note", "/staff/complaints/new"]]) {
    await small.goto(house.base + path);
    await look(small, `staff-phone-${name}`);
  }
});

test("the borrower complains from her own link, and the officer sees what she was shown", async () => {
  const root = await signIn("root");
  await root.goto(`${house.base}/staff/products/honest-loan/2026.1`);
  await root.locator(`form[action$="/submit"] button`).click();
  const reviewer = await signIn("chen");
  await reviewer.goto(`${house.base}/staff/products/honest-loan/2026.1`);
  await reviewer.locator("textarea[name=opinion]").fill("费用齐全,口径一致,没有隐藏项目,同意在本行网点使用这个版本。");
  await reviewer.locator(`form[action$="/release"] button`).click();
  const opened = await house.open("E2E-C1");
  const her = await person(browser, PHONE);
  await her.goto(opened.borrower_link.url.replace(/^https?:\/\/[^/]+/, house.base));
  await her.locator("input[name=code]").fill(opened.borrower_link.code ?? (await house.message("code.ready", opened.journey)).data.code);
  await press(her, "打开我的页面");
  await her.waitForURL(/\/start$/);
  await her.getByRole("link", { name: "悄悄求助" }).first().click();
  await look(her, "aside");
  await her.getByRole("link", { name: "我要投诉" }).click();
  await look(her, "complain-borrower");
  await her.locator("#story").fill("广告说没有别的费用,表上却有担保费。");
  await press(her, "提交投诉");
  await her.waitForURL(/\/trust\/complaint\/received$/);
  const [mine] = await her.locator(".ref").allInnerTexts();
  const chen = await signIn("chen");
  await chen.goto(`${house.base}/staff/complaints?q=${encodeURIComponent(mine)}`);
  await chen.getByText("给出的费用(借款人还没有看过)").click();
  await look(chen, "staff-complaint-evidence");
  assert.match(await said(chen), /王秀英/);
});

test("the public pages stand at 1280 and in large type too", async () => {
  const wide = await person(browser, DESK);
  for (const [name, path] of [["form", "/trust/complain"], ["ask", "/trust/complaint"], ["front", "/"]]) {
    await wide.goto(house.base + path);
    await look(wide, `wide-${name}`);
    await english(wide, `wide-${name}-en`, path);
  }
  const old = await person(browser, { ...PHONE, viewport: { width: 320, height: 700 } });
  await old.goto(`${house.base}/look?set=large&back=/trust/complain`);
  await look(old, "large-form");
});
