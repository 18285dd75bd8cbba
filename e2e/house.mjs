// A real house for the browser tests: the built program on an empty folder, with accounts, products and a core system's key,
// all made the way an operator makes them.

import { spawn, execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const binary = resolve(process.env.E2E_BINARY ?? join(root, "target/debug/mingbai"));
export const PASSWORD = "correct horse battery";
const SECRET = "a shared secret of the webhook";

export class House {
  // A house that could not be started leaves nothing behind: an open socket would keep the tests from ending.
  static async start(settings = {}) {
    const house = new House();
    house.settings = settings;
    try {
      return await house.furnish();
    } catch (error) {
      await house.stop();
      throw error;
    }
  }

  async furnish() {
    this.folder = mkdtempSync(join(tmpdir(), "mingbai-e2e-"));
    this.dir = join(this.folder, "data");
    mkdirSync(join(this.dir, "products"), { recursive: true });
    cpSync(join(root, "examples/products"), join(this.dir, "products"), { recursive: true });
    await this.listen();
    for (const [login, role, name, branch] of [
      ["root", "admin", "管理员"],
      ["chen", "compliance", "陈敏"],
      ["li.na", "consultant", "李娜", "城东网点"],
      ["zhou", "auditor", "周正"],
    ]) {
      const place = branch ? ["--branch", branch] : [];
      this.run(["account", "add", login, "--role", role, "--name", name, ...place, "--password-stdin"], PASSWORD + "\n");
    }
    this.key = this.run(["key", "add", "core"]).match(/mbk_[\w-]+/)[0];
    await this.serve();
    return this;
  }

  get binary() { return binary; }

  run(args, input = "") {
    return execFileSync(binary, [...args, "--dir", this.dir], { input, encoding: "utf8", cwd: this.folder, env: this.env() });
  }

  env() {
    const hook = `http://127.0.0.1:${this.hookPort}/hook`;
    const outside = Object.entries(process.env).filter(([name]) => !name.startsWith("MINGBAI_"));
    return { ...Object.fromEntries(outside), MINGBAI_WEBHOOK_URL: hook, MINGBAI_WEBHOOK_SECRET: SECRET, MINGBAI_LOG: "warn",
      MINGBAI_LENDER_NAME_ZH: "示例消费金融", MINGBAI_LENDER_NAME_EN: "Example Consumer Finance",
      MINGBAI_LENDER_PHONE: "400-000-0000", MINGBAI_LENDER_COMPLAINT_PHONE: "400-000-0001",
      MINGBAI_STAFF_SECOND_FACTOR: "optional", ...this.settings };
  }

  // The core system's ear: messages with links and digits for the borrower arrive here, as they would at a real one.
  async listen() {
    this.messages = [];
    this.hook = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => { this.messages.push(JSON.parse(body)); response.end("ok"); });
    });
    await new Promise((done) => this.hook.listen(0, "127.0.0.1", done));
    this.hookPort = this.hook.address().port;
  }

  async message(event, journey) {
    for (let i = 0; i < 100; i++) {
      const found = this.messages.findLast((m) => m.event === event && m.journey === journey);
      if (found) return found;
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error(`no message ${event} for ${journey}: ${JSON.stringify(this.messages)}`);
  }

  async serve() {
    this.server = spawn(binary, ["serve", "--dir", this.dir, "--listen", this.settings.MINGBAI_LISTEN ?? "127.0.0.1:0"], { cwd: this.folder, env: this.env() });
    let said = "";
    this.base = await new Promise((found, failed) => {
      const hear = (chunk) => {
        said += chunk;
        const address = said.match(/http:\/\/(127\.0\.0\.1|localhost):\d+/);
        if (address) found(address[0]);
      };
      this.server.stdout.on("data", hear);
      this.server.stderr.on("data", hear);
      this.server.on("exit", (code) => failed(new Error(`serve ended with ${code}: ${said}`)));
    });
    this.said = () => said;
  }

  async stop() {
    this.hook?.close();
    if (this.server && this.server.exitCode === null) {
      const gone = new Promise((done) => this.server.on("exit", done));
      this.server.kill("SIGTERM");
      await gone;
    }
    if (this.folder) rmSync(this.folder, { recursive: true, force: true });
  }

  // A member of staff comes in with her password.
  async signIn(page, login) {
    await page.goto(`${this.base}/staff/sign-in`);
    await page.locator("input[name=login]").fill(login);
    await page.locator("input[name=password]").fill(PASSWORD);
    await page.getByRole("button", { name: "登录", exact: true }).click();
    await page.waitForURL((url) => url.pathname.startsWith("/staff") && !url.pathname.endsWith("sign-in"));
  }

  // One person submits a version of a product, another releases it with an opinion; both are signed in.
  async release(submitter, releaser, product, version) {
    await submitter.goto(`${this.base}/staff/products/${product}/${version}`);
    await submitter.locator(`form[action$="/submit"] button`).click();
    await releaser.goto(`${this.base}/staff/products/${product}/${version}`);
    await releaser.locator("textarea[name=opinion]").fill("费用齐全,口径一致,没有隐藏项目,同意在本行网点使用这个版本。");
    await releaser.locator(`form[action$="/release"] button`).click();
    await releaser.waitForLoadState();
  }

  async core(method, path, body) {
    const response = await fetch(`${this.base}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.key}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  }

  async open(externalRef, product = "honest-loan") {
    const { status, body } = await this.core("POST", "/journeys", {
      product, principal_fen: 5_000_000, periods: 12, payout_on: "2026-12-02", channel: "branch",
      borrower_name: "王秀英", borrower_phone: "138 0000 0000", external_ref: externalRef, branch: "城东网点",
    });
    if (status !== 201) throw new Error(`opening ${externalRef}: ${status} ${JSON.stringify(body)}`);
    return body;
  }
}
