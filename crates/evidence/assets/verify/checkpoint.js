  // ------------------------------------------------------------------------------------------ keys and checkpoint
  const BAD_NAME = /[\p{White_Space}\p{Cc}+]/u;
  const nameIsValid = (name) => name !== "" && bytesIn(name) <= 200 && !BAD_NAME.test(name);
  /** A public key of the log. */
  function parseKey(text) {
    const key = parseAnyKey(text);
    return key.kind === "log" ? key : refuse("公钥不可用:不是日志的 Ed25519 公钥;请整行重新复制。", "The public key cannot be used: it is not a log's Ed25519 key; copy the whole line again.");
  }
  const KEY_KINDS = { 1: "log", 4: "witness" };
  const SM2_KIND = join(Uint8Array.of(0xff), utf8.encode("mingbai/sm2-sm3"));
  /** A public key `name+hash+base64` of any kind, told by its type byte, with the fingerprint that people compare. */
  function parseAnyKey(text) {
    const bad = (zh, en) => refuse(`公钥不可用:${zh};请整行重新复制。`, `The public key cannot be used: ${en}; copy the whole line again.`);
    const first = text.indexOf("+");
    const second = text.indexOf("+", first + 1);
    if (first < 0 || second < 0) bad("应写成“名称+校验+base64”", "it is written as name+hash+base64");
    const [name, id, blob] = [text.slice(0, first), text.slice(first + 1, second), ofBase64(text.slice(second + 1))];
    const isSm2 = blob !== null && same(blob.subarray(0, SM2_KIND.length), SM2_KIND);
    const kind = isSm2 ? "sm2" : KEY_KINDS[blob?.[0]];
    const head = isSm2 ? SM2_KIND.length : 1;
    if (!kind || blob.length !== head + (isSm2 ? 65 : 32)) bad("不是 Ed25519 或 SM2 公钥", "it is neither an Ed25519 nor an SM2 key");
    if (!nameIsValid(name)) bad("名称不对", "its name is not valid");
    const key = blob.slice(head);
    const place = isSm2 ? sm2Point(key) : point(key);
    if (!place || (!isSm2 && isWeak(place))) bad("不是可用的曲线点", "it is not a usable point of the curve");
    const fingerprint = hexHash(utf8.encode(`${name}\n`), blob);
    if (fingerprint.slice(0, 8) !== id) bad("校验码与名称、密钥不符", "its hash does not belong to its name and key");
    return { kind, name, id, key, text, fingerprint, groups: fingerprint.match(/.{4}/g).join(" ") };
  }
  /** A signed note whose text is a checkpoint; nothing is verified yet. Null when it is not one. */
  function parseNote(bytes) {
    const note = parseSigned(bytes);
    if (!note) return null;
    const lines = note.body.slice(0, -1).split("\n");
    const [origin, size, root] = lines;
    if (lines.length < 3 || lines.slice(3).includes("") || !nameIsValid(origin)) return null;
    const place = placeOf(size, root);
    return place && { ...note, origin, ...place };
  }
  /** Size and root of a tree, as they are written; null otherwise. */
  function placeOf(size, root) {
    if (!/^(0|[1-9][0-9]{0,19})$/.test(size) || BigInt(size) > LIMIT.count) return null;
    const digest = ofBase64(root);
    return digest?.length === 32 ? { size: BigInt(size), root: hexOf(digest) } : null;
  }
  /** Text and signature lines of a signed note; null when it is none. */
  function parseSigned(bytes) {
    const text = textOf(bytes);
    if (text === null || bytes.length > LIMIT.note || /[\x00-\x09\x0b-\x1f\x7f]/.test(text)) return null;
    const cut = text.lastIndexOf("\n\n");
    if (cut < 0 || !text.endsWith("\n") || cut + 2 >= text.length) return null;
    const body = text.slice(0, cut + 1);
    const signatures = text.slice(cut + 2, -1).split("\n").map(signatureLine);
    if (signatures.includes(null) || signatures.length > LIMIT.signatures) return null;
    return { body, signatures };
  }
  function signatureLine(line) {
    if (!line.startsWith("\u2014 ")) return null;
    const space = line.indexOf(" ", 2);
    if (space < 0) return null;
    const [name, blob] = [line.slice(2, space), ofBase64(line.slice(space + 1))];
    if (!nameIsValid(name) || !blob || blob.length < 5) return null;
    return { name, id: hexOf(blob.slice(0, 4)), signature: blob.slice(4) };
  }
  const claims = (line, key) => line.name === key.name && line.id === key.id;
  /** The keys that signed. `{bad}` when a line in the name of one of them does not verify, `{unknown}` when none is by any. */
  async function signersOf(note, keys, own) {
    const signers = [];
    for (const line of note.signatures) {
      for (const key of keys.filter((known) => claims(line, known))) {
        if (!await ed25519(key.key, utf8.encode(note.body), line.signature, own)) return { bad: line.name, signers: [] };
        if (!signers.includes(key)) signers.push(key);
      }
    }
    return signers.length ? { signers } : { unknown: true, signers: [] };
  }
  const signatureWords = (result) => (result.bad !== undefined
    ? [`${result.bad} 的签名与内容不符:检查点被改动过,或签名是伪造的。`, `The signature of ${result.bad} does not fit the text: the checkpoint was changed or the signature was forged.`]
    : ["没有这个公钥的签名。", "There is no signature by this key."]);

  function enclosedKey(report, layout) {
    const bytes = layout.single.get("key.txt");
    if (!bytes) {
      report.say("files", "key.txt", OPEN, "文件里没有公钥。", "There is no public key in the file.");
      return null;
    }
    try {
      return keyFile(bytes);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      report.say("files", "key.txt", AGAINST, error.zh, error.en);
      return null;
    }
  }
  function keyFile(bytes) {
    const text = textOf(bytes);
    if (text === null || !text.endsWith("\n")) refuse("公钥文件不是一行文字。", "The key file is not one line of text.");
    return parseKey(text.slice(0, -1));
  }
  /** The checkpoint with the keys that signed it, or null. */
  async function checkpoint(report, layout, reader, found) {
    const bytes = layout.single.get("checkpoint");
    if (!bytes) {
      report.say("checkpoint", "checkpoint", OPEN, "缺少检查点,无法证明这些记录在日志里。", "The checkpoint is missing; nothing shows that these records are in a log.");
      return null;
    }
    const note = parseNote(bytes);
    if (!note) {
      report.say("checkpoint", "checkpoint", AGAINST, "这不是签了名的检查点;可能已损坏,或是别的文件。", "This is not a signed checkpoint; it was damaged or is another file.");
      return null;
    }
    report.say("checkpoint", "checkpoint", PROVEN, `检查点:日志 ${note.origin},共 ${note.size} 条记录。`, `The checkpoint is of log ${note.origin} with ${note.size} records.`);
    Object.assign(report.facts, { origin: note.origin, log_size: Number(note.size), root: note.root });
    const enclosed = enclosedKey(report, layout);
    const followed = await successors(reader.keys, found, reader.own);
    for (const key of followed) report.say("key_change", key.name, PROVEN, `日志换过密钥:现行公钥(指纹 ${key.groups})由您信任的旧公钥签名引入。`, `The log changed its key: the key with fingerprint ${key.groups} was introduced by one that you trust.`);
    const signers = await signatures(report, enclosed, [...reader.keys, ...followed], note, reader);
    await witnessed(report, note, reader.witnesses, reader.own);
    return { ...note, signers };
  }
  async function signatures(report, enclosed, pinned, note, { own, witnesses }) {
    const byEnclosed = await signersOf(note, enclosed ? [enclosed] : [], own);
    // Whatever else is trusted: a package whose own key did not sign its checkpoint was put together wrongly.
    if (enclosed && !byEnclosed.signers.length) report.say("signature", enclosed.name, AGAINST, ...signatureWords(byEnclosed));
    const byPinned = await signersOf(note, pinned, own);
    let signers = [];
    if (byPinned.signers.length) signers = byPinned.signers;
    else if (byPinned.bad !== undefined) report.say("signature", byPinned.bad, AGAINST, ...signatureWords(byPinned));
    else if (byEnclosed.signers.length) signers = byEnclosed.signers;
    else report.say("signature", "checkpoint", OPEN, ...signatureWords(byPinned));
    for (const key of signers) {
      report.say("signature", key.name, PROVEN, `自 ${key.name} 签名以后没有改动(指纹 ${key.groups})。`, `It is unchanged since ${key.name} signed it (fingerprint ${key.groups}).`);
      report.facts.key ??= key.text;
      report.facts.fingerprint ??= key.groups;
    }
    signer(report, pinned, byPinned.signers.length > 0, signers[0]);
    for (const line of note.signatures.filter((one) => ![...signers, ...witnesses].some((key) => claims(one, key)))) {
      report.say("other_signatures", line.name, OPEN, "这个签名没有检查:没有给出它的公钥。", "This signature was not checked: its public key was not given.");
    }
    return signers;
  }
  function signer(report, pinned, isPinned, key) {
    if (!key) report.say("signer", "checkpoint", OPEN, "没有有效的签名,不知道是谁说的。", "No signature is valid: it is nobody's word.");
    else if (isPinned) report.say("signer", key.name, PROVEN, "签名的公钥是您信任的公钥。", "The signing key is one that you trust.");
    else if (pinned.length === 0) report.say("signer", key.name, OPEN, `由文件自带的公钥签名,请与贷款机构公布的指纹核对:${key.groups}。`, `Signed by the key in the file; compare its fingerprint with the lender's published one: ${key.groups}.`);
    else report.say("signer", key.name, OPEN, `签名的不是您给出的公钥,而是文件自带的公钥(指纹 ${key.groups});请勿轻信。`, `Not signed by a key that you gave, but by the key in the file (fingerprint ${key.groups}); be careful.`);
  }
