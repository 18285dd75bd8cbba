  // ------------------------------------------------------------------------------- what the time stamp says of this package
  async function timeStamp(report, layout, note, places, roots) {
    const response = layout.stamp.get("timestamp.tsr");
    if (!response) {
      report.say("time_stamp", "", OPEN, "没有时间戳:这些记录什么时候就有了,只有贷款机构自己的说法。", "There is no time stamp: since when these records exist is only the lender's own word.");
      if (roots) report.say("time_authority", "", OPEN, "您给出了时间戳机构的根证书,但文件里没有时间戳。", "You gave the root of a time-stamping authority, but there is no time stamp in the file.");
      for (const name of layout.stamp.keys()) report.say("files", name, OPEN, "这个文件属于一个不在包里的时间戳。", "This file belongs to a time stamp that is not in the package.");
      return;
    }
    if (!note) {
      report.say("time_stamp", "timestamp.tsr", OPEN, "没有可读的检查点,时间戳无从对照。", "There is no readable checkpoint to compare the time stamp with.");
      return;
    }
    const under = stampedCheckpoint(report, layout, note);
    if (!under) return;
    let stamp;
    try {
      stamp = await openStamp(response, under.imprint);
    } catch (error) {
      if (!(error instanceof StampFault)) throw error;
      report.say("time_stamp", "timestamp.tsr", error.leaves ? OPEN : AGAINST, error.zh, error.en);
      return;
    }
    await judgedStamp(report, stamp, under.size, places, roots);
  }
  /** The bytes that should be stamped: the package's own checkpoint, or another one that is proven to be of the same log. */
  function stampedCheckpoint(report, layout, own) {
    const [note, path] = [layout.stamp.get("timestamp.checkpoint"), layout.stamp.get("timestamp.json")];
    if (!note && !path) return { imprint: sha256(layout.single.get("checkpoint")), size: own.size };
    if (!note || !path) {
      report.say("time_stamp", "timestamp.tsr", AGAINST, "盖了时间戳的检查点和它的一致性证明应当同时在包里。", "The stamped checkpoint and its consistency proof must both be in the package.");
      return null;
    }
    const wrong = (zh, en) => {
      report.say("time_stamp", "timestamp.checkpoint", AGAINST, zh, en);
      return null;
    };
    const other = parseNote(note);
    if (!other) return wrong("盖了时间戳的检查点读不懂。", "The stamped checkpoint cannot be read.");
    if (other.origin !== own.origin) return wrong(`时间戳盖的是另一个日志(${other.origin})的检查点;请勿采信。`, `The time stamp is over a checkpoint of another log (${other.origin}); do not rely on it.`);
    const hashes = parsePath(path);
    if (!hashes) return wrong("一致性证明格式不对。", "The consistency proof is malformed.");
    const [old, young] = other.size <= own.size ? [other, own] : [own, other];
    if (!isConsistent(old, young, hashes)) return wrong("盖了时间戳的检查点与本包的检查点不是同一个日志:日志可能被改写过。", "The stamped checkpoint and that of the package are not of one log: it may have been rewritten.");
    return { imprint: sha256(note), size: other.size };
  }
  /** A stamp whose own signature holds: who stamped, when, and which of the records it covers. */
  async function judgedStamp(report, { info, cert, pool }, size, places, roots) {
    const [zh, en] = stampWords(info, cert, size);
    const file = "timestamp.tsr";
    if (!roots) {
      report.say("time_stamp", file, OPEN, `${zh}没有给出时间戳机构的根证书,不知道是谁盖的;请在上面选择它。`, `${en} No root of the authority was given, so it is not known who stamped; choose it above.`);
      return;
    }
    let root;
    try {
      root = await toRoot(cert, pool, roots, Math.floor(info.at / 1000));
    } catch (error) {
      if (!(error instanceof StampFault)) throw error;
      report.say("time_authority", file, error.leaves ? OPEN : AGAINST, error.zh, error.en);
      report.say("time_stamp", file, OPEN, `${zh}但盖戳的机构没有得到您的根证书的证明。`, `${en} But your roots do not vouch for who stamped.`);
      return;
    }
    report.say("time_authority", file, PROVEN, `时间戳机构的证书链到达您信任的根证书 ${root},盖戳时都在有效期内(吊销与否无法离线得知)。`, `The authority's chain reaches ${root}, which you trust; all were valid then (revocation cannot be known offline).`);
    report.say("time_stamp", file, PROVEN, zh, en);
    const after = places.filter((place) => place >= size).length;
    if (after) report.say("time_stamp", file, OPEN, `其中 ${after} 条记录在盖戳之后才写入,时间戳管不到它们。`, `Records that were written after the stamp and are not covered by it: ${after}.`);
  }
  const clock = (ms) => new Date(ms).toISOString().slice(0, 19).replace("T", " ");
  function stampWords({ at, accuracy, policy, serial }, cert, size) {
    const off = accuracy === null ? ["误差未说明", "accuracy not stated"] : [`误差不超过 ${accuracy / 1e6} 秒`, `within ${accuracy / 1e6} s`];
    const who = nameText(cert.subject);
    return [
      `日志的前 ${size} 条记录在北京时间 ${clock(at + 8 * 3600000)} 就已存在(${off[0]});时间戳机构 ${who},策略 ${policy},编号 ${serial}。`,
      `The first ${size} records of the log existed at ${clock(at)} UTC (${off[1]}), says ${who} under policy ${policy}, serial ${serial}.`,
    ];
  }
