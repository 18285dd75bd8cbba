// The borrower's page of a recording: opens the camera, writes time and case number into the picture, reads part after part aloud, takes
// her answers, and hands everything over. What counts is decided by the house; this page only shows what it says.
import { Film, Line, Refused, Shelf, able } from "./film.js";

const poll = document.querySelector("[data-poll]");
const room = document.querySelector("[data-record]");

// While she waits for a consultant, the page looks whether it may go on.
if (poll) {
  setInterval(async () => {
    try {
      const answer = await fetch(poll.dataset.poll, { headers: { accept: "application/json" } });
      if (answer.ok && !(await answer.json()).stopped) location.reload();
    } catch { /* No connection: the link on the page does the same later. */ }
  }, 4000);
}

const part = (name) => document.getElementById(`record-${name}`);

// The picture as it is recorded, with a bar that says when and which case. The clock is the house's, not this device's.
class Picture {
  static async of(camera, canvas, now, label) {
    const picture = new Picture();
    const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true, srcObject: camera });
    await video.play();
    if (video.videoWidth > 0) [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    const pen = canvas.getContext("2d");
    const size = Math.max(16, Math.round(canvas.height / 22));
    const draw = () => {
      pen.drawImage(video, 0, 0, canvas.width, canvas.height);
      const at = new Date(now() + 8 * 3_600_000).toISOString();
      pen.fillStyle = "black";
      pen.fillRect(0, canvas.height - size * 1.6, canvas.width, size * 1.6);
      pen.fillStyle = "white";
      pen.font = `${size}px monospace`;
      pen.fillText(`${at.slice(0, 10)} ${at.slice(11, 19)}  ${label}`, size / 2, canvas.height - size * 0.5, canvas.width - size);
    };
    draw();
    picture.timer = setInterval(draw, 66);
    picture.stream = canvas.captureStream(15);
    camera.getAudioTracks().forEach((track) => picture.stream.addTrack(track));
    return picture;
  }

  end() { clearInterval(this.timer); }
}

// Reads aloud with a voice of this device in the page's language. `false` = there is none, or it failed.
class Voice {
  static async find(lang) {
    const voice = new Voice();
    const own = window.speechSynthesis;
    if (!own || !window.SpeechSynthesisUtterance) return voice;
    const fitting = () => own.getVoices().find((one) => one.lang.replace("_", "-").toLowerCase().startsWith(lang.slice(0, 2)));
    if (!fitting()) await new Promise((done) => { own.addEventListener("voiceschanged", done, { once: true }); setTimeout(done, 1000); });
    voice.own = fitting();
    return voice;
  }

  read(text) {
    if (!this.own) return Promise.resolve(false);
    speechSynthesis.cancel();
    return new Promise((done) => {
      const said = Object.assign(new SpeechSynthesisUtterance(text), { voice: this.own, lang: this.own.lang, rate: 0.9 });
      said.onend = () => done(true);
      said.onerror = () => done(false);
      // Some engines never say that they are done.
      setTimeout(() => done(true), 5000 + text.length * 500);
      speechSynthesis.speak(said);
    });
  }
}

class Room {
  constructor() {
    this.words = room.dataset;
    const loaded = performance.now();
    this.now = () => Number(this.words.now) + performance.now() - loaded;
    this.parts = [...document.querySelectorAll("[data-node]")];
    this.line = new Line(this.words.base, this.words.csrf, this.words.recording, this.words, (state) => this.net(state));
    this.plays = Promise.resolve();
    this.queue = [];
  }

  net(state) {
    const told = part("net");
    told.hidden = false;
    told.textContent = this.words[state];
  }

  say(text) {
    const trouble = part("trouble");
    trouble.textContent = text;
    trouble.hidden = false;
    trouble.focus();
  }

  mark(item, state) {
    const label = item.querySelector("[data-label]");
    label.textContent = this.words[state];
    label.className = `state ${state === "kept" ? "done" : "todo"}`;
    item.dataset.state = state;
  }

  // What an earlier page could not send. Whatever cannot be saved any more is recorded again.
  async recover() {
    this.shelf = await Shelf.open();
    let saved = 0;
    for (const file of await this.shelf.files()) {
      const [recording, side] = file.key;
      if (recording !== this.words.recording || side !== "borrower") {
        await this.shelf.forget(file.key);
        continue;
      }
      part("net").hidden = false;
      part("net").textContent = this.words.recover;
      part("film").hidden = false;
      try {
        await (await Film.left(this.line, this.shelf, file)).close();
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        await this.shelf.forget(file.key);
      }
      saved += 1;
    }
    if (saved > 0) location.reload();
    return saved === 0;
  }

  async open() {
    if (!able()) {
      this.say(this.words.unable);
      part("start").disabled = true;
      room.hidden = false;
      return;
    }
    if (!(await this.recover())) return;
    // A part whose file never arrived and is not on this device either is played again.
    for (const item of this.parts) if (!["todo", "kept"].includes(item.dataset.state)) this.mark(item, "todo");
    part("start").addEventListener("click", () => this.guard(() => this.begin()));
    part("pause").addEventListener("click", () => this.guard(() => this.leave()));
    part("finish").addEventListener("click", () => this.guard(() => this.finish()));
    part("hear").addEventListener("click", () => this.guard(() => this.read(part("text").textContent)));
    for (const item of this.parts) item.querySelector("[data-redo]").addEventListener("click", () => this.again(item));
    if (this.parts.every((item) => item.dataset.state === "kept")) {
      // Everything is there; only the word that it is all is missing.
      part("before").hidden = true;
      part("film").hidden = false;
      part("picture").hidden = part("part").hidden = part("pause").hidden = true;
      part("done").hidden = false;
    }
    room.hidden = false;
  }

  async guard(work) {
    try { await work(); } catch (error) {
      this.end();
      part("film").hidden = true;
      this.say(error instanceof Refused ? error.message : this.words.failed);
    }
  }

  end() {
    window.speechSynthesis?.cancel();
    this.picture?.end();
    this.camera?.getTracks().forEach((track) => track.stop());
    window.onbeforeunload = null;
  }

  async begin() {
    const trouble = part("trouble");
    trouble.hidden = true;
    part("start").disabled = true;
    try {
      // The read-out voice comes out of this device's own speaker and has to be heard in the recording, so no echo is taken away.
      const sound = { echoCancellation: false, noiseSuppression: false, autoGainControl: true };
      this.camera = await navigator.mediaDevices.getUserMedia({ audio: sound, video: { width: 640, height: 480, facingMode: "user" } });
      this.picture = await Picture.of(this.camera, part("picture"), this.now, this.words.case);
    } catch {
      this.end();
      part("start").disabled = false;
      this.say(this.words.noCamera);
      return;
    }
    this.voice = await Voice.find(document.documentElement.lang);
    this.film = new Film(this.line, this.shelf, "borrower", Number(this.words.take), (what, error) => this.heard(what, error));
    this.film.start(this.picture.stream);
    this.camera.getTracks().forEach((track) => { track.onended = () => this.guard(() => this.leave()); });
    window.onbeforeunload = (event) => event.preventDefault();
    part("before").hidden = true;
    part("film").hidden = false;
    part("picture").hidden = part("part").hidden = part("pause").hidden = false;
    part("done").hidden = true;
    this.queue = this.parts.filter((item) => item.dataset.state === "todo");
    this.announced = false;
    this.first = true;
    await this.run();
  }

  heard(what, error) {
    const film = this.film;
    part("on").textContent = `● ${this.words.on}`;
    part("sent").textContent = `${this.words.sent} ${film.digests.length - film.waiting.size} / ${film.digests.length}`;
    if (what === "broken") this.guard(() => { throw error; });
  }

  async read(text) {
    const told = part("told");
    told.textContent = this.words.reading;
    const heard = await this.voice.read(text);
    told.textContent = heard ? this.words.answer : this.words.silent;
    return heard;
  }

  answers() { return [...room.querySelectorAll("[data-answer]")].filter((button) => button.tagName === "BUTTON"); }

  async run() {
    while (this.queue.length > 0) {
      const item = this.queue.shift();
      if (!(await this.play(item))) return;
    }
    part("part").hidden = true;
    part("done").hidden = false;
    for (const item of this.parts) item.querySelector("[data-redo]").hidden = false;
    part("done").focus();
  }

  // One part, from its first word to her answer. `false` = everything stops.
  async play(item) {
    this.mark(item, "busy");
    part("part").hidden = false;
    part("done").hidden = true;
    const text = item.querySelector("[data-text]").textContent;
    part("number").textContent = item.querySelector("[data-number]").textContent;
    part("text").textContent = text;
    part("part").focus();
    const buttons = this.answers();
    buttons.forEach((button) => { button.disabled = true; });
    const start = this.first ? { at: 0, chunk: 0 } : await this.film.mark();
    this.first = false;
    const heard = await this.read(this.announced ? text : `${this.words.voice}${text}`);
    this.announced ||= heard;
    // Without a voice somebody reads it out; a doubt may be said at any time.
    const doubt = buttons.find((button) => button.dataset.answer === "doubt");
    doubt.disabled = false;
    const answer = await new Promise((done) => {
      const open = () => buttons.forEach((button) => { button.disabled = false; });
      buttons.forEach((button) => { button.onclick = () => done(button.dataset.answer); });
      if (heard) open(); else setTimeout(open, Number(item.dataset.least));
    });
    buttons.forEach((button) => { button.disabled = true; });
    window.speechSynthesis?.cancel();
    const end = await this.film.mark();
    const fields = { node: item.dataset.node, take: this.film.take, start_ms: start.at, end_ms: Math.max(end.at, start.at + 1), first_chunk: start.chunk, last_chunk: end.chunk, answer };
    this.plays = this.plays.then(() => this.line.form("play", fields));
    this.plays.catch((error) => this.guard(() => { throw error; }));
    if (answer !== item.dataset.expects) {
      this.mark(item, "todo");
      await this.leave();
      return false;
    }
    this.mark(item, "kept");
    return true;
  }

  again(item) {
    this.mark(item, "todo");
    if (!this.film || this.film.recorder?.state === "inactive") return;
    this.queue.push(item);
    for (const one of this.parts) one.querySelector("[data-redo]").hidden = true;
    this.guard(() => this.run());
  }

  // The file ends here; what comes next is the house's to say.
  async hand() {
    part("part").hidden = part("done").hidden = part("pause").hidden = true;
    part("net").hidden = false;
    part("net").textContent = this.words.working;
    if (this.film) {
      await this.film.stop();
      this.picture.end();
      this.camera.getTracks().forEach((track) => track.stop());
      await this.plays;
      await this.film.close();
    }
    this.end();
  }

  async leave() {
    if (this.leaving) return;
    this.leaving = true;
    await this.hand();
    location.reload();
  }

  async finish() {
    await this.hand();
    await this.line.form("end", {});
    location.assign(this.words.home);
  }
}

if (room) {
  const here = new Room();
  here.guard(() => here.open());
}
