  // ------------------------------------------------------------------------------------------------- the time stamp
  // RFC 3161 with CMS SignedData (RFC 5652): one signer, whose signed attributes name content, digest and certificate.
  const STAMP_LIMIT = 65536;
  const CMS = { signedData: "1.2.840.113549.1.7.2", tstInfo: "1.2.840.113549.1.9.16.1.4", contentType: "1.2.840.113549.1.9.3", messageDigest: "1.2.840.113549.1.9.4", certV1: "1.2.840.113549.1.9.16.2.12", certV2: "1.2.840.113549.1.9.16.2.47" };
  const attributeFails = (name) => stampFails(`签名属性 ${name} 缺失、重复或不对;请勿采信。`, `The signed attribute ${name} is missing, doubled or wrong; do not rely on it.`);

  /** Takes a TimeStampResp apart; nothing is verified yet. */
  function parseToken(response) {
    const what = "TimeStampResp";
    const answer = inside(one(response, what), TAG.seq, what);
    if (answer.length < 1 || answer.length > 2) malformed(what);
    const status = small(inside(answer[0], TAG.seq, what)[0], what);
    if (status > 5) malformed(what);
    if (status !== 0 || answer.length === 1) stampFails(`时间戳机构没有盖戳(状态 ${status})。`, `The authority granted no time stamp (status ${status}).`);
    const content = inside(answer[1], TAG.seq, what);
    if (content.length !== 2 || oidOf(content[0], what) !== CMS.signedData || content[1].tag !== 0xa0) malformed(what);
    return parseSignedData(inside(one(content[1].value, what), TAG.seq, "SignedData"));
  }
  function parseSignedData([version, digests, content, ...rest]) {
    const what = "SignedData";
    if (!content) malformed(what);
    const [certificates, afterCerts] = optional(rest, 0xa0);
    const [, last] = optional(afterCerts, 0xa1);
    if (last.length !== 1) malformed(what);
    const signers = inside(last[0], TAG.set, what);
    if (signers.length !== 1) stampFails(`时间戳应有且只有一个签名者,这里有 ${signers.length} 个。`, `A time stamp has exactly one signer and this has ${signers.length}.`);
    const signer = parseSigner(signers[0]);
    const announced = inside(digests, TAG.set, what).map((element) => hashOf(algorithm(element, what)));
    const fits = signer.version === (signer.sid.tag === TAG.seq ? 1 : 3);
    if (small(version, what) !== 3 || !fits || !announced.includes(hashOf(signer.digest))) malformed(what);
    const capsule = inside(content, TAG.seq, what);
    const wrapped = capsule[1]?.tag === 0xa0 ? one(capsule[1].value, what) : null;
    if (capsule.length > 2 || oidOf(capsule[0], what) !== CMS.tstInfo || wrapped?.tag !== TAG.octets) attributeFails("content-type");
    const listed = certificates ? elements(certificates.value, "certificates") : [];
    if (listed.length > 16) malformed("certificates");
    // Other kinds of certificates than X.509 have a context tag; they are no help here.
    return { info: wrapped.value, signer, certificates: listed.filter((one) => one.tag === TAG.seq).map((one) => parseCertificate(one.raw)) };
  }
  function parseSigner(element) {
    const what = "SignerInfo";
    const [version, sid, digest, ...rest] = inside(element, TAG.seq, what);
    const [attributes, [scheme, signature, ...more]] = optional(rest, 0xa0);
    if (![TAG.seq, 0x80].includes(sid?.tag) || signature?.tag !== TAG.octets || more.length > 1 || (more.length && more[0].tag !== 0xa1)) malformed(what);
    return { version: small(version, what), sid, digest: algorithm(digest, what), attributes, scheme: algorithm(scheme, what), signature: signature.value };
  }
  function isBy(sid, cert) {
    if (sid.tag === TAG.seq) {
      const parts = inside(sid, TAG.seq, "SignerInfo");
      return parts.length === 2 && same(parts[0].raw, cert.issuer) && same(integer(parts[1], "SignerInfo"), cert.serial);
    }
    const own = cert.extensions.find((one) => one.oid === EXT.keyId);
    return own !== undefined && same(one(own.value, "extension").value, sid.value);
  }

  /** What the authority states (TSTInfo, RFC 3161 §2.4.2). */
  function parseInfo(bytes) {
    const what = "TSTInfo";
    const [version, policy, imprint, serial, time, ...rest] = inside(one(bytes, what), TAG.seq, what);
    if (time?.tag !== TAG.time || small(version, what) !== 1) malformed(what);
    const oid = oidOf(policy, what);
    const number = integer(serial, what);
    const accuracy = optionalInfo(rest);
    const at = generalizedTime(time.value) ?? malformed("genTime");
    const print = inside(imprint, TAG.seq, what);
    if (print.length !== 2 || print[1].tag !== TAG.octets) malformed(what);
    return { at, accuracy, policy: oid, serial: hexOf(number), hash: algorithm(print[0], what), imprint: print[1].value };
  }
  function optionalInfo(rest) {
    const what = "TSTInfo";
    const [accuracy, r1] = optional(rest, TAG.seq);
    const [ordering, r2] = optional(r1, TAG.bool);
    const [nonce, r3] = optional(r2, TAG.int);
    const [, r4] = optional(r3, 0xa0);
    const [extensions, r5] = optional(r4, 0xa1);
    const off = accuracy ? accuracyOf(accuracy) : null;
    if (ordering) boolean(ordering, what);
    if (nonce) integer(nonce, what);
    if (extensions) {
      for (const element of elements(extensions.value, what)) {
        if (inside(element, TAG.seq, what).some((part) => part.tag === TAG.bool && boolean(part, what))) stampFails("时间戳带有本页不认识的关键扩展。", "The time stamp has a critical extension that this page does not know.");
      }
    }
    return r5.length ? malformed(what) : off;
  }
  /** Microseconds. */
  function accuracyOf(element) {
    const [seconds, r1] = optional(inside(element, TAG.seq, "accuracy"), TAG.int);
    const [millis, r2] = optional(r1, 0x80);
    const [micros, r3] = optional(r2, 0x81);
    const number = (part) => (part ? Number(BigInt(`0x${hexOf(unsigned({ ...part, tag: TAG.int }, "accuracy"))}`)) : 0);
    const parts = [millis, micros].map((part) => (part && (number(part) < 1 || number(part) > 999) ? malformed("accuracy") : number(part)));
    return r3.length ? malformed("accuracy") : number(seconds) * 1e6 + parts[0] * 1e3 + parts[1];
  }
  /** `YYYYMMDDhhmmss[.f…]Z` as unix milliseconds, or null. */
  function generalizedTime(bytes) {
    const found = /^(\d{14})(?:\.(\d{0,8}[1-9]))?Z$/.exec(String.fromCharCode(...bytes));
    const seconds = found && dateSeconds(found[1]);
    return found && seconds !== null ? seconds * 1000 + Number(`${found[2] ?? ""}000`.slice(0, 3)) : null;
  }

  /** The signer's certificate, once attributes and signature hold. */
  async function signerOf({ info, signer, certificates }) {
    const cert = certificates.find((one) => isBy(signer.sid, one)) ?? stampFails("时间戳里没有签名者的证书,无法离线验证。", "The signer's certificate is not in the time stamp, so it cannot be verified offline.");
    const hash = hashOf(signer.digest);
    if (!signer.attributes) attributeFails("content-type");
    const list = elements(signer.attributes.value, "signed attributes");
    const order = list.map((element) => hexOf(element.raw));
    if (order.some((text, at) => at > 0 && order[at - 1] >= text)) malformed("signed attributes");
    const attributes = list.map((element) => {
      const parts = inside(element, TAG.seq, "signed attributes");
      if (parts.length !== 2) malformed("signed attributes");
      return { oid: oidOf(parts[0], "signed attributes"), values: inside(parts[1], TAG.set, "signed attributes") };
    });
    const only = (oid, name) => {
      const found = attributes.filter((one) => one.oid === oid);
      return found.length === 1 && found[0].values.length === 1 ? found[0].values[0] : attributeFails(name);
    };
    const kind = only(CMS.contentType, "content-type");
    if (kind.tag !== TAG.oid || oidOf(kind, "content-type") !== CMS.tstInfo) attributeFails("content-type");
    const digest = only(CMS.messageDigest, "message-digest");
    if (digest.tag !== TAG.octets) attributeFails("message-digest");
    if (!same(digest.value, await digestBy(hash, info))) stampFails("时间戳的内容在签名之后被改动过;请勿采信。", "The content of the time stamp was changed after it was signed; do not rely on it.");
    // What was signed is the set itself: the same bytes under the tag of a set.
    const signed = Uint8Array.from(signer.attributes.raw);
    signed[0] = TAG.set;
    if (!await signatureHolds(cert.key, signer.scheme, hash, signed, signer.signature)) stampFails("时间戳机构的签名无效:时间戳被改动过或是伪造的;请勿采信。", "The authority's signature is not valid: the time stamp was changed or forged; do not rely on it.");
    await bound(attributes, cert);
    return cert;
  }
  /** The signed attributes name the certificate (RFC 2634, 5035): another one for the same key cannot be put in its place. */
  async function bound(attributes, cert) {
    const of = (oid) => attributes.filter((one) => one.oid === oid);
    const [first, second] = [of(CMS.certV1), of(CMS.certV2)];
    if (first.length > 1 || second.length > 1 || first.length + second.length === 0) attributeFails("signing-certificate");
    for (const [attribute, isFirst] of [...first.map((one) => [one, true]), ...second.map((one) => [one, false])]) {
      if (attribute.values.length !== 1) attributeFails("signing-certificate");
      await namesCertificate(attribute.values[0], isFirst, cert);
    }
  }
  async function namesCertificate(value, isFirst, cert) {
    const what = "signing-certificate";
    const list = inside(inside(value, TAG.seq, what)[0], TAG.seq, what);
    const id = inside(list[0], TAG.seq, what);
    // In edition two a sequence first is the hash algorithm; without it the hash is SHA-256.
    const [named, rest] = isFirst ? [null, id] : optional(id, TAG.seq);
    if (rest[0]?.tag !== TAG.octets || rest.length > 2) malformed(what);
    const hash = isFirst ? "SHA-1" : named ? hashOf(algorithm(named, what)) : "SHA-256";
    let issuerFits = true;
    if (rest[1]) {
      const [names, serial, ...more] = inside(rest[1], TAG.seq, what);
      const listed = inside(names, TAG.seq, what);
      if (more.length) malformed(what);
      issuerFits = listed.length === 1 && listed[0].tag === 0xa4 && same(one(listed[0].value, what).raw, cert.issuer) && same(integer(serial, what), cert.serial);
    }
    if (!issuerFits || !same(rest[0].value, await digestBy(hash, cert.raw))) stampFails("签名属性指明的证书不是签名所用的证书;请勿采信。", "The signed attributes name another certificate than the one that signed; do not rely on it.");
  }

  /** A stamp whose own signature holds; who signed is not yet known. */
  async function openStamp(response, imprint) {
    if (response.length > STAMP_LIMIT) stampFails("时间戳超过 65536 字节;这不是时间戳。", "The time stamp is larger than 65536 bytes; it is none.");
    const token = parseToken(response);
    const info = parseInfo(token.info);
    if (hashOf(info.hash) !== "SHA-256" || !same(info.imprint, imprint)) stampFails("时间戳盖的是别的内容,不是这个检查点;请勿采信。", "The time stamp is over other data than this checkpoint; do not rely on it.");
    const cert = await signerOf(token);
    isForTimeStamps(cert);
    standsAt(cert, Math.floor(info.at / 1000));
    return { info, cert, pool: token.certificates };
  }
  /** For tests: `proven`, or what the fault means, first for the stamp itself, then for the way to a root. */
  async function judgeStamp(response, imprint, pem) {
    const verdictOf = (error) => (error instanceof StampFault ? (error.leaves ? OPEN : AGAINST) : (() => { throw error; })());
    let stamp;
    try {
      stamp = await openStamp(response, imprint);
    } catch (error) {
      return [verdictOf(error), null];
    }
    try {
      await toRoot(stamp.cert, stamp.pool, parseRoots(pem), Math.floor(stamp.info.at / 1000));
      return [PROVEN, PROVEN];
    } catch (error) {
      return [PROVEN, verdictOf(error)];
    }
  }
