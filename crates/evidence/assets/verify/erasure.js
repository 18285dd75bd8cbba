  // ------------------------------------------------------------------------------------------------------- erasures
  // A decision of compliance in the stream `privacy/<person>` that her data is destroyed, with its legal basis (个人信息保护法 第四十七条).
  const ERASED_ON = {
    purpose_over: ["第(一)项:处理目的已实现或不再必要", "1: the purpose is over"],
    period_over: ["第(二)项:保存期限已届满", "2: the period of keeping is over"],
    consent_withdrawn: ["第(三)项:个人撤回同意", "3: she withdrew her consent"],
    unlawful: ["第(四)项:违反规定或约定处理", "4: it was handled unlawfully"],
    other_law: ["第(五)项:法律、行政法规规定的其他情形", "5: another law says so"],
  };
  /** What a stream is about: the part of its name after the room. */
  const personOf = (stream) => stream.slice(stream.indexOf("/") + 1);
  /** The first erasure of each `privacy/` stream. */
  function erasuresIn(found) {
    const out = [];
    for (const { stream, seq, kind, actor, body } of found) {
      const by = /^staff:[a-z0-9._-]{1,40}:compliance$/.test(actor);
      const form = body instanceof Map && body.size === 3 && Object.hasOwn(ERASED_ON, body.get("basis")) && typeof body.get("note") === "string";
      const documents = form ? body.get("documents") : null;
      if (!stream.startsWith("privacy/") || kind !== "erased" || !by || !Array.isArray(documents) || !documents.every((one) => isHex(one, 64))) continue;
      const earlier = out.find((one) => one.stream === stream);
      if (!earlier) out.push({ stream, seq, person: personOf(stream), basis: body.get("basis"), documents });
      else if (earlier.seq > seq) Object.assign(earlier, { seq, basis: body.get("basis"), documents });
    }
    return out;
  }
  function sayErased(report, subject, what, { stream, seq, basis }) {
    const [zh, en] = ERASED_ON[basis];
    report.say("erased", subject, PROVEN, `${what}:已依法删除(个人信息保护法第四十七条${zh};依据是 ${stream} 的第 ${seq} 条记录);证明不受影响。`, `${what}: erased on the legal basis of the Personal Information Protection Law, article 47 item ${en} (record ${seq} of ${stream}); the proof stands.`);
  }
