"use strict";
// The page around the verifier. Everything from a package is put in as text, never as HTML.
(() => {
  if (typeof document === "undefined") return;
  const { verify, isReceipt, SCOPE, Refused } = globalThis.MingbaiVerify;
  const by = (id) => document.getElementById(id);
  const SIGNS = { proven: ["✓ 成立", "proven"], not_proven: ["? 未证明", "not proven"], contradicted: ["✗ 不成立", "contradicted"] };

  function node(tag, className, ...children) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...children);
    return made;
  }
  const english = (text) => Object.assign(node("span", "", text), { lang: "en" });
  function row(verdict, title, zh, en, subject = "") {
    const [sign, word] = SIGNS[verdict];
    const item = node("li", verdict, node("span", "sign", `${sign} ${word}`));
    item.dataset.verdict = verdict;
    if (title) item.append(node("strong", "", title.zh), english(title.en));
    if (subject) item.append(node("div", "", node("code", "", subject)));
    item.append(node("div", "", zh), english(en));
    return item;
  }
  /** What speaks against it first, then what is open, then what holds. */
  const byWeight = (rows, verdictOf) => ["contradicted", "not_proven", "proven"].flatMap((verdict) => rows.filter((one) => verdictOf(one) === verdict));
  function section(title, en, items) {
    return node("section", "", node("h2", "", title, english(en)), node("ul", "", ...items));
  }
  function headline({ evidence, loans, receipt }) {
    const checks = Object.values(loans).flat();
    const claims = [...evidence.claims, ...(receipt?.claims ?? [])];
    const changed = claims.some((c) => c.verdict === "contradicted");
    const against = claims.filter((c) => c.verdict === "contradicted").length + checks.filter((c) => c.holding === "contradicted").length;
    const left = claims.filter((c) => c.verdict === "not_proven" && !SCOPE.has(c.key) && c.key !== "page").length
      + checks.filter((c) => c.holding === "not_proven" && c.key !== "table_recomputed").length;
    if (changed) return ["contradicted", `不要采信这个文件:有 ${against} 项与证据相反。请向出具机构索取原件,并保留这一份。`, `Do not rely on this file: the evidence speaks against ${against} claims. Ask for the original and keep this copy.`];
    if (against) return ["contradicted", `文件没有被改动,但它证明有 ${against} 项不成立,见下面带 ✗ 的各项。`, `The file is unchanged, and it proves that ${against} claims do not hold: see the lines with ✗ below.`];
    if (left) return ["not_proven", `没有发现改动,但有 ${left} 项没有得到证明,见下面带 ? 的各项。`, `Nothing speaks against it, but ${left} claims are not proven: see the lines with ? below.`];
    return ["proven", "本页能检查的都成立。它不重新计算成本表,也不能为自带的页面作证:那两项请用 mingbai verify。", "Everything that this page can check holds. It does not compute the cost table again and cannot vouch for the page in the package: use mingbai verify for these."];
  }
  function show(name, result) {
    const out = by("result");
    const [verdict, zh, en] = headline(result);
    const head = node("div", verdict, node("div", "", `${SIGNS[verdict][0]} ${name}`), node("div", "", zh), english(en));
    head.id = "headline";
    head.tabIndex = -1;
    const { claims, opened } = result.evidence;
    const isPackage = claims.length > 0;
    const facts = isPackage ? result.evidence.facts : result.receipt.facts;
    const claimRows = (list) => byWeight(list, (c) => c.verdict).map((c) => row(c.verdict, null, c.reason.zh, c.reason.en, c.subject));
    const parts = [head];
    if (facts.fingerprint) parts.push(node("p", "", "公钥指纹(请与公布的逐组核对):", english("Fingerprint of the key; compare it, group by group, with the published one:"), node("code", "", facts.fingerprint)));
    for (const [stream, checks] of Object.entries(result.loans)) {
      parts.push(section(`这笔业务 ${stream}`, "The loan, checked again under the rules", byWeight(checks, (c) => c.holding).map((c) => row(c.holding, c.claim, c.why.zh, c.why.en))));
    }
    if (result.receipt) parts.push(section("凭证:它证明什么", "The receipt: what it proves", claimRows(result.receipt.claims)));
    if (isPackage && !Object.keys(result.loans).length) parts.push(node("p", "", "包里没有能复核的贷款(文件不完整,或不是贷款)。", english("There is no loan in it that can be checked: a file lacks its form, or it is no loan.")));
    if (isPackage) parts.push(section("文件本身", "The file itself: unchanged, complete, signed by whom", claimRows(claims)));
    if (opened.length) parts.push(section("公开的个人信息", "Values that the holder opened", opened.map((o) => node("li", "", node("code", "", o.label), ` ${o.text}`))));
    out.replaceChildren(...parts);
    head.focus();
  }
  function fail(zh, en) {
    const head = node("div", "contradicted", node("div", "", `✗ ${zh}`), english(en));
    head.id = "headline";
    head.tabIndex = -1;
    by("result").replaceChildren(head);
    head.focus();
  }
  let latest = 0;
  // The last package and the last receipt that were chosen; together, the one is held against the other.
  const chosen = { package: null, receipt: null };
  const bytesOf = async (file) => new Uint8Array(await file.arrayBuffer());
  async function check() {
    const turn = latest += 1;
    by("status").textContent = "正在核验…… Checking…";
    try {
      const brings = { keys: by("key").value.split(/\s+/).filter(Boolean), roots: await by("roots").files[0]?.text() ?? "" };
      const main = chosen.package ?? chosen.receipt;
      if (chosen.package && chosen.receipt) brings.receipt = await bytesOf(chosen.receipt);
      const result = await verify(await bytesOf(main), brings);
      if (turn === latest) show(main === chosen.package && chosen.receipt ? `${main.name} + ${chosen.receipt.name}` : main.name, result);
    } catch (error) {
      const words = error instanceof Refused ? error : { zh: `本页出了错:${error.message}。请换一个较新的浏览器,或用 mingbai verify。`, en: `This page failed: ${error.message}. Use a newer browser, or mingbai verify.` };
      if (turn === latest) fail(words.zh, words.en);
    }
    if (turn === latest) by("status").textContent = "核验完毕。 Done.";
  }
  async function take(files) {
    for (const file of files) {
      if (file.size > 2 ** 29) return fail("文件超过 512 MB,本页不打开;请用 mingbai verify。", "The file is over 512 MB and this page does not open it; use mingbai verify.");
      const start = new Uint8Array(await file.slice(0, 64).arrayBuffer());
      chosen[isReceipt(start) ? "receipt" : "package"] = file;
    }
    return files.length ? check() : null;
  }
  by("file").addEventListener("change", (event) => take([...event.target.files]));
  by("again").addEventListener("click", () => (chosen.package || chosen.receipt ? check() : by("file").focus()));
  by("large").addEventListener("click", (event) => {
    const large = document.documentElement.classList.toggle("large");
    event.target.setAttribute("aria-pressed", String(large));
  });
  // The whole page takes a dropped file: a package dropped beside the box must not replace the page.
  document.addEventListener("dragover", (event) => { event.preventDefault(); by("drop").classList.add("over"); });
  document.addEventListener("dragleave", () => by("drop").classList.remove("over"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    by("drop").classList.remove("over");
    take([...event.dataTransfer.files]);
  });
})();
