  // ------------------------------------------------------------------------------------------------ ends of streams
  // The closing statement: up to the checkpoint, each stream has exactly so many records, the last with this leaf, and goes on or
  // has ended. Signed by the log: if a record is found all the same, the log's own signature convicts it.
  const STREAMS_START = "mingbai/streams/v1";

  /** The statement of a note, or null when it is none. */
  function parseStreams(bytes) {
    const note = parseSigned(bytes);
    const lines = note?.body.slice(0, -1).split("\n") ?? [];
    const [start, origin, size, root, ...rows] = lines;
    if (start !== STREAMS_START || rows.length < 1 || !nameIsValid(origin)) return null;
    const place = placeOf(size, root);
    const streams = new Map();
    let before = "";
    for (const row of rows) {
      const found = /^([a-z0-9/@._-]{1,120}) ([1-9][0-9]{0,15}) ([0-9a-f]{64}) (open|ended)$/.exec(row);
      if (!found || BigInt(found[2]) > LIMIT.count || found[1] <= before) return null;
      before = found[1];
      streams.set(found[1], { length: Number(found[2]), head: found[3], ended: found[4] === "ended" });
    }
    return place && { ...note, origin, ...place, streams };
  }
  /** Judges the statement as a whole; returns its rows when they can be held against the records. */
  async function statedStreams(report, layout, note, own) {
    const bytes = layout.single.get("streams");
    if (!bytes) return null;
    const fail = (verdict, zh, en) => {
      report.say("stream_end", "streams", verdict, zh, en);
      return null;
    };
    const stated = parseStreams(bytes);
    if (!stated) return fail(AGAINST, "这不是关于各流长度的声明;可能已损坏。", "This is not a statement of the streams' lengths; it was damaged.");
    if (!note) return fail(OPEN, "没有可读的检查点,声明无从对照。", "There is no readable checkpoint to compare the statement with.");
    if (stated.origin !== note.origin || stated.size !== note.size || stated.root !== note.root) return fail(AGAINST, "声明说的是另一个检查点;请勿采信。", "The statement is about another checkpoint; do not rely on it.");
    const signed = await signersOf(stated, note.signers, own);
    if (signed.bad !== undefined) return fail(AGAINST, ...signatureWords(signed));
    if (!signed.signers.length) return fail(OPEN, "声明不是由检查点的签名者签的,不作数。", "The statement is not signed by who signed the checkpoint; it does not count.");
    return stated;
  }
  /** Says for every stream whether it is complete up to the checkpoint. */
  async function streamEnds(report, layout, note, streams, unbroken, own) {
    const stated = await statedStreams(report, layout, note, own);
    for (const [stream, records] of streams) {
      const last = records.length - 1;
      const row = stated?.streams.get(stream);
      if (!unbroken.has(stream)) continue;
      if (!row) report.say("stream_end", stream, OPEN, `第 ${last} 条之后是否还有记录,仅凭本文件看不出来。`, `Whether more records followed number ${last} cannot be seen from this file.`);
      else if (row.length !== records.length) report.say("stream_end", stream, AGAINST, `日志签名声明此流有 ${row.length} 条,这里有 ${records.length} 条:不完整或被添加过。`, `The log states under its signature that this stream has ${row.length} records, and here are ${records.length}: some are missing or were added.`);
      else if (row.head !== records[last].leaf) report.say("stream_end", stream, AGAINST, "最后一条记录不是日志签名声明的那一条。", "The last record is not the one that the log states under its signature.");
      else if (row.ended) report.say("stream_end", stream, PROVEN, `此流已经结束,共 ${row.length} 条:截至第 ${stated.size} 条记录的检查点,日志签名声明其后没有别的。`, `The stream has ended with ${row.length} records: the log states under its signature that nothing came after, up to the checkpoint of ${stated.size} records.`);
      else report.say("stream_end", stream, PROVEN, `此流还在继续;截至第 ${stated.size} 条记录的检查点完整,共 ${row.length} 条。`, `The stream is still open; it is complete up to the checkpoint of ${stated.size} records, with ${row.length}.`);
    }
    for (const stream of stated?.streams.keys() ?? []) {
      if (!streams.has(stream)) report.say("stream_end", stream, AGAINST, "日志签名声明有这一流,而包里一条也没有。", "The log states this stream under its signature, and the package holds none of it.");
    }
  }
