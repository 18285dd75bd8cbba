  // ---------------------------------------------------------------------------------------------------- hashes
  // SHA-256 (FIPS 180-4) is written out because a proof needs thousands of tiny hashes, and because the browser's own is
  // missing where a page is not a secure context. The constants are computed from their definition: the first 32 (64) bits of
  // the fractional parts of the square and cube roots of the primes.
  function primes(count) {
    const found = [];
    for (let n = 2; found.length < count; n += 1) if (found.every((p) => n % p !== 0)) found.push(n);
    return found;
  }
  /** floor(n^(1/root) · 2^bits) mod 2^bits, by bisection in whole numbers. */
  function rootBits(n, root, bits) {
    const target = BigInt(n) << BigInt(bits * root);
    let low = 0n;
    let high = 1n << BigInt(bits + 10);
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** BigInt(root) <= target) low = middle;
      else high = middle;
    }
    return low & ((1n << BigInt(bits)) - 1n);
  }
  const K256 = Uint32Array.from(primes(64), (p) => Number(rootBits(p, 3, 32)));
  const H256 = Uint32Array.from(primes(8), (p) => Number(rootBits(p, 2, 32)));

  function padded(message, block, lengthBytes) {
    const blocks = Math.ceil((message.length + 1 + lengthBytes) / block);
    const out = new Uint8Array(blocks * block);
    out.set(message);
    out[message.length] = 0x80;
    new DataView(out.buffer).setBigUint64(out.length - 8, BigInt(message.length) * 8n);
    return out;
  }
  function sha256(message) {
    const data = padded(message, 64, 8);
    const view = new DataView(data.buffer);
    const h = H256.slice();
    const w = new Uint32Array(64);
    const turn = (x, n) => (x >>> n) | (x << (32 - n));
    for (let at = 0; at < data.length; at += 64) {
      for (let i = 0; i < 16; i += 1) w[i] = view.getUint32(at + 4 * i);
      for (let i = 16; i < 64; i += 1) {
        const s0 = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >>> 3);
        const s1 = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >>> 10);
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
      }
      let [a, b, c, d, e, f, g, z] = h;
      for (let i = 0; i < 64; i += 1) {
        const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
        const t1 = (z + s1 + ((e & f) ^ (~e & g)) + K256[i] + w[i]) | 0;
        const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
        const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        z = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
      }
      [a, b, c, d, e, f, g, z].forEach((value, i) => { h[i] += value; });
    }
    const out = new DataView(new ArrayBuffer(32));
    h.forEach((value, i) => out.setUint32(4 * i, value));
    return new Uint8Array(out.buffer);
  }
  /** The same for documents, by the browser's own code where there is one. */
  async function sha256Long(message) {
    if (message.length < 4096 || !globalThis.crypto?.subtle) return sha256(message);
    return new Uint8Array(await crypto.subtle.digest("SHA-256", message));
  }
  const hexHash = (...parts) => hexOf(sha256(join(...parts)));

  // SHA-512 and Ed25519 only for browsers whose WebCrypto has no Ed25519: slow, plain, and only ever used to verify.
  function sha512(message) {
    const K = primes(80).map((p) => rootBits(p, 3, 64));
    let h = primes(8).map((p) => rootBits(p, 2, 64));
    const mask = (1n << 64n) - 1n;
    const turn = (x, n) => ((x >> n) | (x << (64n - n))) & mask;
    const data = padded(message, 128, 16);
    const view = new DataView(data.buffer);
    for (let at = 0; at < data.length; at += 128) {
      const w = [];
      for (let i = 0; i < 16; i += 1) w.push(view.getBigUint64(at + 8 * i));
      for (let i = 16; i < 80; i += 1) {
        const s0 = turn(w[i - 15], 1n) ^ turn(w[i - 15], 8n) ^ (w[i - 15] >> 7n);
        const s1 = turn(w[i - 2], 19n) ^ turn(w[i - 2], 61n) ^ (w[i - 2] >> 6n);
        w.push((w[i - 16] + s0 + w[i - 7] + s1) & mask);
      }
      let [a, b, c, d, e, f, g, z] = h;
      for (let i = 0; i < 80; i += 1) {
        const s1 = turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n);
        const t1 = (z + s1 + ((e & f) ^ (~e & mask & g)) + K[i] + w[i]) & mask;
        const s0 = turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n);
        const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) & mask;
        z = g; g = f; f = e; e = (d + t1) & mask; d = c; c = b; b = a; a = (t1 + t2) & mask;
      }
      h = [a, b, c, d, e, f, g, z].map((value, i) => (h[i] + value) & mask);
    }
    const out = new DataView(new ArrayBuffer(64));
    h.forEach((value, i) => out.setBigUint64(8 * i, value));
    return new Uint8Array(out.buffer);
  }
