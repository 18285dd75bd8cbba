  // --------------------------------------------------------------------------------------------------- records
  const RECORD_KEYS = ["v", "id", "stream", "seq", "prev", "at", "actor", "kind", "terms", "body"];
  const CONTROL = /\p{Cc}/u;
  const isCount = (value) => typeof value === "bigint" && value >= 0n && value < 2n ** 64n;
  const isDigestOrNull = (value) => value === null || isHex(value, 64);
  const bytesIn = (text) => utf8.encode(text).length;

  /** Reads a record; the bytes are hashed as they lie in the file and are never written again. */
  function parseRecord(bytes) {
    const bad = (zh, en) => refuse(`这条记录的格式不对(${zh});可能已损坏,或由其他软件写成。`, `The record does not have its form (${en}); it was damaged or written by other software.`);
    if (bytes.length > LIMIT.record) bad("超过 65535 字节", "more than 65535 bytes");
    let map;
    try {
      map = parseObject(bytes);
    } catch (error) {
      if (error instanceof BadJson) bad(error.message, error.message);
      throw error;
    }
    const get = (key) => map.get(key);
    if (map.size !== RECORD_KEYS.length || RECORD_KEYS.some((key) => !map.has(key))) bad("字段不全或多余", "keys missing or unknown");
    const checks = {
      v: get("v") === 1n,
      id: typeof get("id") === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(get("id")),
      stream: typeof get("stream") === "string" && /^[a-z0-9/@._-]{1,120}$/.test(get("stream")),
      seq: isCount(get("seq")) && get("seq") <= LIMIT.count,
      prev: isDigestOrNull(get("prev")) && (get("prev") === null) === (get("seq") === 0n),
      at: isCount(get("at")) && get("at") <= LIMIT.at,
      actor: typeof get("actor") === "string" && bytesIn(get("actor")) >= 1 && bytesIn(get("actor")) <= 200 && !CONTROL.test(get("actor")),
      kind: typeof get("kind") === "string" && /^[A-Za-z0-9._/:-]{1,80}$/.test(get("kind")),
      terms: isDigestOrNull(get("terms")),
    };
    for (const [key, good] of Object.entries(checks)) if (!good) bad(`字段 ${key}`, `field ${key}`);
    return {
      id: get("id"), stream: get("stream"), seq: Number(get("seq")), prev: get("prev"), at: Number(get("at")), actor: get("actor"),
      kind: get("kind"), terms: get("terms"), body: get("body"), leaf: hexHash(Uint8Array.of(0), bytes),
    };
  }
  function readRecords(report, layout) {
    const found = [];
    const ids = new Set();
    for (const [name, bytes] of layout.records) {
      try {
        const record = parseRecord(bytes);
        if (ids.has(record.id)) report.say("records", name, AGAINST, "另一条记录用了同一个编号。", "Another record has the same id.");
        ids.add(record.id);
        found.push({ ...record, name });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        report.say("records", name, AGAINST, error.zh, error.en);
      }
    }
    report.facts.records = found.length;
    if (layout.records.size === 0) report.say("records", "", OPEN, "包里没有记录,什么也证明不了。", "There are no records; this proves nothing.");
    else if (!report.failed("records")) report.say("records", "", PROVEN, `记录 ${found.length} 条,格式都正确。`, `Records: ${found.length}, each well formed.`);
    return found;
  }
  /** A record of which only stream, place and leaf are shown; null when the file is not spelled in its one way. */
  function parseWithheld(bytes) {
    const found = /^\{"stream":"([a-z0-9/@._-]{1,120})","seq":(0|[1-9][0-9]{0,15}),"leaf":"([0-9a-f]{64})"\}$/.exec(textOf(bytes) ?? "");
    if (!found || BigInt(found[2]) > LIMIT.count) return null;
    return { stream: found[1], seq: Number(found[2]), leaf: found[3], hidden: true };
  }
  function readWithheld(report, layout) {
    const found = [];
    for (const [name, bytes] of layout.withheld) {
      const one = parseWithheld(bytes);
      if (one) found.push({ ...one, name });
      else report.say("withheld_record", name, AGAINST, "格式不对。", "It does not have its form.");
    }
    return found;
  }
  /** Shown and withheld records by stream, in the order of their numbers. */
  function byStream(found) {
    const streams = new Map();
    for (const record of found) streams.set(record.stream, [...(streams.get(record.stream) ?? []), record]);
    for (const records of streams.values()) records.sort((a, b) => a.seq - b.seq);
    return new Map([...streams].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  /** The first place where a stream is broken, in words, or null. A withheld record counts; what it names is not seen. */
  function brokenChain(records) {
    let latest = null;
    for (const [i, record] of records.entries()) {
      if (record.seq !== i) return [`应为第 ${i} 条,实为第 ${record.seq} 条:有记录缺失、重复或次序颠倒。`, `Record ${i} is expected and ${record.seq} is there: one is missing, repeated or out of order.`];
      if (record.hidden) continue;
      if (record.prev !== (i === 0 ? null : records[i - 1].leaf)) return [`第 ${i} 条记录所指的前一条与实际不符:其中一条被替换过。`, `Record ${i} does not name the record before it: one of the two was replaced.`];
      if (latest !== null && latest - record.at > LIMIT.clockBackMs) return [`第 ${i} 条记录的时间比前面早 ${latest - record.at} 毫秒,最多允许 60000:时钟曾经不准。`, `Record ${i} is dated ${latest - record.at} ms before an earlier record and 60000 are allowed: a clock was wrong.`];
      latest = Math.max(latest ?? record.at, record.at);
    }
    return null;
  }
  /** Judges every stream; returns the names of those that are unbroken. */
  function chains(report, streams) {
    const unbroken = new Set();
    for (const [stream, records] of streams) {
      report.facts.streams.push(stream);
      const broken = brokenChain(records);
      if (broken) {
        report.say("chain", stream, AGAINST, ...broken);
        continue;
      }
      unbroken.add(stream);
      const last = records.findLastIndex((record) => !record.hidden);
      const hidden = records.slice(0, last + 1).filter((record) => record.hidden).length;
      if (last < 0) report.say("chain", stream, OPEN, "这一流的记录全部没有公开,它们是否相接看不出来。", "Every record of this stream is withheld; whether they follow each other cannot be seen.");
      else if (hidden) report.say("chain", stream, PROVEN, `从第 0 条到第 ${last} 条没有缺失,其中 ${hidden} 条没有公开内容。`, `Records 0 to ${last} are all accounted for; withheld among them: ${hidden}.`);
      else report.say("chain", stream, PROVEN, `从第 0 条到第 ${last} 条环环相扣,没有缺失、替换或调换。`, `Records 0 to ${last} follow each other without gap, replacement or swap.`);
      records.forEach((record, i) => { if (record.hidden) sayWithheld(report, record, records[i + 1]); });
    }
    return unbroken;
  }
  function sayWithheld(report, record, next) {
    const [n, name] = [record.seq, record.name];
    if (next && !next.hidden) report.say("withheld_record", name, OPEN, `第 ${n} 条记录没有公开内容;它的位置是确定的:第 ${n + 1} 条写着它的叶子摘要。`, `Record ${n} is withheld; its place is certain: record ${n + 1} names its leaf.`);
    else report.say("withheld_record", name, OPEN, `第 ${n} 条记录没有公开内容;这个叶子在日志里,但它就是第 ${n} 条,只有本包的说法。`, `Record ${n} is withheld; its leaf is in the log, but that it is record ${n} is only the package's word.`);
  }
