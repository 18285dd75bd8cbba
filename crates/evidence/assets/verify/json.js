  // ------------------------------------------------------------------------------------------------------ JSON
  // A reader of its own: JSON.parse takes a key twice and rounds large numbers, so that two readers could see two documents in
  // the same bytes. Objects become Map, whole numbers BigInt, other numbers Fraction.
  class Fraction {
    constructor(value) { this.value = value; }
  }
  class BadJson extends Error {}
  function parseJson(text) {
    let at = 0;
    const bad = (why) => { throw new BadJson(`${why} at ${at}`); };
    const space = () => { while (at < text.length && " \t\n\r".includes(text[at])) at += 1; };
    const need = (token) => {
      if (!text.startsWith(token, at)) bad(`expected ${token}`);
      at += token.length;
    };
    function string() {
      need('"');
      let out = "";
      for (;;) {
        const from = at;
        while (at < text.length && text[at] !== '"' && text[at] !== "\\" && text[at] >= " ") at += 1;
        out += text.slice(from, at);
        if (at >= text.length || text[at] < " ") bad("unfinished text");
        if (text[at] === '"') { at += 1; return out; }
        out += escape();
      }
    }
    function unit() {
      const digits = text.slice(at + 2, at + 6);
      if (text[at] !== "\\" || text[at + 1] !== "u" || !/^[0-9a-fA-F]{4}$/.test(digits)) bad("escape");
      at += 6;
      return parseInt(digits, 16);
    }
    function escape() {
      const plain = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
      const mark = text[at + 1];
      if (mark !== "u") {
        if (!Object.hasOwn(plain, mark ?? "")) bad("escape");
        at += 2;
        return plain[mark];
      }
      const first = unit();
      if (first >= 0xdc00 && first <= 0xdfff) bad("half a character");
      if (first < 0xd800 || first > 0xdbff) return String.fromCharCode(first);
      const second = unit();
      if (second < 0xdc00 || second > 0xdfff) bad("half a character");
      return String.fromCharCode(first, second);
    }
    function number() {
      const found = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/.exec(text.slice(at, at + 400));
      if (!found) bad("number");
      at += found[0].length;
      const whole = !found[2] && !found[3] && found[0] !== "-0";
      const value = whole ? BigInt(found[0]) : 0n;
      if (whole && value >= -(2n ** 63n) && value < 2n ** 64n) return value;
      if (!Number.isFinite(Number(found[0]))) bad("number out of range");
      return new Fraction(Number(found[0]));
    }
    function object(depth) {
      const out = new Map();
      need("{");
      space();
      if (text[at] === "}") { at += 1; return out; }
      for (;;) {
        space();
        const key = string();
        if (out.has(key)) bad(`the key ${JSON.stringify(key)} occurs twice`);
        space();
        need(":");
        out.set(key, value(depth + 1));
        space();
        if (text[at] === "}") { at += 1; return out; }
        need(",");
      }
    }
    function array(depth) {
      const out = [];
      need("[");
      space();
      if (text[at] === "]") { at += 1; return out; }
      for (;;) {
        out.push(value(depth + 1));
        space();
        if (text[at] === "]") { at += 1; return out; }
        need(",");
      }
    }
    function value(depth) {
      space();
      if (depth > LIMIT.depth + 1) bad("nested too deep");
      switch (text[at]) {
        case "{": if (depth > LIMIT.depth) bad("nested too deep"); return object(depth);
        case "[": if (depth > LIMIT.depth) bad("nested too deep"); return array(depth);
        case '"': return string();
        case "t": need("true"); return true;
        case "f": need("false"); return false;
        case "n": need("null"); return null;
        default: return number();
      }
    }
    const whole = value(1);
    space();
    if (at !== text.length) bad("something follows");
    return whole;
  }
  /** One object with nothing around it, or a BadJson. */
  function parseObject(bytes) {
    const text = textOf(bytes);
    if (text === null) throw new BadJson("not UTF-8");
    if (!text.startsWith("{") || !text.endsWith("}")) throw new BadJson("not one JSON object");
    return parseJson(text);
  }
  /** A text as it is spelled in JSON by the writer of a package. */
  const spelled = (text) => JSON.stringify(text);
