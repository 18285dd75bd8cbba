// Signs the contract on this device. The key is made here, used once and let go; it cannot be read out, not even by this page.
// What is signed is checked here, against the bytes that she was shown: the server prepares, this page decides.
"use strict";

(() => {
  const form = document.querySelector("form[data-sign]");
  if (!form) return;
  const words = form.dataset;
  const told = document.getElementById("sign-told");
  const button = form.querySelector("button[type=submit]");
  const bytesOf = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const textOf = (bytes) => {
    let text = "";
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return btoa(text);
  };
  const hex = (bytes) => [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const same = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);
  const join = (...parts) => {
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) { all.set(part, at); at += part.length; }
    return all;
  };

  // DER (X.690): tag, length, content.
  const der = (tag, ...content) => {
    const body = join(...content);
    const length = body.length < 128 ? [body.length]
      : body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255];
    return join(Uint8Array.of(tag, ...length), body);
  };
  const seq = (...content) => der(0x30, ...content);
  const set = (...content) => der(0x31, ...content);
  const oid = (...bytes) => der(0x06, Uint8Array.of(...bytes));
  const integer = (bytes) => {
    let from = 0;
    while (from < bytes.length - 1 && bytes[from] === 0) from++;
    const short = bytes.subarray(from);
    return der(0x02, short[0] & 0x80 ? join(Uint8Array.of(0), short) : short);
  };
  const ECDSA = oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02);
  const CONTENT_TYPE = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03);
  const MESSAGE_DIGEST = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04);
  const CERTIFICATE = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02, 0x2f);
  const DATA = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01);

  // PKCS#10 (RFC 2986) without a name: the certificate says the name that was identified, not one that is asked for.
  const requestFor = async (pair) => {
    const info = seq(integer(Uint8Array.of(0)), seq(), new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey)),
      der(0xa0));
    const raw = await signed(pair, info);
    const signature = seq(integer(raw.subarray(0, 32)), integer(raw.subarray(32)));
    return seq(info, seq(ECDSA), der(0x03, Uint8Array.of(0), signature));
  };
  const signed = async (pair, bytes) =>
    new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, pair.privateKey, bytes));

  // The signed attributes of CMS (RFC 5652) with the certificate's hash (RFC 5035), in the order that DER asks of a set.
  const attributesFor = (digest, certificateHash) => set(
    seq(CONTENT_TYPE, set(DATA)),
    seq(MESSAGE_DIGEST, set(der(0x04, digest))),
    seq(CERTIFICATE, set(seq(seq(seq(der(0x04, certificateHash)))))),
  );

  class Told extends Error {}
  const say = (text, kind) => { told.textContent = text; told.className = `note ${kind}`; told.hidden = false; };

  const send = async (page, fields) => {
    const body = new URLSearchParams({ csrf: form.elements.csrf.value, challenge: words.challenge, ...fields });
    const answer = await fetch(`${words.base}/${page}`, { method: "POST", body, headers: { accept: "application/json" } });
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Told(said.message || words.failed);
    return said;
  };

  // The contract as it was shown. Its fingerprint is computed here and stands on the page for comparing with telephone and paper.
  const contract = (async () => {
    const answer = await fetch(words.contract);
    if (!answer.ok) throw new Told(words.failed);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (hex(await sha256(bytes)) !== words.document) throw new Told(words.differs);
    return bytes;
  })();
  contract.then(() => say(words.checked, ""), (error) => say(error instanceof Told ? error.message : words.failed, "alarm"));

  const canvas = document.getElementById("pad");
  const pad = new SignaturePad(canvas, { minWidth: 0.8, maxWidth: 2.4, throttle: 0, minDistance: 1 });
  const fit = () => {
    const before = pad.toData();
    const ratio = Math.max(window.devicePixelRatio || 1, 1);
    canvas.width = canvas.offsetWidth * ratio;
    canvas.height = canvas.offsetHeight * ratio;
    canvas.getContext("2d").scale(ratio, ratio);
    pad.fromData(before);
  };
  fit();
  window.addEventListener("resize", fit);
  document.getElementById("pad-clear").addEventListener("click", () => pad.clear());

  // The raw points as the device gave them; only the unit changes: hundredths of a pixel, thousandths of the pressure.
  const ink = () => {
    const groups = pad.toData().map((group) => group.points).filter((points) => points.length > 0);
    if (groups.length === 0) return null;
    const start = groups[0][0].time;
    const inside = (value, most) => Math.round(Math.min(Math.max(value, 0), most) * 100);
    const [width, height] = [canvas.offsetWidth, canvas.offsetHeight];
    const strokes = groups.map((points) => points.map((p) => ({
      x: inside(p.x, width), y: inside(p.y, height), t: Math.max(0, Math.round(p.time - start)),
      p: p.pressure > 0 && p.pressure <= 1 ? Math.round(p.pressure * 1000) : 500,
    })));
    return { width_cpx: Math.round(width * 100), height_cpx: Math.round(height * 100), strokes };
  };

  // The waiting file must begin with the contract, byte for byte, and have nothing but one gap.
  const checkedDigest = async (shown, file, gap, certificate, attributes) => {
    const begins = file.length > shown.length && same(file.subarray(0, shown.length), shown);
    const fits = gap[0] >= shown.length && gap[1] > gap[0] && gap[1] <= file.length;
    if (!begins || !fits) return null;
    const digest = await sha256(join(file.subarray(0, gap[0]), file.subarray(gap[1])));
    const own = attributesFor(digest, await sha256(certificate));
    return same(own, attributes) ? own : null;
  };

  const sign = async () => {
    const shown = await contract;
    const written = ink();
    const without = form.elements.no_ink.checked;
    if (!written && !without) throw new Told(words.write);
    say(words.working, "");
    if (!words.approved) {
      await send("sign/digits", { code: form.elements.code.value });
      words.approved = "yes";
      form.elements.code.disabled = true;
    }
    let pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
    const fields = { request: textOf(await requestFor(pair)) };
    if (written && !without) fields.ink = JSON.stringify(written);
    const given = await send("sign/key", fields);
    const [file, certificate, attributes] = [given.file, given.certificate, given.attributes].map(bytesOf);
    const checked = await checkedDigest(shown, file, given.gap, certificate, attributes);
    if (!checked) {
      pair = null;
      await send("sign/trouble", { trouble: "document_differs" });
      throw new Told(words.differs);
    }
    const signature = textOf(await signed(pair, checked));
    pair = null;
    await send("sign/signature", { signature });
    await send("sign/dropped", { certificate: hex(await sha256(certificate)) });
    location.assign(words.next);
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      await sign();
    } catch (error) {
      say(error instanceof Told ? error.message : words.failed, "alarm");
      told.focus();
      button.disabled = false;
    }
  });
  form.hidden = false;
})();
