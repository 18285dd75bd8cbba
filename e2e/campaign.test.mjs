// A campaign in a real browser: planned and approved by two officers at a desk, a hall whose screen changes its code, a telephone that checks in,
// one that loses its reception and sends later, a paper list typed in, and the report.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { House, PASSWORD } from "./house.mjs";
import { DESK, PHONE, launch, look, person } from "./look.mjs";
import { CITIES, TRUTH, town } from "./residents.mjs";

let house, browser, campaign, scanned;
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

// A moment in China as the form types it.
const typed = (ms) => new Date(ms + 8 * 3600_000).toISOString().slice(0, 16);

test("one officer plans, another approves and adds a session that is on now", async () => {
  const chen = await signIn("chen");
  await chen.goto(`${house.base}/staff/campaigns/new`);
  await press(chen, "保存计划");
  assert.match(await said(chen), /请填日期/);
  await look(chen, "campaign-plan-wrong");
  const now = Date.now();
  await chen.locator("#name").fill("守护者行动·冬季");
  await chen.locator("#theme").fill("不轻信、不转账");
  await chen.getByText("反诈骗", { exact: true }).click();
  await chen.getByText("老年人", { exact: true }).click();
  await chen.locator("#from").fill(typed(now - 86_400_000).slice(0, 10));
  await chen.locator("#to").fill(typed(now + 20 * 86_400_000).slice(0, 10));
  await chen.locator("#places").fill("甲市,东街社区\n乙市,西村");
  await chen.locator("#partners").fill("公安,东街派出所");
  await chen.locator("#roster").fill("li.na");
  await chen.locator("#budget").fill("20,000");
  await chen.locator("#materials").fill("防骗手册,2026-18");
  await press(chen, "保存计划");
  await chen.waitForURL(/\/staff\/campaigns\/[0-9a-f-]{36}$/);
  campaign = new URL(chen.url()).pathname;

  const sun = await signIn("sun");
  await sun.goto(`${house.base}${campaign}`);
  await press(sun, "批准计划");
  await sun.locator("#place").selectOption("0");
  await sun.locator("#starts").fill(typed(now - 600_000));
  await sun.locator("#ends").fill(typed(now + 5_400_000));
  await sun.locator("#expected").fill("40");
  await sun.locator("#lead").selectOption("li.na");
  await sun.locator("#arm").selectOption("taught");
  await press(sun, "安排一场");
  assert.match(await said(sun), /东街社区/);
  await look(sun, "campaign");
  await sun.goto(`${house.base}/staff/campaigns`);
  await look(sun, "campaigns");
});

test("the hall checks in: at once, twice, and later from a telephone without reception", async () => {
  const li = await signIn("li.na");
  await li.goto(`${house.base}${campaign}/1/screen`);
  await look(li, "campaign-screen");
  const code = await li.locator(".ref").innerText();
  scanned = `${campaign.replace("/staff/campaigns/", "/learn/in/")}/1/${code}`;

  const her = await person(browser, PHONE);
  await her.goto(`${house.base}${scanned}`);
  await look(her, "check-in");
  await her.locator("#phone").fill("123");
  await press(her, "签到");
  assert.match(await said(her), /11 位手机号/);
  await look(her, "check-in-wrong");
  await her.locator("#phone").fill("138 0000 0001");
  await press(her, "签到");
  assert.match(await said(her), /签到成功/);
  await look(her, "checked-in");
  await her.goto(`${house.base}${scanned}`);
  await her.locator("#phone").fill("13800000001");
  await press(her, "签到");
  assert.match(await said(her), /没有重复计数/);

  // The reception goes while she types; the page keeps it, and sends it when it is back.
  const lost = await person(browser, PHONE);
  await lost.goto(`${house.base}${scanned}`);
  await lost.context().setOffline(true);
  await lost.locator("#phone").fill("13800000002");
  await press(lost, "签到");
  assert.match(await said(lost), /现在没有网络/);
  // A browser that is off says so by itself; that is the weather, not a fault of the page.
  lost.complaints = lost.complaints.filter((one) => !/ERR_INTERNET_DISCONNECTED/.test(one));
  await look(lost, "check-in-kept");
  await lost.context().setOffline(false);
  lost.complaints = [];
  await lost.getByText("刚才存下的签到已经发出").waitFor({ timeout: 15_000 });
});

test("the paper list is typed in twice without harm, and the report has every denominator", async () => {
  const li = await signIn("li.na");
  await li.goto(`${house.base}${campaign}/1`);
  for (const told of [/新计入 2 条,原来就有 1 条/, /新计入 0 条,原来就有 3 条/]) {
    await li.locator("#list").fill("1,13800000001\n2\n3,13800000003");
    await press(li, "录入");
    assert.match(await said(li), told);
  }
  await look(li, "campaign-session");
  await li.locator("#results").fill("13800000001,前测,-0.35,0.40,5,4,1\n13800000001,后测,0.20,0.38,7,2,1\n13899999999,前测,0,0.4,5,4,1");
  await press(li, "录入结果");
  assert.match(await said(li), /新计入 2 条.*还有 1 条没有计入/);
  const sun = await signIn("sun");
  await sun.goto(`${house.base}${campaign}`);
  await sun.locator("#platform").fill("某视频平台");
  await sun.locator("#figure").fill("620,000");
  await sun.locator("#source").fill("后台截图 12-01");
  await press(sun, "登记自报数字");
  await sun.getByRole("link", { name: "数字与报告" }).click();
  const text = await said(sun);
  assert.match(text, /到场人次\s+4/);
  assert.match(text, /620,000/);
  await look(sun, "campaign-report");
  await sun.goto(`${house.base}/look?set=en&back=${encodeURIComponent(`${campaign}/report`)}`);
  await look(sun, "campaign-report-en");
  const phone = await signIn("sun", PHONE);
  await phone.goto(`${house.base}${campaign}/report`);
  await look(phone, "campaign-report-phone");
});

test("1,200 simulated residents of three cities: the report finds what was put into them", async () => {
  const chen = await signIn("chen"), sun = await signIn("sun"), li = await signIn("li.na");
  const now = Date.now(), day = 86_400_000;
  await chen.goto(`${house.base}/staff/campaigns/new`);
  await chen.locator("#name").fill("守护者行动(模拟数据)");
  await chen.locator("#theme").fill("模拟:居民、号码和分数都不是真的");
  for (const one of ["反诈骗", "合理借贷", "老年人", "农村居民"]) await chen.getByText(one, { exact: true }).click();
  await chen.locator("#from").fill(typed(now - 45 * day).slice(0, 10));
  await chen.locator("#to").fill(typed(now + 5 * day).slice(0, 10));
  await chen.locator("#places").fill(CITIES.map((city) => `${city},市民广场`).join("\n"));
  await chen.locator("#roster").fill("li.na");
  await chen.locator("#budget").fill("60,000");
  await press(chen, "保存计划");
  await chen.waitForURL(/\/staff\/campaigns\/[0-9a-f-]{36}$/);
  const at = new URL(chen.url()).pathname;
  await sun.goto(`${house.base}${at}`);
  await press(sun, "批准计划");
  const sessions = town();
  // The forms are sent as the pages send them, with the page's token: thirty sessions by mouse would take an hour.
  const post = async (page, path, fields) => {
    const csrf = await page.locator("input[name=csrf]").first().inputValue();
    const answer = await page.request.post(`${house.base}${path}`, { form: { csrf, ...fields }, headers: { origin: house.base } });
    assert.ok(answer.ok(), `${path}: ${answer.status()} ${(await answer.text()).match(/wrong-text[^<]*>([^<]*)/)?.[1] ?? ""}`);
    return answer.text();
  };
  await li.goto(`${house.base}${at}`);
  await li.goto(`${house.base}/staff/me`);
  for (const one of sessions) {
    const starts = now - 40 * day + one.number * 3_600_000;
    await post(sun, `${at}/do/session`, { place: String(one.city), starts: typed(starts), ends: typed(starts + 3_000_000), expected: "50", lead: "li.na", arm: one.waits ? "waiting" : "taught" });
    const told = await post(li, `${at}/${one.number}/list`, { list: one.list });
    assert.match(told, /新计入 42 条,原来就有 1 条/);
    await post(li, `${at}/${one.number}/results`, { results: one.results });
  }
  await sun.goto(`${house.base}${at}/report`);
  const text = await said(sun);
  assert.match(text, /到场人次\s+1,260/);
  assert.match(text, /去重人数\(最少\)\s+1,200/);
  assert.match(text, /授课组比等候组提高了,超出偶然/);
  assert.match(text, /更能分清真假/);
  const [, difference, error] = text.match(/差 (-?[\d.]+) 个能力分,标准误 ([\d.]+)/);
  assert.ok(Math.abs(difference - TRUTH.gain) < 3 * error, `${difference} ± ${error} for ${TRUTH.gain}`);
  await look(sun, "campaign-report-simulated");
});
