// The way in for staff in a real browser: nobody works without a second proof, an app's code, a passkey of the browser's own
// (virtual) authenticator, recovery codes, and sessions that are seen and ended.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer } from "node:net";
import { after, before, test } from "node:test";
import { House, PASSWORD } from "./house.mjs";
import { DESK, launch, look, person } from "./look.mjs";

let house, browser;
before(async () => {
  // Passkeys need a name, and the house has to know its own address before it listens.
  const port = await new Promise((found) => {
    const server = createServer().listen(0, "127.0.0.1", () => { const { port } = server.address(); server.close(() => found(port)); });
  });
  house = await House.start({ MINGBAI_STAFF_SECOND_FACTOR: "required", MINGBAI_LISTEN: `127.0.0.1:${port}`, MINGBAI_PUBLIC_URL: `http://localhost:${port}` });
  browser = await launch();
});
after(async () => { await browser?.close(); await house?.stop(); });

async function password(page, login) {
  await page.goto(`${house.base}/staff/sign-in`);
  await page.locator("input[name=login]").fill(login);
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.getByRole("button", { name: "登录", exact: true }).click();
}

const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

// RFC 6238, written here a second time.
function code(secret) {
  let bits = "";
  for (const letter of secret) bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const hash = createHmac("sha1", key).update(step).digest();
  return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

test("an app, recovery codes and a list of sessions", async () => {
  const li = await person(browser, DESK);
  await password(li, "li.na");
  await li.waitForURL(/\/staff\/enrol$/);
  await look(li, "door-enrol");
  const secret = (await li.locator("p.mono").innerText()).replaceAll(/\s/g, "");
  const used = code(secret);
  await li.locator("#code").fill(used);
  await press(li, "确认");
  const codes = await li.locator("ol.mono li").allInnerTexts();
  assert.equal(codes.length, 10);
  await look(li, "door-codes");
  await li.getByRole("link", { name: "我已保存好,继续" }).click();
  await li.waitForURL(/\/staff$/);

  const again = await person(browser, DESK);
  await password(again, "li.na");
  await again.waitForURL(/\/staff\/proof$/);
  await look(again, "door-proof");
  await again.locator("#code").fill(used);
  await press(again, "进入");
  assert.match(await again.locator("main").innerText(), /已经用过/);
  await again.locator("#code").fill(codes[0]);
  await press(again, "进入");
  await again.waitForURL(/\/staff$/);

  await li.goto(`${house.base}/staff/me`);
  await look(li, "door-me");
  assert.equal(await li.locator("form[action='/staff/me/sessions'] input[value=others]").count(), 1);
  await press(li, "结束其他所有登录");
  await again.goto(`${house.base}/staff/me`);
  assert.match(await again.locator("main").innerText(), /登录/);
  assert.equal(await again.locator("a[href='/staff/sign-in']").count(), 1, "the other session is over");
});

test("a passkey instead of a password", async () => {
  const chen = await person(browser, DESK);
  await chen.goto(`${house.base}/staff/sign-in`);
  await look(chen, "door-sign-in");
  // No look from here on: the session that axe comes with takes the virtual authenticator away when it ends.
  const cdp = await chen.context().newCDPSession(chen);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", { options: {
    protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
    automaticPresenceSimulation: true,
  } });
  await password(chen, "chen");
  await chen.waitForURL(/\/staff\/enrol$/);
  await chen.locator("#name").fill("消保室电脑");
  await press(chen, "添加通行密钥");
  await chen.locator("ol.mono li").first().waitFor();
  await chen.goto(`${house.base}/staff/me`);
  assert.match(await chen.locator("main").innerText(), /消保室电脑/);
  await press(chen, "退出登录");
  await chen.waitForURL(/sign-in$/);
  await press(chen, "用通行密钥登录");
  await chen.waitForURL(/\/staff$/);
  await press(chen, "退出登录");
  // A finger that is not hers: the device does not verify, and nobody gets in.
  await cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
  await press(chen, "用通行密钥登录");
  await chen.locator("form[data-passkey] [role=status]").waitFor();
  assert.match(chen.url(), /sign-in$/);
  assert.deepEqual(chen.complaints, []);
});
