// Records camera and microphone of this device: chunk after chunk, each hashed and kept here until the house has it, sent again after a
// lost connection. It shows nothing and decides nothing: what is on the page belongs to who uses it.

const hex = (bytes) => [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
const bytesOf = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

// WebM first; Safari knows only MP4.
const TYPES = ["video/webm;codecs=vp8,opus", "video/webm", "video/mp4"];
const CHUNK_MS = 1000;

// The house said no, in words for a person. Asking again would not help.
export class Refused extends Error {}

export const able = () => window.isSecureContext && !!window.crypto?.subtle && !!navigator.mediaDevices?.getUserMedia
  && !!window.MediaRecorder && TYPES.some((type) => MediaRecorder.isTypeSupported(type));

// The same chain as the house computes: a first link for recording, side and file, then SHA-256(link before ‖ SHA-256 of the chunk).
const chainHead = async ({ recording, side, take }, digests) => {
  let head = await sha256(new TextEncoder().encode(`mingbai/recording/v1\nrecording ${recording}\nside ${side}\ntake ${take}\n`));
  for (const digest of digests) {
    const both = new Uint8Array(64);
    both.set(head);
    both.set(bytesOf(digest), 32);
    head = await sha256(both);
  }
  return hex(head);
};

// What the house does not have yet lies in the browser's own database, so that a closed page or an empty battery costs nothing that was
// recorded. A private window may refuse it: then only this page's memory holds it.
export class Shelf {
  static async open() {
    const shelf = new Shelf();
    shelf.base = await new Promise((found) => {
      let asked;
      try { asked = indexedDB.open("mingbai-recording", 1); } catch { found(null); return; }
      asked.onupgradeneeded = () => { asked.result.createObjectStore("file"); asked.result.createObjectStore("chunk"); };
      asked.onsuccess = () => found(asked.result);
      asked.onerror = () => found(null);
      asked.onblocked = () => found(null);
    });
    return shelf;
  }

  #run(store, mode, what) {
    if (!this.base) return Promise.resolve(undefined);
    return new Promise((done) => {
      const work = this.base.transaction(store, mode);
      const asked = what(work.objectStore(store));
      work.oncomplete = () => done(asked?.result);
      // Full, or forbidden: what is in memory is still sent.
      work.onerror = work.onabort = () => done(undefined);
    });
  }

  keepFile(key, file) { return this.#run("file", "readwrite", (store) => store.put(file, key)); }
  keepChunk(key, index, chunk) { return this.#run("chunk", "readwrite", (store) => store.put(chunk, [...key, index])); }

  async files() {
    const keys = (await this.#run("file", "readonly", (store) => store.getAllKeys())) ?? [];
    const files = (await this.#run("file", "readonly", (store) => store.getAll())) ?? [];
    return keys.map((key, at) => ({ key, ...files[at] }));
  }

  async chunks(key) {
    const range = IDBKeyRange.bound([...key, 0], [...key, Infinity]);
    return (await this.#run("chunk", "readonly", (store) => store.getAll(range))) ?? [];
  }

  async forget(key) {
    const range = IDBKeyRange.bound([...key, 0], [...key, Infinity]);
    await this.#run("chunk", "readwrite", (store) => store.delete(range));
    await this.#run("file", "readwrite", (store) => store.delete(key));
  }
}

// The house's small answers, asked again until there is one. `told` hears "lost" and "back".
export class Line {
  constructor(base, csrf, recording, words, told) {
    Object.assign(this, { base, csrf, recording, words, told, lost: false });
  }

  #heard(lost) {
    if (lost !== this.lost) this.told(lost ? "lost" : "back");
    this.lost = lost;
  }

  async #once(path, request) {
    let answer;
    try { answer = await fetch(`${this.base}/${path}`, { ...request, headers: { accept: "application/json", ...request.headers } }); } catch { return null; }
    // Overload and a house that is just starting pass; a proxy in between answers for both.
    if (answer.status >= 500 || answer.status === 429) return null;
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw Object.assign(new Refused(said.message || this.words.failed), { status: answer.status });
    return said;
  }

  async ask(path, request) {
    for (let pause = 1000; ; pause = Math.min(pause * 2, 8000)) {
      const said = await this.#once(path, request);
      this.#heard(said === null);
      if (said !== null) return said;
      await Promise.race([wait(pause), new Promise((done) => window.addEventListener("online", done, { once: true }))]);
    }
  }

  form(path, fields) {
    const body = new URLSearchParams({ csrf: this.csrf, recording: this.recording, ...fields });
    return this.ask(path, { method: "POST", body });
  }

  chunk(path, bytes, digest) {
    const headers = { "content-type": "application/octet-stream", "x-csrf": this.csrf, "x-recording": this.recording, "x-sha256": digest };
    return this.ask(path, { method: "POST", body: bytes, headers });
  }
}

// One file: from a recorder, or what an earlier page left behind.
export class Film {
  constructor(line, shelf, side, take, heard = () => {}) {
    Object.assign(this, { line, shelf, side, take, heard, digests: [], waiting: new Map(), lengthMs: 0, media: "" });
    this.key = [line.recording, side, take];
    this.tail = Promise.resolve();
    this.marks = [];
  }

  static async left(line, shelf, file) {
    const film = new Film(line, shelf, file.key[1], file.key[2]);
    Object.assign(film, { media: file.media, lengthMs: file.lengthMs });
    for (const [index, chunk] of (await shelf.chunks(film.key)).entries()) {
      film.digests.push(chunk.sha256);
      if (chunk.bytes) film.waiting.set(index, chunk.bytes);
    }
    return film;
  }

  start(stream) {
    const type = TYPES.find((one) => MediaRecorder.isTypeSupported(one));
    this.recorder = new MediaRecorder(stream, { mimeType: type, videoBitsPerSecond: 500_000, audioBitsPerSecond: 48_000 });
    this.media = this.recorder.mimeType || type;
    this.recorder.ondataavailable = (event) => {
      this.lengthMs = Math.max(1, this.now());
      if (event.data.size > 0) this.tail = this.tail.then(() => this.#keep(event.data));
      this.tail = this.tail.then(() => this.marks.splice(0).forEach((mark) => mark()));
    };
    this.recorder.start(CHUNK_MS);
    this.began = performance.now();
  }

  now() { return Math.round(performance.now() - this.began); }

  async #keep(blob) {
    const bytes = await blob.arrayBuffer();
    const digest = hex(await sha256(bytes));
    const index = this.digests.push(digest) - 1;
    this.waiting.set(index, bytes);
    await this.shelf.keepFile(this.key, { media: this.media, lengthMs: this.lengthMs });
    await this.shelf.keepChunk(this.key, index, { sha256: digest, bytes });
    this.send().catch((error) => this.heard("broken", error));
    this.heard("chunk");
  }

  // The moment, and the chunk that it lies in; everything up to it is a chunk by then.
  async mark() {
    const at = this.now();
    if (this.recorder?.state === "recording") {
      const heard = new Promise((done) => this.marks.push(done));
      this.recorder.requestData();
      await heard;
    }
    return { at, chunk: Math.max(0, this.digests.length - 1) };
  }

  send() {
    this.sending ??= (async () => {
      try {
        while (this.waiting.size > 0) {
          const [index, bytes] = this.waiting.entries().next().value;
          await this.line.chunk(`${this.take}/${index}`, bytes, this.digests[index]);
          this.waiting.delete(index);
          await this.shelf.keepChunk(this.key, index, { sha256: this.digests[index], bytes: null });
          this.heard("sent");
        }
      } finally { this.sending = null; }
    })();
    return this.sending;
  }

  async stop() {
    if (this.recorder && this.recorder.state !== "inactive") {
      const stopped = new Promise((done) => { this.recorder.onstop = done; });
      this.recorder.stop();
      await stopped;
    }
    await this.tail;
  }

  // Whatever the house already has is not sent again; then the file is complete and this device forgets it.
  async close() {
    if (this.digests.length > 0) {
      const here = await this.line.ask(`${this.take}?recording=${this.line.recording}`, {});
      for (const index of here.chunks) this.waiting.delete(index);
      while (this.waiting.size > 0) await this.send();
      const head = await chainHead({ recording: this.line.recording, side: this.side, take: this.take }, this.digests);
      await this.line.form(`${this.take}/close`, { chunks: this.digests.length, length_ms: this.lengthMs, head, media: this.media });
    }
    await this.shelf.forget(this.key);
  }
}
