  // -------------------------------------------------------------------------------------- attachments and disclosures
  const digestsIn = (value) => (isHex(value, 64) ? [value] : value instanceof Map ? [...value.values()].flatMap(digestsIn) : Array.isArray(value) ? value.flatMap(digestsIn) : []);
  /** Everything that a body refers to: attachments by digest, sealed values by commitment, and digests that merely stand there. */
  function references(body, out = { attachments: [], sealed: [], unreadable: 0, digests: [] }) {
    if (isHex(body, 64)) out.digests.push(body);
    if (body instanceof Map && (body.has("sha256") || body.has("sealed"))) out.digests.push(...digestsIn(body));
    if (Array.isArray(body)) body.forEach((item) => references(item, out));
    if (!(body instanceof Map)) return out;
    const exactly = (...keys) => body.size === keys.length && keys.every((key) => body.has(key));
    if (body.has("sha256")) {
      const good = exactly("sha256", "media", "bytes") && isHex(body.get("sha256"), 64) && typeof body.get("media") === "string" && isCount(body.get("bytes"));
      if (good) out.attachments.push({ sha256: body.get("sha256"), media: body.get("media"), bytes: body.get("bytes") });
      else out.unreadable += 1;
    } else if (body.has("sealed")) {
      const good = exactly("sealed", "label") && isHex(body.get("sealed"), 64) && typeof body.get("label") === "string";
      if (good) out.sealed.push({ sealed: body.get("sealed"), label: body.get("label") });
      else out.unreadable += 1;
    } else {
      for (const value of body.values()) references(value, out);
    }
    return out;
  }
  async function attachments(report, layout, refs, erasures) {
    const wanted = new Map();
    const cited = new Set();
    for (const { name, attachments: list, unreadable, digests } of refs) {
      for (const one of list) wanted.set(one.sha256, [...(wanted.get(one.sha256) ?? []), one]);
      digests.forEach((digest) => cited.add(digest));
      for (let n = 0; n < unreadable; n += 1) report.say("references", name, OPEN, "记录里有一处指向别处的内容无法辨认。", "The record refers to something in a form that cannot be followed.");
    }
    report.facts.attachments = layout.attachments.size;
    const present = new Set();
    const genuine = new Map();
    for (const [name, one] of layout.attachments) {
      present.add(one.sha256);
      if (hexOf(await sha256Long(one.bytes)) !== one.sha256) {
        report.say("attachments", name, AGAINST, "附件的内容与它的名字(SHA-256)不符:附件被改动过。", "The content is not the one that its name (SHA-256) stands for: the attachment was changed.");
        continue;
      }
      genuine.set(one.sha256, one.bytes);
      described(report, name, one, wanted.get(one.sha256) ?? [], cited.has(one.sha256));
    }
    for (const [sha256Text, list] of wanted) {
      const erased = erasures.find((one) => one.documents.includes(sha256Text));
      if (!present.has(sha256Text) && erased) sayErased(report, sha256Text, `${list[0].media}`, erased);
      else if (!present.has(sha256Text)) report.say("withheld", sha256Text, OPEN, `记录提到这份附件(${list[0].media}),但没有放进包里。`, `A record refers to this attachment (${list[0].media}); it was left out of the package.`);
    }
    const count = layout.attachments.size;
    if (!report.failed("attachments")) report.say("attachments", "", PROVEN, `附件 ${count} 份,每份都与记录所指的内容一致。`, `Attachments: ${count}, each the document to which a record refers.`);
    return genuine;
  }
  function described(report, name, one, refs, cited) {
    if (refs.length === 0 && !cited) report.say("attachments", name, OPEN, "没有记录提到这份附件,它不属于证据。", "No record refers to this attachment; it is not part of the evidence.");
    if (refs.some((ref) => ref.bytes !== BigInt(one.bytes.length))) report.say("attachments", name, AGAINST, `附件有 ${one.bytes.length} 字节,与记录所写的长度不符。`, `The attachment has ${one.bytes.length} bytes, which is not the length in the record.`);
    if (refs.length && !refs.some((ref) => extensionOf(ref.media) === one.ext)) report.say("attachments", name, AGAINST, "附件的类型(扩展名)与记录所写的不符。", "The type of the attachment (its extension) is not the one in the record.");
  }
  /** An opened value; null when the file is not spelled in the one way in which such files are written. */
  function parseDisclosure(bytes) {
    let map;
    try {
      map = parseObject(bytes);
    } catch (error) {
      if (error instanceof BadJson) return null;
      throw error;
    }
    const [commitment, label, text, base64, salt] = ["commitment", "label", "text", "base64", "salt"].map((key) => map.get(key));
    if (!isHex(commitment, 64) || !isHex(salt, 64) || typeof label !== "string") return null;
    if (label === "" || bytesIn(label) > LIMIT.label || CONTROL.test(label)) return null;
    const isText = typeof text === "string";
    if (isText === (typeof base64 === "string")) return null;
    const value = isText ? utf8.encode(text) : ofBase64(base64);
    if (!value || (!isText && textOf(value) !== null)) return null;
    const shown = isText ? `"text":${spelled(text)}` : `"base64":${spelled(base64)}`;
    const only = `{"commitment":"${commitment}","label":${spelled(label)},${shown},"salt":"${salt}"}`;
    return textOf(bytes) === only ? { commitment, label, value, text: isText ? text : null, salt } : null;
  }
  const SEAL = utf8.encode("mingbai/evidence/seal/v1\0");
  function opens({ commitment, label, value, salt }) {
    const length = new Uint8Array(8);
    new DataView(length.buffer).setBigUint64(0, BigInt(bytesIn(label)));
    return hexHash(SEAL, length, utf8.encode(label), ofHex(salt), value) === commitment;
  }
  function disclosures(report, layout, refs, erasures) {
    const sealed = new Map();
    for (const { stream, sealed: list } of refs) {
      const erased = erasures.find((one) => one.person === personOf(stream));
      for (const one of list) {
        const key = `${one.sealed} ${one.label}`;
        sealed.set(key, { ...one, erased: sealed.get(key)?.erased ?? erased });
      }
    }
    const opened = new Set();
    for (const [name, bytes] of layout.disclosures) {
      const one = parseDisclosure(bytes);
      if (!one) {
        report.say("disclosures", name, AGAINST, "格式不对。", "It does not have its form.");
        continue;
      }
      if (!opens(one)) {
        report.say("disclosures", name, AGAINST, "公开的内容与当初封存的不是同一个。", "The opened value is not the one that was sealed.");
        continue;
      }
      const key = `${one.commitment} ${one.label}`;
      if (!sealed.has(key)) report.say("disclosures", name, OPEN, "没有记录提到这项封存的内容。", "No record refers to this sealed value.");
      else report.opened.push({ label: one.label, text: one.text ?? `(${one.value.length} bytes)` });
      opened.add(key);
    }
    if (!report.failed("disclosures")) report.say("disclosures", "", PROVEN, `公开的内容 ${opened.size} 项,每项都与当初封存的一致。`, `Opened values: ${opened.size}, each the one that was sealed.`);
    for (const [key, one] of sealed) {
      if (!opened.has(key) && one.erased) sayErased(report, one.sealed, one.label, one.erased);
      else if (!opened.has(key)) report.say("sealed", one.sealed, OPEN, `${one.label}:已封存,没有公开。`, `${one.label}: sealed, not opened.`);
    }
  }

  /** Whether every file has its form: only then are the loans judged, because half a package tells half a story. */
  function isWhole(layout, found) {
    if (layout.unknown.length || found.length !== layout.records.size + layout.withheld.size) return false;
    if ([...layout.withheld.keys()].some((name) => layout.records.has(name.replace("withheld/", "records/")))) return false;
    for (const name of ["README.txt", "checkpoint", "key.txt"]) if (!layout.single.has(name) || textOf(layout.single.get(name)) === null) return false;
    for (const name of ["checkpoint.sm2", "streams"]) if (layout.single.has(name) && textOf(layout.single.get(name)) === null) return false;
    const stamp = STAMP.map((name) => layout.stamp.get(name));
    if (!stamp[0] ? stamp[1] || stamp[2] : !stamp[1] !== !stamp[2]) return false;
    if (stamp[1] && (textOf(stamp[1]) === null || !parsePath(stamp[2]))) return false;
    try {
      keyFile(layout.single.get("key.txt"));
    } catch (error) {
      if (error instanceof Refused) return false;
      throw error;
    }
    const needed = [...layout.records.keys(), ...layout.withheld.keys()].map(proofFor).sort();
    if (!same([...layout.proofs.keys()], needed)) return false;
    if (![...layout.proofs.values()].every(parseProof)) return false;
    return [...layout.disclosures.values()].every(parseDisclosure);
  }
  const parsePath = (bytes) => {
    const text = textOf(bytes);
    const found = text !== null && /^\{"path":\[((?:"[0-9a-f]{64}"(?:,"[0-9a-f]{64}")*)?)\]\}$/.exec(text);
    const hashes = found ? (found[1].match(/[0-9a-f]{64}/g) ?? []) : null;
    return hashes && hashes.length <= 2 * LIMIT.path ? hashes : null;
  };
