// Runs the script of verify.html, as it stands in the page, over packages from standard input and prints one line of JSON for each.
// Input, repeated: length of the keys (u32, little-endian), keys as a JSON array, length of the package (u32), package.
import fs from "node:fs";
import vm from "node:vm";

const page = fs.readFileSync(process.argv[2], "utf8");
const own = process.argv[3] === "own";
const script = /<script>([\s\S]*?)<\/script>/.exec(page)[1];
vm.runInThisContext(script, { filename: "verify.html" });
const { verify, seconds } = globalThis.MingbaiVerify;

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

const input = blocks(process.stdin);
for (;;) {
  const keys = await input.next();
  if (keys.done) break;
  const bytes = Uint8Array.from((await input.next()).value);
  const asked = JSON.parse(keys.value.toString());
  if (asked.table !== undefined) {
    console.log(JSON.stringify(seconds(Buffer.from(asked.table), bytes)));
    continue;
  }
  const { evidence, loans } = await verify(bytes, asked, { own });
  console.log(JSON.stringify({
    evidence: evidence.claims.map((c) => [c.key, c.subject, c.verdict]),
    loans: Object.fromEntries(Object.entries(loans).map(([name, checks]) => [name, checks.map((c) => [c.key, c.holding, c.unable])])),
  }));
}
