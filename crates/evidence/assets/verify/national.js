  // ------------------------------------------------------------------------------------------- SM3, SM2 (GB/T 32905, 32918)
  // Written out in whole numbers: slow, plain, checked against the standards' own examples, and only ever used to verify.
  const SM3_IV = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e];
  function sm3(message) {
    const data = padded(message, 64, 8);
    const view = new DataView(data.buffer);
    const turn = (x, n) => (n % 32 === 0 ? x | 0 : (x << (n % 32)) | (x >>> (32 - (n % 32))));
    const p0 = (x) => x ^ turn(x, 9) ^ turn(x, 17);
    const p1 = (x) => x ^ turn(x, 15) ^ turn(x, 23);
    const v = Uint32Array.from(SM3_IV);
    for (let at = 0; at < data.length; at += 64) {
      const w = new Uint32Array(68);
      for (let i = 0; i < 16; i += 1) w[i] = view.getUint32(at + 4 * i);
      for (let i = 16; i < 68; i += 1) w[i] = p1(w[i - 16] ^ w[i - 9] ^ turn(w[i - 3], 15)) ^ turn(w[i - 13], 7) ^ w[i - 6];
      let [a, b, c, d, e, f, g, h] = v;
      for (let i = 0; i < 64; i += 1) {
        const early = i < 16;
        const ss1 = turn((turn(a, 12) + e + turn(early ? 0x79cc4519 : 0x7a879d8a, i)) | 0, 7);
        const ff = early ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
        const gg = early ? e ^ f ^ g : (e & f) | (~e & g);
        const tt1 = (ff + d + (ss1 ^ turn(a, 12)) + (w[i] ^ w[i + 4])) | 0;
        const tt2 = (gg + h + ss1 + w[i]) | 0;
        d = c; c = turn(b, 9); b = a; a = tt1; h = g; g = turn(f, 19); f = e; e = p0(tt2);
      }
      [a, b, c, d, e, f, g, h].forEach((value, i) => { v[i] ^= value; });
    }
    const out = new DataView(new ArrayBuffer(32));
    v.forEach((value, i) => out.setUint32(4 * i, value));
    return new Uint8Array(out.buffer);
  }

  // The recommended curve of GB/T 32918.5. A point is [x, y]; null is the point at infinity.
  const SM2 = {
    p: 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn,
    b: 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n,
    n: 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n,
    g: [0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n, 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n],
  };
  const big = (bytes) => BigInt(`0x${hexOf(bytes) || "0"}`);
  const bytes32 = (n) => ofHex(n.toString(16).padStart(64, "0"));
  const modP = (x) => ((x % SM2.p) + SM2.p) % SM2.p;
  /** The inverse modulo p, by Fermat. */
  function inverse(x) {
    let [result, base] = [1n, modP(x)];
    for (let e = SM2.p - 2n; e > 0n; e >>= 1n) {
      if (e & 1n) result = modP(result * base);
      base = modP(base * base);
    }
    return result;
  }
  function plus(one, two) {
    if (!one || !two) return one ?? two;
    const [[x1, y1], [x2, y2]] = [one, two];
    if (x1 === x2 && modP(y1 + y2) === 0n) return null;
    // The curve's a is −3.
    const slope = x1 === x2 ? modP((3n * x1 * x1 - 3n) * inverse(2n * y1)) : modP((y2 - y1) * inverse(x2 - x1));
    const x = modP(slope * slope - x1 - x2);
    return [x, modP(slope * (x1 - x) - y1)];
  }
  function scaled(start, k) {
    let sum = null;
    for (let [p, s] = [start, k]; s > 0n; s >>= 1n) {
      if (s & 1n) sum = plus(sum, p);
      p = plus(p, p);
    }
    return sum;
  }
  /** The point of 65 bytes 0x04, x, y on the curve, or null. */
  function sm2Point(bytes) {
    if (bytes.length !== 65 || bytes[0] !== 4) return null;
    const [x, y] = [big(bytes.slice(1, 33)), big(bytes.slice(33))];
    return x < SM2.p && y < SM2.p && modP(y * y - (x * x * x - 3n * x + SM2.b)) === 0n ? [x, y] : null;
  }
  const SM2_ID = "1234567812345678";
  /** Whether r and s are the signature of the key over the message, under the id that everybody uses. */
  function sm2Holds(pointBytes, message, r, s) {
    const key = sm2Point(pointBytes);
    if (!key || r <= 0n || s <= 0n || r >= SM2.n || s >= SM2.n) return false;
    const t = (r + s) % SM2.n;
    if (t === 0n) return false;
    const id = utf8.encode(SM2_ID);
    const about = join(Uint8Array.of(0, id.length * 8), id, ...[SM2.p - 3n, SM2.b, ...SM2.g, ...key].map(bytes32));
    const e = big(sm3(join(sm3(about), message)));
    const place = plus(scaled(SM2.g, s), scaled(key, t));
    return place !== null && (e + place[0]) % SM2.n === r;
  }
  /** r and s out of DER with nothing around them, or null. */
  function twoNumbers(der) {
    try {
      const parts = inside(one(der, "signature"), TAG.seq, "signature").map((part) => unsigned(part, "signature"));
      return parts.length === 2 && parts.every((part) => part.length <= 32) ? parts.map(big) : null;
    } catch (error) {
      if (error instanceof StampFault) return null;
      throw error;
    }
  }

  // ------------------------------------------------------------------------------------------------- the second signature
  /** Judges `checkpoint.sm2`. Silent when there is none and nobody asked for one: most packages need none. */
  function secondSignature(report, layout, keys) {
    const file = "checkpoint.sm2";
    const bytes = layout.single.get(file);
    if (!bytes) {
      if (keys.length) report.say("second_signature", "", OPEN, "您给出了国密公钥,但文件里没有国密签名。", "You gave an SM2 key, but there is no SM2 signature in the file.");
      return;
    }
    const note = parseNote(bytes);
    const own = layout.single.has("checkpoint") ? parseNote(layout.single.get("checkpoint")) : null;
    if (!note) report.say("second_signature", file, AGAINST, "这不是签了名的检查点;可能已损坏,或是别的文件。", "This is not a signed checkpoint; it was damaged or is another file.");
    else if (own?.body !== note.body) report.say("second_signature", file, AGAINST, "国密签名签的不是本包的检查点;请勿采信。", "The SM2 signature is not over the checkpoint of this package; do not rely on it.");
    else if (!keys.length) report.say("other_signatures", file, OPEN, "国密签名没有检查:没有给出国密公钥;请填在上面。", "The SM2 signature was not checked: no SM2 key was given; put it in above.");
    else judgeSecond(report, note, keys, file);
  }
  function judgeSecond(report, note, keys, file) {
    let signer = null;
    for (const line of note.signatures) {
      for (const key of keys.filter((known) => claims(line, known))) {
        const two = twoNumbers(line.signature);
        if (!two || !sm2Holds(key.key, utf8.encode(note.body), ...two)) {
          report.say("second_signature", file, AGAINST, ...signatureWords({ bad: line.name }));
          return;
        }
        signer ??= key;
      }
    }
    if (signer) report.say("second_signature", file, PROVEN, `检查点另有您信任的国密公钥 ${signer.name} 的 SM2/SM3 签名。`, `The checkpoint is also signed with SM2/SM3 by ${signer.name}, a key that you trust.`);
    else report.say("second_signature", file, OPEN, ...signatureWords({ unknown: true }));
  }
