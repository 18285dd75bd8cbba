  // ------------------------------------------------------------------------------------------------- the whole check
  /** The journey's number in a stream's name, as a loan's stream spells it in any form; null for other streams. */
  const isLoan = (stream) => stream.startsWith("borrow/") && /^[0-9a-f]{32}$/.test(stream.slice(7).replaceAll("-", ""));
  const isPlainLoan = (stream) => /^borrow\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(stream);

  /** What a reader brings: public keys of any kind as text (`name+hash+base64`), roots of time-stamping authorities as PEM. */
  function readerOf({ keys = [], roots = "", own = false } = {}) {
    const parsed = keys.map(parseAnyKey);
    const of = (kind) => parsed.filter((key) => key.kind === kind);
    return { keys: of("log"), witnesses: of("witness"), sm2: of("sm2"), roots: roots.trim() ? parseRoots(roots) : null, own };
  }
  /**
   * Verifies a package, a receipt, or a receipt against a package (`receipt`), for a reader (see `readerOf`; no keys = compare the
   * fingerprint). Never throws for what is in the files: what cannot be read is a claim that is contradicted.
   */
  async function verify(bytes, brings = {}) {
    const reader = readerOf(brings);
    if (isReceipt(bytes)) return { evidence: new Report(), loans: {}, receipt: (await judgeReceipt(bytes, reader)).report };
    const { report, layout, loans } = await verifyPackage(bytes, reader);
    const receipt = brings.receipt ? await receiptAgainst(brings.receipt, layout, reader) : null;
    return { evidence: report, loans, receipt };
  }
  async function verifyPackage(bytes, reader) {
    const report = new Report();
    let zip;
    try {
      zip = await readZip(bytes);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      report.say("readable", "", AGAINST, error.zh, error.en);
      return { report, layout: null, loans: {} };
    }
    report.say("readable", "", PROVEN, `文件可读,含 ${zip.files.size} 个文件。`, `The file can be read; it holds ${zip.files.size} files.`);
    if (zip.canonical) report.say("container", "", PROVEN, "包装与写出时逐字节一致。", "The packaging is byte for byte as it was written.");
    else report.say("container", "", OPEN, "包装的字节与写出时不同:可能被重新压缩,也可能被改动。内容仍逐项检查;请索取原文件。", "The packaging is not as it was written: it was zipped again, or changed. The contents are checked all the same; ask for the original file.");
    const layout = layoutOf(zip.files);
    frame(report, layout);
    const shown = readRecords(report, layout);
    const found = [...shown, ...readWithheld(report, layout)];
    const streams = byStream(found);
    const unbroken = chains(report, streams);
    const note = await checkpoint(report, layout, reader, shown);
    const places = note ? inclusions(report, layout, found, note) : [];
    await streamEnds(report, layout, note, streams, unbroken, reader.own);
    secondSignature(report, layout, reader.sm2);
    await timeStamp(report, layout, note, places, reader.roots);
    const refs = shown.map(({ name, stream, body }) => ({ name, stream, ...references(body) }));
    const erasures = erasuresIn(shown);
    const genuine = await attachments(report, layout, refs, erasures);
    disclosures(report, layout, refs, erasures);
    return { report, layout, loans: isWhole(layout, found) ? loansIn(streams, genuine) : {} };
  }
  function loansIn(streams, genuine) {
    const loans = {};
    for (const [stream, records] of streams) {
      const missing = records.filter((record) => record.hidden).map((record) => record.seq);
      if (!isLoan(stream)) continue;
      if (missing.length) loans[stream] = withheldLoan(missing);
      else if (isPlainLoan(stream)) loans[stream] = judgeLoan(records, genuine);
      else loans[stream] = [{ key: "folds", claim: { zh: CLAIMS.folds[0], en: CLAIMS.folds[1] }, holding: AGAINST, why: { zh: "业务编号写法不对。", en: "The journey's number is not spelled as it is written." }, unable: false }];
    }
    return loans;
  }
  /** Seconds that each section takes at least, for tests: the same number that the lender's side must have asked for. */
  function seconds(tableBytes, packBytes) {
    const [table, pack] = [TABLE(parseObject(tableBytes)), parsePack(packBytes)];
    const each = Object.keys(SECTIONS).map((section) => [section, Number(secondsFor(section, table, pack))]);
    return { seconds: Object.fromEntries(each), kinds: requiredKinds(table, pack) };
  }

  globalThis.MingbaiVerify = { verify, isReceipt, SCOPE, seconds, judgeStamp, sm3, sm2Holds, parseAnyKey, hexOf, ofHex, Refused };
})();
