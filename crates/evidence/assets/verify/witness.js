  // ------------------------------------------------------------------------------------------------------ witnesses
  /** Judges the cosignatures (C2SP cosignature/v1) of the witnesses that the reader named. Silent when none was named. */
  async function witnessed(report, note, keys, own) {
    for (const key of keys) {
      let at = null;
      let bad = false;
      for (const line of note.signatures.filter((one) => claims(one, key))) {
        const time = line.signature.length === 72 ? big(line.signature.slice(0, 8)) : null;
        const said = utf8.encode(`cosignature/v1\ntime ${time}\n${note.body}`);
        if (time === null || !await ed25519(key.key, said, line.signature.slice(8), own)) bad = true;
        else at ??= time;
      }
      if (bad) report.say("witness", key.name, AGAINST, ...signatureWords({ bad: key.name }));
      else if (at === null) report.say("witness", key.name, OPEN, "您给出的见证方没有联署这个检查点;请过一会儿重新索取文件,见证方可能刚才连不上。", "The witness that you named did not cosign this checkpoint; ask for the file again later, it may have been out of reach.");
      else report.say("witness", key.name, PROVEN, ...witnessWords(key.name, at));
    }
  }
  function witnessWords(name, at) {
    const known = at < 253402300800n;
    const [beijing, utc] = known ? [clock(Number(at) * 1000 + 8 * 3600000), clock(Number(at) * 1000)] : [`${at}`, `${at}`];
    return [
      `见证方 ${name} 于北京时间 ${beijing} 联署:它此前见过的记录都还在这个日志里,没有被改写。`,
      `Cosigned by ${name} at ${utc} UTC: all that it saw of the log before is still in it, unchanged.`,
    ];
  }
