  // ------------------------------------------------------------------------------------------------------- DER
  // ASN.1 as it lies in the file: elements are cut out, never written again, because signatures are over the bytes that were sent.
  // Strict: definite lengths in their shortest form, one-byte tags, nothing behind the last element.

  /** Why a time stamp is not believed; `leaves` = it only leaves open who stamped and does not speak against the stamp. */
  class StampFault extends Refused {
    constructor(zh, en, leaves = false) {
      super(zh, en);
      this.leaves = leaves;
    }
  }
  const stampFails = (zh, en) => { throw new StampFault(zh, en); };
  const stampOpen = (zh, en) => { throw new StampFault(zh, en, true); };
  const malformed = (what) => stampFails(`时间戳的 ${what} 读不懂;可能已损坏,或是别的文件,请重新索取。`, `${what} of the time stamp cannot be read; it was damaged or is another file, ask for it again.`);
  const unsupported = (what) => stampOpen(`本页不会验证 ${what};请用 openssl ts -verify 核对。`, `This page cannot check ${what}; check it with openssl ts -verify.`);

  const TAG = { bool: 0x01, int: 0x02, bits: 0x03, octets: 0x04, nil: 0x05, oid: 0x06, utcTime: 0x17, time: 0x18, seq: 0x30, set: 0x31 };
  // Universal tags that DER knows, each with its one form (strings are primitive, sets and sequences are not).
  const UNIVERSAL = new Set([0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x09, 0x0a, 0x0c, 0x0d, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x1a, 0x1b, 0x1e, 0x30, 0x31]);
  const PARTS_LIMIT = 64;
  /** All elements of `bytes`, with nothing between or behind them. */
  function elements(bytes, what) {
    const found = [];
    let at = 0;
    while (at < bytes.length) {
      if (found.length === PARTS_LIMIT || (bytes[at] & 0x1f) === 0x1f || at + 2 > bytes.length) malformed(what);
      if (bytes[at] < 0x40 && !UNIVERSAL.has(bytes[at])) malformed(what);
      let length = bytes[at + 1];
      let start = at + 2;
      if (length >= 0x80) {
        const more = length - 0x80;
        if (more < 1 || more > 4 || start + more > bytes.length || bytes[start] === 0) malformed(what);
        length = bytes.subarray(start, start + more).reduce((sum, byte) => sum * 256 + byte, 0);
        if (length < 0x80) malformed(what);
        start += more;
      }
      if (start + length > bytes.length) malformed(what);
      found.push({ tag: bytes[at], raw: bytes.subarray(at, start + length), value: bytes.subarray(start, start + length) });
      at = start + length;
    }
    return found;
  }
  function one(bytes, what) {
    const found = elements(bytes, what);
    return found.length === 1 ? found[0] : malformed(what);
  }
  /** The elements inside `element`, when it has the tag. */
  const inside = (element, tag, what) => (element?.tag === tag ? elements(element.value, what) : malformed(what));
  /** The first element, if it has this tag, and the rest. */
  const optional = (parts, tag) => (parts[0]?.tag === tag ? [parts[0], parts.slice(1)] : [null, parts]);
  /** Content of an integer in its one form. */
  function integer(element, what) {
    const v = element?.value;
    if (element?.tag !== TAG.int || v.length === 0) malformed(what);
    if (v.length > 1 && ((v[0] === 0 && v[1] < 0x80) || (v[0] === 0xff && v[1] >= 0x80))) malformed(what);
    return v;
  }
  /** Content of an integer that is not negative, without leading zeros. */
  function unsigned(element, what) {
    const v = integer(element, what);
    if (v[0] >= 0x80) malformed(what);
    return v.length > 1 && v[0] === 0 ? v.subarray(1) : v;
  }
  const small = (element, what) => {
    const v = unsigned(element, what);
    return v.length === 1 ? v[0] : malformed(what);
  };
  function boolean(element, what) {
    const v = element.value;
    return v.length === 1 && (v[0] === 0 || v[0] === 0xff) ? v[0] === 0xff : malformed(what);
  }
  /** An object identifier as its dotted text. */
  function oidOf(element, what) {
    const v = element?.value;
    if (element?.tag !== TAG.oid || v.length === 0 || v.length > 39 || v[0] > 119 || v.at(-1) >= 0x80) malformed(what);
    const arcs = [];
    let arc = 0;
    let fresh = true;
    // One that is not in its shortest form is no known one, whatever its numbers are.
    let odd = "";
    for (const byte of v) {
      if (fresh && byte === 0x80) odd = "?";
      arc = arc * 128 + (byte & 0x7f);
      if (arc > 0xffffffff) malformed(what);
      fresh = byte < 0x80;
      if (fresh) {
        arcs.push(arc);
        arc = 0;
      }
    }
    const first = Math.min(2, Math.floor(arcs[0] / 40));
    return [first, arcs[0] - 40 * first, ...arcs.slice(1)].join(".") + odd;
  }
  /** A bit string: its bytes, or null when bits are left over. */
  function wholeBits(element, what) {
    const v = element?.value;
    if (element?.tag !== TAG.bits || v.length < 1 || v[0] > 7 || (v.length === 1 && v[0] > 0)) malformed(what);
    return v[0] === 0 ? v.subarray(1) : null;
  }
  /** `[oid, parameters]` of an algorithm identifier. */
  function algorithm(element, what) {
    const parts = inside(element, TAG.seq, what);
    return parts.length === 1 || parts.length === 2 ? [oidOf(parts[0], what), parts[1] ?? null] : malformed(what);
  }
  const bare = ([, parameters], what) => { if (parameters && (parameters.tag !== TAG.nil || parameters.value.length)) malformed(what); };
  /** Seconds since 1970 of a UTCTime or GeneralizedTime of a certificate. */
  function certificateTime(element, what) {
    const text = String.fromCharCode(...(element?.value ?? []));
    const short = element?.tag === TAG.utcTime && /^\d{12}Z$/.test(text);
    if (!short && !(element?.tag === TAG.time && /^\d{14}Z$/.test(text))) malformed(what);
    const digits = short ? (text < "50" ? "20" : "19") + text : text;
    return dateSeconds(digits.slice(0, 14)) ?? malformed(what);
  }
  /** Seconds since 1970 of `YYYYMMDDhhmmss`, or null when there is no such moment. */
  function dateSeconds(digits) {
    const iso = digits.replace(/^(....)(..)(..)(..)(..)(..)$/, "$1-$2-$3T$4:$5:$6Z");
    const at = new Date(iso).getTime();
    return Number.isNaN(at) || at < 0 || new Date(at).toISOString().slice(0, 19) + "Z" !== iso ? null : at / 1000;
  }
