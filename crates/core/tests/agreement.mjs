// Runs the script of verify.html, as it stands in the page, over packages from standard input and prints one line of JSON for each.
// Input, repeated: length of what the reader brings (u32, little-endian), that as JSON, length of the package (u32), package.
import fs from "node:fs";
import vm from "node:vm";

const page = fs.readFileSync(process.argv[2], "utf8");
const mode = process.argv[3];
const script = /<script>([\s\S]*?)<\/script>/.exec(page)[1];
/** The verifier of a page's script, apart from every other. */
function load(text) {
  const { TextEncoder, TextDecoder, Blob, DecompressionStream, crypto, atob, btoa } = globalThis;
  const context = vm.createContext({ TextEncoder, TextDecoder, Blob, DecompressionStream, crypto, atob, btoa });
  vm.runInContext(text, context, { filename: "verify.html" });
  return context.MingbaiVerify;
}
vm.runInThisContext(script, { filename: "verify.html" });
const whole = globalThis.MingbaiVerify;

const wanted = (size) => ({ size, parts: [], have: 0 });
async function* blocks(stream) {
  let left = Buffer.alloc(0);
  let next = wanted(4);
  let isLength = true;
  for await (const chunk of stream) {
    left = left.length ? Buffer.concat([left, chunk]) : chunk;
    while (left.length) {
      const take = left.subarray(0, next.size - next.have);
      next.parts.push(take);
      next.have += take.length;
      left = left.subarray(take.length);
      if (next.have < next.size) break;
      const whole = Buffer.concat(next.parts);
      if (!isLength) yield whole;
      next = wanted(isLength ? whole.readUInt32LE() : 4);
      isLength = !isLength;
      if (!isLength && next.size === 0) {
        yield Buffer.alloc(0);
        next = wanted(4);
        isLength = true;
      }
    }
  }
}


async function judged({ verify }, asked, bytes) {
  const receipt = asked.receipt ? Uint8Array.from(Buffer.from(asked.receipt, "hex")) : null;
  const result = await verify(bytes, { ...asked, receipt, own: mode === "own" });
  const claims = (report) => (report?.claims ?? []).map((c) => [c.key, c.subject, c.verdict]);
  return JSON.stringify({
    evidence: claims(result.evidence),
    receipt: claims(result.receipt),
    loans: Object.fromEntries(Object.entries(result.loans).map(([name, checks]) => [name, checks.map((c) => [c.key, c.holding, c.unable])])),
  });
}
async function answer(asked, bytes) {
  if (asked.table !== undefined) return JSON.stringify(whole.seconds(Buffer.from(asked.table), bytes));
  if (asked.sm2 !== undefined) {
    const { sm3, sm2Holds, hexOf, ofHex } = whole;
    return JSON.stringify({ sm3: hexOf(sm3(bytes)), holds: sm2Holds(ofHex(asked.sm2), bytes, BigInt(asked.r), BigInt(asked.s)) });
  }
  if (asked.pem !== undefined) return JSON.stringify(await whole.judgeStamp(bytes, Uint8Array.from(Buffer.from(asked.imprint, "hex")), asked.pem));
  return judged(whole, asked, bytes);
}
/** The first case in which a page with one rule broken says something else. */
async function hunt({ name, find, put, among }, cases) {
  if (script.split(find).length !== 2) return { name, fault: "the text to be replaced does not occur exactly once" };
  const broken = load(script.replace(find, () => put));
  const differs = [];
  for (const at of among) {
    const one = cases[at];
    let said;
    try {
      said = await judged(broken, one.asked, one.bytes);
    } catch (error) {
      said = JSON.stringify({ evidence: [["threw", String(error), "contradicted"]], receipt: [], loans: {} });
    }
    if (said !== one.said) differs.push({ at, said: JSON.parse(said) });
    if (differs.length === 1) break;
  }
  return { name, differs };
}

const input = blocks(process.stdin);
const cases = [];
let table = null;
for (;;) {
  const said = await input.next();
  if (said.done) break;
  const bytes = Uint8Array.from((await input.next()).value);
  const asked = JSON.parse(said.value.toString());
  if (asked.mutants) table = asked.mutants;
  else if (table) cases.push({ asked, bytes, said: await judged(whole, asked, bytes) });
  else console.log(await answer(asked, bytes));
}
for (const mutant of table ?? []) console.log(JSON.stringify(await hunt(mutant, cases)));
