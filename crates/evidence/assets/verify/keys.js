  // ---------------------------------------------------------------------------------------------- change of keys
  /** Keys that follow from pinned ones because the old key signed the new one in a record, and the new one agreed. */
  async function successors(pinned, found, own) {
    const introductions = [];
    for (const { stream, kind, body } of found) {
      if (stream !== "log/keys" || kind !== "log.key_introduced" || !(body instanceof Map) || body.size !== 4) continue;
      const [from, to, byOld, byNew] = ["from", "to", "by_old", "by_new"].map((key) => body.get(key));
      if (![from, to, byOld, byNew].every((text) => typeof text === "string")) continue;
      try {
        const keys = [parseKey(from), parseKey(to)];
        const said = utf8.encode(`mingbai/log-key/v1\n${from}\n${to}\n`);
        const holds = await ed25519(keys[0].key, said, ofBase64(byOld) ?? [], own) && await ed25519(keys[1].key, said, ofBase64(byNew) ?? [], own);
        if (holds && keys[0].name === keys[1].name) introductions.push(keys);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
      }
    }
    const reached = [];
    for (;;) {
      const knows = (key) => [...pinned, ...reached].some((known) => known.text === key.text);
      const next = introductions.find(([from, to]) => knows(from) && !knows(to));
      if (!next) return reached;
      reached.push(next[1]);
    }
  }

