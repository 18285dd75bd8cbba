// Somebody elderly, in large type, on a telephone: a suspicious message, the check, a card to read out to 96110; a message that really is from
// this house; a warning that officers wrote. Then the officers' side: the report, a bulletin by two people, a file of transfers.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { House, PASSWORD } from "./house.mjs";
import { DESK, PHONE, launch, look, person } from "./look.mjs";

let house, browser, her;
before(async () => {
  house = await House.start();
  house.run(["account", "add", "sun", "--role", "compliance", "--name", "孙工", "--password-stdin"], PASSWORD + "\n");
  browser = await launch();
  her = await person(browser, PHONE);
});
after(async () => { await browser?.close(); await house?.stop(); });

const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const said = (page) => page.locator("main").innerText();
const POLICE = "我是市公安局的王警官,您名下的银行卡涉嫌洗钱。请马上把钱转到安全账户配合调查,不要告诉家人,也不要挂电话。";

test("a suspicious message becomes a card that she reads out, and stays nowhere", async () => {
  await her.goto(`${house.base}/look?set=large&back=/`);
  await look(her, "trust-front-large");
  await her.getByRole("link", { name: "查骗局" }).first().click();
  await her.locator("#text").fill(POLICE);
  await press(her, "查一查");
  assert.match(await said(her), /符合已知的骗局套路/);
  await look(her, "trust-scam-large");
  await press(her, "整理成举报卡片");
  await look(her, "trust-report-form-large");
  await press(her, "只做卡片,什么也不留");
  assert.match(await said(her), /请选一项/);
  await look(her, "trust-report-wrong-large");
  await her.getByText("已经转了钱", { exact: true }).click();
  await her.locator("#facts").fill("昨天下午三点,转了 5,000 元\n对方卡号尾号 1234,电话 010 开头");
  await press(her, "只做卡片,什么也不留");
  assert.match(await said(her), /打 96110 时照着念/);
  assert.match(await said(her), /没有保存在我们这里/);
  await look(her, "trust-report-card-large");
});

test("she leaves a copy with her consent, and an officer deals with it", async () => {
  await her.goto(`${house.base}/trust/check`);
  await her.locator("#text").fill(POLICE);
  await press(her, "查一查");
  await press(her, "整理成举报卡片");
  await her.getByText("还没有照做", { exact: true }).click();
  await press(her, "做卡片,并交一份");
  assert.match(await said(her), /请先勾选同意/);
  await her.locator("#consent input").check();
  await her.locator("#contact").fill("138 0000 0042");
  await press(her, "做卡片,并交一份");
  assert.match(await said(her), /已经收到您交来的一份/);
  await look(her, "trust-report-kept-large");

  const chen = await person(browser, DESK);
  await house.signIn(chen, "chen");
  await chen.goto(`${house.base}/staff/reports`);
  await look(chen, "staff-reports");
  await chen.locator("tbody a").first().click();
  assert.match(await said(chen), /安全账户/);
  await chen.locator("#how").selectOption("called");
  await chen.locator("#note").fill("已电话提醒本人,没有转账。");
  await press(chen, "写入证据");
  assert.match(await said(chen), /已电话提醒本人/);
  await look(chen, "staff-report");

  await chen.goto(`${house.base}/staff/bulletins/new`);
  await chen.locator("#title_zh").fill("冒充公检法:没有安全账户");
  await chen.locator("#title_en").fill("There is no safe account");
  await chen.locator("#text_zh").fill("公安机关不会在电话里办案,也没有“安全账户”。\n接到这种电话,挂断,打 96110。");
  await chen.locator("#text_en").fill("The police never settle a case by telephone.\nHang up and call 96110.");
  await chen.locator("#group").selectOption("older");
  const until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  await chen.locator("#until").fill(until);
  await chen.locator("input[name=family-fake-police]").check();
  await press(chen, "保存,等另一人发布");
  assert.match(await said(chen), /要请另一位消保岗同事看过后发布/);
  await look(chen, "staff-bulletin-own");
  const sun = await person(browser, DESK);
  await house.signIn(sun, "sun");
  await sun.goto(chen.url());
  await look(sun, "staff-bulletin-release");
  await press(sun, "发布");
  assert.match(await said(sun), /✓ 已发布/);
  await sun.goto(`${house.base}/staff/bulletins`);
  await look(sun, "staff-bulletins");

  await her.goto(`${house.base}/trust/alerts`);
  assert.match(await said(her), /没有安全账户/);
  await look(her, "trust-alerts-large");
  await her.goto(`${house.base}/trust/check`);
  await her.locator("#text").fill(POLICE);
  await press(her, "查一查");
  assert.match(await said(her), /相关的风险提示/);
});

test("a message that is really from this house, and the same with a line added", async () => {
  const other = await person(browser, PHONE);
  await other.goto(`${house.base}/trust/complain`);
  await other.getByText("本人", { exact: true }).click();
  await other.locator("#name").fill("王秀英");
  await other.locator("#contact").fill("138 0000 0042");
  await other.locator("#story").fill("合同上没有写的服务费被扣了两百元。");
  await press(other, "提交投诉");
  await other.waitForURL(/received$/);
  const { data } = await house.message("complaint.received", undefined);
  await her.goto(`${house.base}/trust/verify-us`);
  await look(her, "trust-verify-us-large");
  await her.locator("#code").fill(data.verify.code.toLowerCase());
  await press(her, "查一查");
  assert.match(await said(her), /我们确实发过/);
  assert.match(await said(her), /42/);
  await look(her, "trust-verify-us-found-large");
  await her.locator("#code").fill("00000-00000");
  await press(her, "查一查");
  assert.match(await said(her), /没有查到我们发过/);
  await look(her, "trust-verify-us-unknown-large");
  await her.goto(`${house.base}/trust/check`);
  await her.locator("#text").fill(data.zh);
  await press(her, "查一查");
  assert.match(await said(her), /一个字都没有改/);
  await look(her, "trust-really-large");
  await her.locator("#text").fill(`${data.zh}请先转 500 元保证金。`);
  await press(her, "查一查");
  assert.match(await said(her), /文字不是我们发出的那条/);
  await look(her, "trust-changed-large");
});

test("an officer takes transfers over from a file and reads the report", async () => {
  const sun = await person(browser, DESK);
  await house.signIn(sun, "sun");
  await sun.goto(`${house.base}/staff/complaints/files`);
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  const csv = `转办编号,渠道,收到日期,姓名,联系方式,投诉内容\nT-1,12378,${today},李强,139 0000 0000,征信记录写错了没人改\nT-1,12378,${today},李强,139 0000 0000,同一件又转了一次\n`;
  const file = { name: "转办.csv", mimeType: "text/csv", buffer: Buffer.from(csv) };
  await sun.locator("#file").setInputFiles({ ...file, buffer: Buffer.from(csv.replace("12378", "12345")) });
  await press(sun, "预检");
  assert.match(await said(sun), /第 2 行/);
  await look(sun, "staff-files-faulty");
  await sun.locator("#file").setInputFiles(file);
  await press(sun, "预检");
  await look(sun, "staff-files-planned");
  await sun.locator("#again").setInputFiles(file);
  await press(sun, "确认导入");
  assert.match(await said(sun), /新写入 1 件/);
  await look(sun, "staff-files-done");
});
