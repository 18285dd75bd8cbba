  // ----------------------------------------------------------------------------------------------- the recording
  /** The recording as far as the records show it: one walk over the evidence for the terms on the table. */
  function walkRecording(valid) {
    let now = null;
    let ever = false;
    for (const e of valid) {
      const b = e.body;
      if (e.kind === "recording_begun") {
        if (e.actor === "consultant" && BigInt(e.at) < b.certificate.valid_until_ms) {
          now = { seq: e.seq, begun: b, lead: e.who, agreed: false, parts: new Map(), files: new Map(), stopped: null, ended: null };
        }
        continue;
      }
      if (now === null || b.recording !== now.begun.recording) continue;
      const hers = e.actor === "borrower";
      if (e.kind === "recording_agreed" && hers) ever = now.agreed = b.choice === "agreed";
      else if (now.agreed) stepOfRecording(now, e, hers);
    }
    return { now, ever };
  }
  const playedPart = (take, last, right) => ({ take, last, right, found: null, appealed: false, human: null });
  function stepOfRecording(now, e, hers) {
    const b = e.body;
    if (e.kind === "recording_node" && hers) {
      const node = now.begun.nodes.find((one) => one.id === b.node);
      if (!node || now.stopped !== null || b.start_ms < 0n || b.start_ms >= b.end_ms || b.first_chunk > b.last_chunk) return;
      const right = b.answer === node.expects;
      if (!right) now.stopped = b.node;
      now.ended = null;
      now.parts.set(b.node, playedPart(b.take, b.last_chunk, right));
    } else if (e.kind === "recording_take") {
      const leads = b.side === "consultant" && e.who === now.lead && now.begun.mode === "remote";
      const file = `${b.side}/${b.take}`;
      if (!(b.side === "borrower" && hers) && !leads) return;
      if (b.chunks === 0n || now.files.has(file)) return;
      now.files.set(file, b.chunks);
      if (b.side === "consultant") now.parts.set("consultant", playedPart(b.take, b.chunks - 1n, true));
    } else if (e.kind === "recording_explained" && e.actor === "consultant") {
      if (now.stopped === b.node) now.stopped = null;
    } else if (e.kind === "recording_ended" && hers) now.ended = e.seq;
    else judgeRecording(now, e, hers);
  }
  function judgeRecording(now, e, hers) {
    const b = e.body;
    if (e.kind === "recording_inspected" && e.actor === "system") {
      for (const found of b.nodes) {
        const one = now.parts.get(found.node);
        if (one?.take === found.take) Object.assign(one, { found: [e.seq, found.verdict], appealed: false, human: null });
      }
    } else if (e.kind === "recording_reviewed" && e.actor === "compliance") {
      for (const [node, decision] of Object.entries(b.nodes)) {
        const one = now.parts.get(node);
        if (one?.found && (one.found[1] !== "failed" || one.appealed)) one.human = [e.seq, decision];
      }
    } else if (e.kind === "recording_appealed" && (hers || e.actor === "consultant")) {
      const one = now.parts.get(b.node);
      if (one?.found?.[1] === "failed") one.appealed = true;
    }
  }
  /** What a recording about this table has to name. */
  const topicsOf = (t) => ["identity", "principal", "annual", "instalment", "late", "nothing_else", "wish", ...(t.early.length ? ["early"] : []), ...t.items.map((item) => `item.${item.key}`)];
  /** The place of the record that completed a recording, or null. */
  function recordingComplete(now, table) {
    const { begun, parts, files } = now;
    if (!now.agreed || now.stopped !== null || now.ended === null) return null;
    const ids = [...begun.nodes.map((node) => node.id), ...(begun.mode === "remote" ? ["consultant"] : [])];
    let latest = now.ended;
    for (const id of ids) {
      const one = parts.get(id);
      const chunks = one && files.get(`${id === "consultant" ? "consultant" : "borrower"}/${one.take}`);
      if (!one?.right || chunks === undefined || one.last >= chunks || one.found === null) return null;
      const fine = one.human ? one.human[1] === "accepted" : one.found[1] === "passed";
      if (!fine) return null;
      latest = Math.max(latest, (one.human ?? one.found)[0]);
    }
    const said = new Set(begun.nodes.flatMap((node) => node.covers));
    return topicsOf(table).every((topic) => said.has(topic)) ? latest : null;
  }
