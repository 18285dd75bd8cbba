  // ------------------------------------------------------------------------------------- certificates of time stamps
  // X.509 (RFC 5280) as far as RFC 3161 needs it. Signatures: RSA PKCS#1 v1.5 with 2048 to 4096 bits, ECDSA on P-256 and P-384, by
  // the browser's WebCrypto. Everything else is "not known", never "wrong". Revocation cannot be known offline.
  const HASHES = { "2.16.840.1.101.3.4.2.1": "SHA-256", "2.16.840.1.101.3.4.2.2": "SHA-384", "2.16.840.1.101.3.4.2.3": "SHA-512" };
  const RSA_KEY = "1.2.840.113549.1.1.1";
  const EC_KEY = "1.2.840.10045.2.1";
  const CURVES = { "1.2.840.10045.3.1.7": ["P-256", 32], "1.3.132.0.34": ["P-384", 48] };
  const SCHEMES = {
    "1.2.840.113549.1.1.11": ["RSA", "SHA-256"], "1.2.840.113549.1.1.12": ["RSA", "SHA-384"], "1.2.840.113549.1.1.13": ["RSA", "SHA-512"],
    "1.2.840.10045.4.3.2": ["EC", "SHA-256"], "1.2.840.10045.4.3.3": ["EC", "SHA-384"], "1.2.840.10045.4.3.4": ["EC", "SHA-512"],
    [RSA_KEY]: ["RSA", null],
  };
  const RSA_BITS = [2048, 4096];
  const TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
  const ANY_USAGE = "2.5.29.37.0";
  const EXT = { keyId: "2.5.29.14", keyUsage: "2.5.29.15", basic: "2.5.29.19", policies: "2.5.29.32", usage: "2.5.29.37" };
  const UNDERSTOOD = [EXT.basic, EXT.keyUsage, EXT.usage, EXT.policies];

  function hashOf(found) {
    bare(found, "algorithm");
    return HASHES[found[0]] ?? unsupported(`digest ${found[0]}`);
  }
  async function digestBy(name, bytes) {
    if (!globalThis.crypto?.subtle) stampOpen("这个浏览器在此处不提供 WebCrypto,时间戳没有检查;请换一个浏览器,或用 openssl ts -verify。", "This browser offers no WebCrypto here, so the time stamp was not checked; use another one, or openssl ts -verify.");
    return new Uint8Array(await crypto.subtle.digest(name, bytes));
  }

  /** One certificate: its bytes, what its issuer signed, and the fields that are asked about. */
  function parseCertificate(raw) {
    const what = "certificate";
    const whole = inside(one(raw, what), TAG.seq, what);
    if (whole.length !== 3) malformed(what);
    const [tbs, outer, signature] = whole;
    const [version, rest] = optional(inside(tbs, TAG.seq, what), 0xa0);
    if (version && ![1, 2].includes(small(one(version.value, what), what))) malformed(what);
    const [serial, inner, issuer, validity, subject, key, ...more] = rest;
    const times = inside(validity, TAG.seq, what);
    if (times.length !== 2) malformed(what);
    for (const name of [issuer, subject]) pairsOf(name);
    if (!same(inner.raw, outer.raw)) malformed(what);
    const serialBytes = integer(serial, what);
    if (serialBytes.length > 21) malformed(what);
    let tail = more;
    for (const tag of [0x81, 0x82]) tail = optional(tail, tag)[1];
    const [extensions, end] = optional(tail, 0xa3);
    if (end.length) malformed(what);
    return {
      raw, signed: tbs.raw, algorithm: algorithm(outer, what), signature: wholeBits(signature, "signature"), serial: serialBytes,
      issuer: issuer.raw, subject: subject.raw, from: certificateTime(times[0], what), until: certificateTime(times[1], what),
      key: keyOf(key), extensions: extensions ? extensionsOf(one(extensions.value, what)) : [],
    };
  }
  function keyOf(element) {
    const parts = inside(element, TAG.seq, "public key");
    if (parts.length !== 2) malformed("public key");
    return { raw: element.raw, algorithm: algorithm(parts[0], "public key"), bits: wholeBits(parts[1], "public key") };
  }
  function extensionsOf(list) {
    return inside(list, TAG.seq, "extensions").map((element) => {
      const parts = inside(element, TAG.seq, "extension");
      const [critical, rest] = optional(parts.slice(1), TAG.bool);
      if (rest.length !== 1 || rest[0].tag !== TAG.octets) malformed("extension");
      return { oid: oidOf(parts[0], "extension"), critical: critical !== null && boolean(critical, "extension"), value: rest[0].value };
    });
  }
  /** The only extension of this kind, or null. */
  function extension(cert, oid) {
    const found = cert.extensions.filter((one) => one.oid === oid);
    return found.length > 1 ? malformed("extension") : found[0] ?? null;
  }
  /** The attributes of a name, each a type and a value. */
  function pairsOf(name) {
    return inside(name, TAG.seq, "name").flatMap((set) => inside(set, TAG.set, "name")).map((element) => {
      const pair = inside(element, TAG.seq, "name");
      if (pair.length !== 2) malformed("name");
      oidOf(pair[0], "name");
      return pair;
    });
  }
  /** The last common name, or what there is, for a person to compare. */
  function nameText(raw) {
    const parts = pairsOf(one(raw, "name"));
    const text = (pair) => new TextDecoder().decode(pair[1]?.value ?? new Uint8Array());
    const common = parts.filter((pair) => oidOf(pair[0], "name") === "2.5.4.3").map(text);
    return common.at(-1) ?? (parts.map(text).join(", ") || "?");
  }
  const usageOids = (found) => inside(one(found.value, "extension"), TAG.seq, "extension").map((element) => oidOf(element, "extension"));
  /** Whether the key usage has one of these bits; without the extension every use is allowed. */
  function mayUse(cert, ...bits) {
    const found = extension(cert, EXT.keyUsage);
    if (!found) return true;
    const element = one(found.value, "extension");
    if (element.tag !== TAG.bits || element.value.length < 1 || element.value[0] > 7) malformed("extension");
    return bits.some((bit) => ((element.value[1 + (bit >> 3)] ?? 0) >> (7 - (bit & 7))) & 1);
  }

  /** Valid at that second, and without a critical extension that is not understood. */
  function standsAt(cert, second) {
    if (second < cert.from || second > cert.until) stampFails(`盖戳时证书 ${nameText(cert.subject)} 不在有效期内。`, `The certificate ${nameText(cert.subject)} was not valid when the time stamp was made.`);
    const strange = cert.extensions.find((one) => one.critical && !UNDERSTOOD.includes(one.oid));
    if (strange) stampFails(`证书 ${nameText(cert.subject)} 带有本页不认识的关键扩展 ${strange.oid}。`, `The certificate ${nameText(cert.subject)} has the critical extension ${strange.oid}, which this page does not know.`);
  }
  /** For time stamping and for nothing else, said in a critical extension (RFC 3161 §2.3), and allowed to sign. */
  function isForTimeStamps(cert) {
    const usage = extension(cert, EXT.usage);
    const oids = usage ? usageOids(usage) : [];
    const alone = usage?.critical && oids.length === 1 && oids[0] === TIME_STAMPING;
    if (!alone || !mayUse(cert, 0, 1)) stampFails(`证书 ${nameText(cert.subject)} 不是专用于时间戳的;请勿采信。`, `The certificate ${nameText(cert.subject)} is not for time stamping alone; do not rely on it.`);
  }
  /** May issue certificates with `below` intermediate authorities under it, for time stamping. */
  function isAuthority(cert, below) {
    const basic = extension(cert, EXT.basic);
    let deepEnough = false;
    if (basic) {
      const [ca, rest] = optional(inside(one(basic.value, "extension"), TAG.seq, "extension"), TAG.bool);
      const most = rest.length ? small(rest[0], "extension") : Infinity;
      deepEnough = ca !== null && boolean(ca, "extension") && rest.length <= 1 && below <= most;
    }
    const usage = extension(cert, EXT.usage);
    const fits = !usage || usageOids(usage).some((oid) => oid === TIME_STAMPING || oid === ANY_USAGE);
    if (!deepEnough || !mayUse(cert, 5) || !fits) stampFails(`证书 ${nameText(cert.subject)} 无权签发下一级证书。`, `The certificate ${nameText(cert.subject)} may not issue the next one.`);
  }

  /** Family and hash of a signature algorithm; plain rsaEncryption says nothing about the hash, then it is the one `beside` it. */
  function schemeOf(found, beside) {
    bare(found, "algorithm");
    const [family, hash] = SCHEMES[found[0]] ?? unsupported(`signature algorithm ${found[0]}`);
    if (hash && beside && hash !== beside) malformed("signature algorithm");
    return [family, hash ?? beside ?? unsupported("signature algorithm without a digest")];
  }
  /** Whether `signature` over `message` is by `key`: true, false, or a fault that says why it cannot be told. */
  async function signatureHolds(key, found, beside, message, signature) {
    const [family, hash] = schemeOf(found, beside);
    const kind = { [RSA_KEY]: "RSA", [EC_KEY]: "EC" }[key.algorithm[0]] ?? unsupported(`key ${key.algorithm[0]}`);
    if (kind !== family) malformed("signature algorithm");
    if (key.bits === null) malformed("public key");
    if (signature === null) return false;
    await digestBy("SHA-256", new Uint8Array());
    return family === "RSA" ? rsaHolds(key, hash, message, signature) : ecdsaHolds(key, hash, message, signature);
  }
  const base64Url = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  async function imported(format, data, how) {
    try {
      return await crypto.subtle.importKey(format, data, how, false, ["verify"]);
    } catch {
      return malformed("public key");
    }
  }
  async function rsaHolds(key, hash, message, signature) {
    const parts = inside(one(key.bits, "public key"), TAG.seq, "public key");
    if (parts.length !== 2) malformed("public key");
    const [n, e] = parts.map((part) => unsigned(part, "public key"));
    const bits = 8 * n.length - (Math.clz32(n[0]) - 24);
    if (bits < RSA_BITS[0] || bits > RSA_BITS[1] || e.length > 4) unsupported(`RSA with ${bits} bits`);
    const how = { name: "RSASSA-PKCS1-v1_5", hash };
    const ready = await imported("jwk", { kty: "RSA", n: base64Url(n), e: base64Url(e) }, how);
    return crypto.subtle.verify(how, ready, signature, message);
  }
  async function ecdsaHolds(key, hash, message, signature) {
    const named = key.algorithm[1] ?? malformed("public key");
    const oid = oidOf(named, "public key");
    let two;
    try {
      two = inside(one(signature, "signature"), TAG.seq, "signature").map((part) => unsigned(part, "signature"));
    } catch (error) {
      if (error instanceof StampFault) return false;
      throw error;
    }
    if (two.length !== 2) return false;
    const [curve, size] = CURVES[oid] ?? unsupported(`curve ${oid}`);
    if (two.some((number) => number.length > size)) return false;
    const fixed = two.map((number) => join(new Uint8Array(size - number.length), number));
    const ready = await imported("raw", key.bits, { name: "ECDSA", namedCurve: curve });
    return crypto.subtle.verify({ name: "ECDSA", hash }, ready, join(...fixed), message);
  }

  const ROOT_LIMIT = 64;
  const TRIES_LIMIT = 64;
  const DEPTH_LIMIT = 6;
  /** Every certificate in a PEM text; words between them are passed over. */
  function parseRoots(text) {
    const found = [...text.matchAll(/-----BEGIN CERTIFICATE-----([\s\S]*?)-----END CERTIFICATE-----/g)];
    if (found.length === 0) refuse("文件里没有 PEM 格式的证书;请给出时间戳机构公布的根证书。", "The file holds no certificate in PEM form; give the authority's published root.");
    if (found.length > ROOT_LIMIT) refuse(`根证书超过 ${ROOT_LIMIT} 张。`, `There are more than ${ROOT_LIMIT} roots.`);
    return found.map(([, body]) => parseCertificate(ofBase64(body.replace(/\s/g, "")) ?? malformed("certificate")));
  }
  /** Goes from `leaf` over `pool` to one of `roots`, everything valid at `second`; the root's name, or the most telling fault. */
  async function toRoot(leaf, pool, roots, second) {
    standsAt(leaf, second);
    const state = { tries: 0, fault: null };
    const blame = (fault) => { if (!state.fault || (state.fault.leaves && !fault.leaves)) state.fault = fault; };
    const issuedBy = (cert, other) => same(cert.issuer, other.subject);
    const step = async (cert, issuer, below) => {
      state.tries += 1;
      if (state.tries > TRIES_LIMIT) return false;
      try {
        if (!await signatureHolds(issuer.key, cert.algorithm, null, cert.signed, cert.signature)) stampFails(`证书 ${nameText(cert.subject)} 不是其上级签发的,或被改动过。`, `The certificate ${nameText(cert.subject)} was not signed by its issuer, or was changed.`);
        standsAt(issuer, second);
        isAuthority(issuer, below);
        return true;
      } catch (error) {
        if (!(error instanceof StampFault)) throw error;
        blame(error);
        return false;
      }
    };
    const unknown = (cert) => new StampFault(`证书链没有到达您信任的根证书,断在“${nameText(cert.issuer)}”。`, `The chain does not reach a root that you trust and ends at "${nameText(cert.issuer)}".`, true);
    const from = async (cert, below) => {
      for (const root of roots.filter((one) => issuedBy(cert, one))) if (await step(cert, root, below)) return nameText(root.subject);
      let ledOn = false;
      // A certificate that issued itself leads nowhere, and would lead there for ever.
      for (const next of pool.filter((one) => issuedBy(cert, one) && !issuedBy(one, one))) {
        if (below >= DEPTH_LIMIT || !await step(cert, next, below)) continue;
        ledOn = true;
        const found = await from(next, below + 1);
        if (found !== null) return found;
      }
      if (!ledOn) blame(unknown(cert));
      return null;
    };
    const found = await from(leaf, 0);
    if (found === null) throw state.fault ?? unknown(leaf);
    return found;
  }
