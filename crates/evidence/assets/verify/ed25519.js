  // --------------------------------------------------------------------------------------------------- Ed25519
  // The curve of RFC 8032 §5.1 in extended coordinates. Nothing here is secret, so nothing has to take constant time.
  const P = 2n ** 255n - 19n;
  const L = 2n ** 252n + 27742317777372353535851937790883648493n;
  const mod = (x) => ((x % P) + P) % P;
  function power(base, exponent) {
    let result = 1n;
    for (let b = mod(base), e = exponent; e > 0n; e >>= 1n) {
      if (e & 1n) result = mod(result * b);
      b = mod(b * b);
    }
    return result;
  }
  const D = mod(-121665n * power(121666n, P - 2n));
  const SQRT_M1 = power(2n, (P - 1n) / 4n);
  const NEUTRAL = [0n, 1n, 1n, 0n];
  function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
    const a = mod((y1 - x1) * (y2 - x2));
    const b = mod((y1 + x1) * (y2 + x2));
    const c = mod(2n * t1 * t2 * D);
    const d = mod(2n * z1 * z2);
    return [mod((b - a) * (d - c)), mod((d + c) * (b + a)), mod((d - c) * (d + c)), mod((b - a) * (b + a))];
  }
  function times(point, scalar) {
    let sum = NEUTRAL;
    for (let p = point, s = scalar; s > 0n; s >>= 1n) {
      if (s & 1n) sum = add(sum, p);
      p = add(p, p);
    }
    return sum;
  }
  const isNeutral = ([x, y, z]) => mod(x) === 0n && mod(y - z) === 0n;
  const little = (bytes) => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  /** The point that 32 bytes stand for, or null. */
  function point(bytes) {
    const raw = little(bytes);
    const sign = raw >> 255n;
    const y = mod(raw & (2n ** 255n - 1n));
    const u = mod(y * y - 1n);
    const v = mod(D * y * y + 1n);
    let x = mod(u * v ** 3n * power(u * v ** 7n, (P - 5n) / 8n));
    if (mod(v * x * x) !== u) x = mod(x * SQRT_M1);
    if (mod(v * x * x) !== u) return null;
    if ((x & 1n) !== sign) x = mod(-x);
    return [x, y, 1n, mod(x * y)];
  }
  const BASE = point(Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 0x58 : 0x66)));
  const isWeak = (p) => isNeutral(times(p, 8n));
  /** Strict verification with this page's own arithmetic: canonical S, no small-order key or R, no cofactor. */
  function ed25519Own(key, message, signature) {
    const a = point(key);
    const r = point(signature.slice(0, 32));
    const s = little(signature.slice(32));
    if (!a || !r || s >= L || isWeak(a) || isWeak(r)) return false;
    const k = little(sha512(join(signature.slice(0, 32), key, message))) % L;
    const minus = [mod(-a[0]), a[1], a[2], mod(-a[3])];
    const made = add(times(BASE, s), times(minus, k));
    return mod(made[0] - r[0] * made[2]) === 0n && mod(made[1] - r[1] * made[2]) === 0n;
  }
  async function ed25519(key, message, signature, own) {
    if (signature.length !== 64) return false;
    if (!own && globalThis.crypto?.subtle) {
      try {
        const imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
        return await crypto.subtle.verify({ name: "Ed25519" }, imported, signature, message);
      } catch {
        // This browser has no Ed25519: the arithmetic above does the same.
      }
    }
    return ed25519Own(key, message, signature);
  }
