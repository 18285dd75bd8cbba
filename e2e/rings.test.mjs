// An officer works a ring in a real browser: the core system sends what three applications were seen with, they wait for a protective call,
// one customer asks why and appeals on her telephone, the officer calls and decides, a second officer closes.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { House, PASSWORD } from "./house.mjs";
import { DESK, PHONE, launch, look, person } from "./look.mjs";

let house, browser, loans, hers, ring;
before(async () => {
  house = await House.start();
  house.run(["account", "add", "sun", "--role", "compliance", "--name", "孙工", "--password-stdin"], PASSWORD + "\n");
  browser = await launch();
  const root = await person(browser, DESK);
  await house.signIn(root, "root");
  const chen = await person(browser, DESK);
  await house.signIn(chen, "chen");
  await house.release(root, chen, "honest-loan", "2026.1");
});
after(async () => { await browser?.close(); await house?.stop(); });

const press = (page, name) => page.getByRole("button", { name, exact: true }).click();
const said = (page) => page.locator("main").innerText();

async function signIn(login, kind = DESK) {
  const page = await person(browser, kind);
  await house.signIn(page, login);
  return page;
}

test("three applications share a device and a fee account, and one customer asks why she waits", async () => {
  loans = [];
  for (let number = 1; number <= 3; number++) {
    const opened = await house.open(`E2E-R${number}`);
    const sent = await house.core("POST", `/journeys/${opened.journey}/links`, { customer: `C-${number}`, links: [
      { kind: "device", value: "a1b2-c3d4-e5f6" }, { kind: "fee_account", value: "fee-account-01" },
      { kind: "card", value: `622202123456780000${number}` }, { kind: "address", value: `河南省郑州市某区一路${number}号楼201` },
    ] });
    assert.deepEqual(sent, { status: 200, body: { taken: 4, known: 0 } });
    loans.push(opened);
  }
  await house.message("journey.needs_person", loans[0].journey);
  const status = await house.core("GET", `/journeys/${loans[0].journey}`);
  assert.ok(status.body.missing.some((one) => one.duty === "screened" && /不是拒绝/.test(one.why.zh ?? one.why)), JSON.stringify(status.body.missing));

  hers = await person(browser, PHONE);
  const link = loans[0].borrower_link;
  await hers.goto(link.url.replace(/^https?:\/\/[^/]+/, house.base));
  await hers.locator("input[name=code]").fill(link.code ?? (await house.message("code.ready", loans[0].journey)).data.code);
  await press(hers, "打开我的页面");
  await hers.getByRole("link", { name: "开始", exact: true }).first().click();
  await hers.locator("#income").fill("2万");
  await hers.locator("#debts").fill("0");
  await press(hers, "继续");
  for (const set of await hers.locator("fieldset").all()) await set.locator("label.choice", { hasText: "没有" }).click();
  await press(hers, "继续");
  await hers.waitForURL(/\/wait$/);
  assert.match(await said(hers), /这不是拒绝您/);
  assert.doesNotMatch(await said(hers), /团伙|中介|设备|共同/);
  await look(hers, "ring-wait");
  await hers.getByRole("link", { name: "为什么要等?我要说明情况" }).click();
  await look(hers, "ring-appeal");
  await press(hers, "交给专人核实");
  assert.match(await said(hers), /请写 5 到 4000 字/);
  await hers.locator("#text").fill("手机是我女儿的,她和她妹妹都用它申请过。");
  await press(hers, "交给专人核实");
  assert.match(await said(hers), /正在核实/);
  await look(hers, "ring-appealed");
});

test("an officer sees the ring, answers, calls and decides; another one closes it", async () => {
  const chen = await signIn("chen");
  await chen.getByRole("link", { name: "团伙线索" }).first().click();
  assert.match(await said(chen), /客户申诉 1 件/);
  await look(chen, "rings");
  await chen.locator("tbody a").first().click();
  ring = new URL(chen.url()).pathname;
  assert.equal(await chen.locator("svg.ring rect").count(), 3);
  assert.equal(await chen.locator("svg.ring path").count(), 2, "cards and homes are everybody's own");
  assert.equal(await chen.locator("svg.ring line").count(), 6);
  await look(chen, "ring");
  await chen.goto(`${house.base}/look?set=en&back=${encodeURIComponent(ring)}`);
  await look(chen, "ring-en");
  await chen.goto(`${house.base}/look?set=zh&back=${encodeURIComponent(ring)}`);
  await chen.locator("#appeal-decision").selectOption("granted");
  await chen.locator("#appeal-text").fill("和您的两个女儿都通过电话,手机是家里共用的,可以继续办理。");
  await press(chen, "答复申诉");
  await chen.locator("#call-journey").selectOption({ index: 2 });
  await chen.locator("#call-heard").selectOption("pressed");
  await chen.locator("#call-text").fill("有人收了她两千元,说放款后再给三千。");
  await press(chen, "登记保护电话");
  await decide(chen, 1, "upheld", "有人收费,先保护,等她报警");
  await chen.locator("#call-journey").selectOption({ index: 3 });
  await chen.locator("#call-heard").selectOption("own_wish");
  await press(chen, "登记保护电话");
  await decide(chen, 2, "allowed", "本人意愿清楚,自己用");
  await chen.locator("#act-action").selectOption("police");
  await chen.locator("#act-reference").fill("某某派出所,接警编号 2026-118");
  await press(chen, "登记其他处理");
  await chen.locator("#propose-ending").selectOption("intermediary");
  await chen.locator("#propose-why").fill("逐户通话并有结论");
  await press(chen, "建议结案");
  assert.match(await said(chen), /要由另一位消保岗同事查看并同意/);
  assert.equal(await chen.locator("form#close").count(), 0);
  await look(chen, "ring-proposed");

  const sun = await signIn("sun");
  await sun.goto(house.base + ring);
  await press(sun, "同意并结案");
  assert.match(await said(sun), /已结案:是非法中介/);
  await look(sun, "ring-closed");

  // She goes on where she was, and reads the answer.
  await hers.goto(`${house.base}/b/${loans[0].journey}/appeal`);
  assert.match(await said(hers), /已经解除/);
  await look(hers, "ring-released");
  await hers.getByRole("link", { name: "返回" }).click();
  await hers.waitForURL(/\/facts$/);
});

// Who was paused by a person stays in the list: an appeal may change it.
async function decide(page, index, decision, reason) {
  await page.locator("#decide-journey").selectOption({ index });
  await page.locator("#decide-decision").selectOption(decision);
  await page.locator("#decide-reason").fill(reason);
  await press(page, "逐户结论");
  await page.waitForLoadState();
}

test("at phone width, for audit, and not for the branch", async () => {
  const small = await signIn("zhou", { ...PHONE, viewport: { width: 320, height: 700 } });
  for (const [name, path] of [["rings-phone", "/staff/rings"], ["ring-phone", ring]]) {
    await small.goto(house.base + path);
    await look(small, name);
  }
  assert.equal(await small.locator("form.sheet").count(), 0, "an auditor changes nothing");
  const li = await signIn("li.na");
  const answer = await li.goto(`${house.base}/staff/rings`);
  assert.equal(answer.status(), 403);
});

test("the whole log and a CSV are searched from the command line", async () => {
  const all = house.run(["rings", "scan"]);
  assert.match(all, /申请\(同一客户算一份\)\s+3/);
  assert.match(all, /设备、收费账户/);
  const file = join(house.folder, "edges.csv");
  const rows = [1, 2, 3, 4].flatMap((n) => [`A${n},device,d1`, `A${n},fee_account,f1`, `A${n},phone,1380000000${n}`]);
  writeFileSync(file, ["application,kind,identifier", ...rows].join("\n"));
  assert.match(house.run(["rings", "scan", "--edges", file]), /A1, A2, A3, A4/);
});
