  // ---------------------------------------------------------------------------------------------------- proofs
  const children = (left, right) => sha256(join(Uint8Array.of(1), left, right));
  function parseProof(bytes) {
    const text = textOf(bytes);
    const found = text !== null && /^\{"index":(0|[1-9][0-9]{0,19}),"path":\[((?:"[0-9a-f]{64}"(?:,"[0-9a-f]{64}")*)?)\]\}$/.exec(text);
    if (!found || BigInt(found[1]) >= LIMIT.count) return null;
    const path = found[2] === "" ? [] : found[2].split(",").map((hash) => ofHex(hash.slice(1, -1)));
    return path.length > LIMIT.path ? null : { index: BigInt(found[1]), path };
  }
  /** The verification of RFC 9162 §2.1.3.2: null when `leaf` is leaf `index` of the tree, otherwise why not. */
  function notIncluded(leaf, { index, path }, size, root) {
    if (index >= size) return [`位置 ${index} 不在大小为 ${size} 的日志里。`, `Position ${index} lies outside a tree of ${size}.`];
    const wrong = [`证明含 ${path.length} 个摘要,与其位置所需的个数不符;证明已损坏。`, `The proof has ${path.length} hashes, which is not the number that its place needs; it was damaged.`];
    let [fn, sn, hash] = [index, size - 1n, ofHex(leaf)];
    for (const sibling of path) {
      if (sn === 0n) return wrong;
      if (fn & 1n || fn === sn) {
        hash = children(sibling, hash);
        while (!(fn & 1n) && fn !== 0n) { fn >>= 1n; sn >>= 1n; }
      } else {
        hash = children(hash, sibling);
      }
      fn >>= 1n;
      sn >>= 1n;
    }
    if (sn !== 0n) return wrong;
    return hexOf(hash) === root ? null : ["证明推出的根与检查点不同:内容、证明或检查点被改动过。", "The proof leads to another root: the content, the proof or the checkpoint was changed."];
  }
  /** Whether one tree is the beginning of the other (RFC 9162 §2.1.4.2). */
  function isConsistent(old, young, path) {
    if (old.size === 0n && old.root !== hexHash()) return false;
    if (old.size === 0n || old.size === young.size) return path.length === 0 && (old.size < young.size || old.root === young.root);
    let rest = path.map(ofHex);
    if ((old.size & (old.size - 1n)) === 0n) rest = [ofHex(old.root), ...rest];
    let [fn, sn] = [old.size - 1n, young.size - 1n];
    while (fn & 1n) { fn >>= 1n; sn >>= 1n; }
    const [first, ...more] = rest;
    if (!first) return false;
    let [fr, sr] = [first, first];
    for (const hash of more) {
      if (sn === 0n) return false;
      if (fn & 1n || fn === sn) {
        fr = children(hash, fr);
        sr = children(hash, sr);
        while (!(fn & 1n) && fn !== 0n) { fn >>= 1n; sn >>= 1n; }
      } else {
        sr = children(sr, hash);
      }
      fn >>= 1n;
      sn >>= 1n;
    }
    return sn === 0n && hexOf(fr) === old.root && hexOf(sr) === young.root;
  }
  const proofFor = (name) => name.replace(/^(records|withheld)\//, "proofs/");
  /** Checks that every record, shown or withheld, is in the tree, each at its own place. Returns the places. */
  function inclusions(report, layout, found, note) {
    const left = new Map(layout.proofs);
    const places = new Map();
    for (const record of found) {
      const name = proofFor(record.name);
      const bytes = left.get(name);
      left.delete(name);
      if (!bytes) {
        report.say("inclusion", record.name, OPEN, "这条记录没有证明,不能说明它在日志里。", "This record has no proof; nothing shows that it is in the log.");
        continue;
      }
      const proof = parseProof(bytes);
      if (!proof) {
        report.say("inclusion", name, AGAINST, "证明的格式不对。", "The proof does not have its form.");
        continue;
      }
      const wrong = notIncluded(record.leaf, proof, note.size, note.root);
      if (wrong) report.say("inclusion", record.name, AGAINST, ...wrong);
      places.set(`${record.stream} ${record.seq}`, { stream: record.stream, seq: record.seq, index: proof.index });
    }
    for (const name of left.keys()) report.say("inclusion", name, OPEN, "这份证明没有对应的记录。", "This proof has no record.");
    const all = [...places.values()];
    inOrder(report, all);
    if (found.length && !report.failed("inclusion")) report.say("inclusion", "", PROVEN, `记录 ${found.length} 条,每条都在检查点所指的日志里。`, `Records: ${found.length}, each in the log of the checkpoint.`);
    return all.map((place) => place.index);
  }
  function inOrder(report, places) {
    places.sort((a, b) => (a.stream === b.stream ? a.seq - b.seq : a.stream < b.stream ? -1 : 1));
    for (const [i, place] of places.entries()) {
      const before = places[i - 1];
      if (before?.stream === place.stream && place.index <= before.index) {
        report.say("inclusion", place.stream, AGAINST, `第 ${place.seq} 条在日志里排在它前一条之前。`, `Record ${place.seq} stands in the log before its predecessor.`);
      }
    }
  }
