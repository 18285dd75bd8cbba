"use strict";
(() => {
  // ---------------------------------------------------------------------------------------------------- limits
  // A package comes from a stranger. Every count and size has an end, and the end is checked before memory is taken.
  const LIMIT = {
    packageBytes: 2 ** 29, files: 60000, fileBytes: 2 ** 29, totalBytes: 2 ** 30, name: 200,
    record: 65535, depth: 127, note: 16384, signatures: 16, path: 54, count: 2n ** 53n - 1n,
    at: 253402300799999n, label: 200, clockBackMs: 60000,
  };
  // SHA-256 of the standard README of this version: nothing vouches for another text.
  const README_SHA256 = "6121b1790b71faedbbadb56b69d6ca9b64e32f76a591e4c5b71c326493bdccae";

  /** Something that this page will not take, said in both languages. */
  class Refused extends Error {
    constructor(zh, en) {
      super(en);
      this.zh = zh;
      this.en = en;
    }
  }
  const refuse = (zh, en) => { throw new Refused(zh, en); };

  // ----------------------------------------------------------------------------------------------------- bytes
  const utf8 = new TextEncoder();
  /** Text of bytes that are UTF-8 to the last byte, otherwise null. A byte order mark is not swallowed. */
  function textOf(bytes) {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return null;
    }
  }
  const hexOf = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  const isHex = (text, digits) => typeof text === "string" && text.length === digits && /^[0-9a-f]*$/.test(text);
  const ofHex = (hex) => Uint8Array.from({ length: hex.length / 2 }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16));
  const same = (a, b) => a.length === b.length && a.every((value, at) => value === b[at]);
  function join(...parts) {
    const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }
  /** Base64 with padding, in its one spelling; anything else is null. */
  function ofBase64(text) {
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return null;
    let raw;
    try {
      raw = atob(text);
    } catch {
      return null;
    }
    return btoa(raw) === text ? Uint8Array.from(raw, (c) => c.charCodeAt(0)) : null;
  }
