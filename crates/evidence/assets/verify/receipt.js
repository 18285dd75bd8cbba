  // ------------------------------------------------------------------------------------------------------- receipts
  // The proof file (C2SP tlog-proof) that a borrower keeps: the record itself, its place, and the checkpoint at that time.
  const RECEIPT_START = "c2sp.org/tlog-proof@v1";
  const RECEIPT_LIMIT = 256 * 1024;
  const isReceipt = (bytes) => same(bytes.subarray(0, RECEIPT_START.length), utf8.encode(RECEIPT_START));

  /** The parts of a receipt, or null when it is none. There is one way to write a receipt. */
  function parseReceipt(bytes) {
    const text = bytes.length <= RECEIPT_LIMIT ? textOf(bytes) : null;
    const found = text !== null && /^c2sp\.org\/tlog-proof@v1\nextra ([^\n]*)\nindex (0|[1-9][0-9]{0,15})\n((?:[^\n]+\n)*)\n([\s\S]*)$/.exec(text);
    if (!found || BigInt(found[2]) >= LIMIT.count) return null;
    const extra = extraOf(found[1]);
    const path = found[3].split("\n").slice(0, -1).map(ofBase64);
    const note = parseNote(utf8.encode(found[4]));
    if (!extra || !note || path.length > LIMIT.path || path.some((hash) => hash?.length !== 32)) return null;
    return { ...extra, index: BigInt(found[2]), path, note };
  }
  function extraOf(base64) {
    const json = ofBase64(base64);
    try {
      const map = json && parseObject(json);
      const [record, key] = [map?.get("record"), map?.get("key")];
      if (typeof record !== "string" || typeof key !== "string") return null;
      if (textOf(json) !== `{"record":${spelled(record)},"key":${spelled(key)}}`) return null;
      return { record: parseRecord(utf8.encode(record)), key: parseKey(key) };
    } catch (error) {
      if (error instanceof BadJson || error instanceof Refused) return null;
      throw error;
    }
  }
  /** What a receipt proves alone: `{report, receipt}`, the receipt null when it cannot be read. */
  async function judgeReceipt(bytes, reader) {
    const report = new Report();
    const receipt = parseReceipt(bytes);
    if (!receipt) {
      report.say("receipt", "", AGAINST, "这不是本系统的凭证文件;可能已损坏,或是别的文件。", "This is not a proof file of ours; it was damaged or is another file.");
      return { report, receipt };
    }
    const { note, record } = receipt;
    report.say("checkpoint", "", PROVEN, `检查点:日志 ${note.origin},共 ${note.size} 条记录。`, `The checkpoint is of log ${note.origin} with ${note.size} records.`);
    await signatures(report, receipt.key, reader.keys, note, reader);
    await witnessed(report, note, reader.witnesses, reader.own);
    const wrong = notIncluded(record.leaf, receipt, note.size, note.root);
    if (wrong) report.say("inclusion", "", AGAINST, ...wrong);
    else report.say("inclusion", "", PROVEN, `${record.stream} 的第 ${record.seq} 条记录就是凭证里的这一条,在日志的第 ${receipt.index} 位;它锁定了该业务此前的全部记录。`, `Record ${record.seq} of ${record.stream} is the one in the receipt, at position ${receipt.index} of the log; it fixes all before it.`);
    return { report, receipt };
  }
  /** What a receipt says about a package: its record must be in it, unchanged. */
  async function receiptAgainst(bytes, layout, reader) {
    const { report, receipt } = await judgeReceipt(bytes, reader);
    if (!receipt) return report;
    const { record } = receipt;
    if (!layout) {
      report.say("receipt", record.stream, OPEN, "包读不出来,无法对照。", "The package cannot be read, so there is nothing to compare.");
      return report;
    }
    // A receipt signed with a key of somebody's own making must not speak against anybody's package.
    const isKnown = report.claims.some((claim) => claim.key === "signer" && claim.verdict === PROVEN) || enclosedText(layout) === receipt.key.text;
    const open = (claim) => claim.verdict === OPEN && !SCOPE.has(claim.key) && !IDENTITY.has(claim.key);
    const stands = isKnown && !report.claims.some((claim) => claim.verdict === AGAINST || open(claim));
    compareReceipt(report, record, layout, stands);
    return report;
  }
  function enclosedText(layout) {
    try {
      return layout.single.has("key.txt") ? keyFile(layout.single.get("key.txt")).text : null;
    } catch (error) {
      if (error instanceof Refused) return null;
      throw error;
    }
  }
  function compareReceipt(report, record, layout, stands) {
    const hers = [];
    for (const bytes of layout.records.values()) {
      try {
        hers.push(parseRecord(bytes));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
      }
    }
    hers.push(...[...layout.withheld.values()].map(parseWithheld).filter(Boolean));
    const same = hers.filter((one) => one.stream === record.stream);
    const leaves = same.filter((one) => one.seq === record.seq).map((one) => one.leaf);
    const subject = `${record.stream} ${record.seq}`;
    if (leaves.length === 1 && leaves[0] === record.leaf) {
      report.say("receipt", subject, PROVEN, `凭证所指的第 ${record.seq} 条记录在包里,没有改动。`, `Record ${record.seq}, for which this receipt was given, is in the package, unchanged.`);
      return;
    }
    let what = ["包里的这条记录是另一个内容", "the package has another content for this record"];
    if (!leaves.length) what = same.length ? ["包里缺了这条记录", "the package lacks this record"] : ["包里完全没有这笔业务的记录", "the package has none of this journey's records"];
    if (stands) report.say("receipt", subject, AGAINST, `与凭证相反:日志曾经含有第 ${record.seq} 条记录,而${what[0]}。请保留凭证和包,两者都有日志的签名。`, `Against the receipt: the log held record ${record.seq}, yet ${what[1]}. Keep receipt and package; the log signed both.`);
    else report.say("receipt", subject, OPEN, `${what[0]};但这份凭证自己也没有得到证明,不能据此断定。`, `As to record ${record.seq}: ${what[1]}; but the receipt itself is not proven, so this shows nothing.`);
  }
