// Reads a part of the page aloud with the device's own voice. Without it nothing is missing but the button.
"use strict";

(() => {
  const words = document.currentScript.dataset;
  const voice = window.speechSynthesis;
  if (!voice || !window.SpeechSynthesisUtterance) return;

  const SPOKEN = "dt, dd, p, h1, h2, h3, li, th, td, legend, span";

  // What a person sees in the part, without buttons and without explanations that are folded away.
  const textOf = (part) => {
    const copy = part.cloneNode(true);
    copy.querySelectorAll("button, summary, details:not([open]), .hide").forEach((e) => e.remove());
    return [...copy.querySelectorAll(SPOKEN)]
      .filter((e) => !e.querySelector(SPOKEN))
      .map((e) => e.textContent.trim())
      .filter((text) => text.length > 0)
      .join("。");
  };

  const label = (button, text) => { button.firstChild.textContent = text; };

  let speaking = null;
  const rest = () => {
    if (speaking) {
      label(speaking, words.say);
      speaking.setAttribute("aria-pressed", "false");
    }
    speaking = null;
  };

  const read = (part, button) => {
    const again = speaking === button;
    voice.cancel();
    rest();
    if (again) return;
    const said = new SpeechSynthesisUtterance(textOf(part));
    said.lang = document.documentElement.lang;
    said.rate = 0.9;
    said.onend = () => { if (speaking === button) rest(); };
    said.onerror = (event) => {
      if (event.error === "canceled" || event.error === "interrupted") return;
      rest();
      label(button, words.silent);
    };
    speaking = button;
    label(button, words.stop);
    button.setAttribute("aria-pressed", "true");
    voice.speak(said);
  };

  for (const part of document.querySelectorAll("[data-listen]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain listen";
    button.append(document.createElement("span"));
    label(button, words.say);
    button.setAttribute("aria-pressed", "false");
    // Eight buttons of one name would tell a screen reader nothing.
    const name = document.createElement("span");
    name.className = "hide";
    name.textContent = ` ${part.querySelector("dt, h1, h2, legend")?.textContent.trim() ?? ""}`;
    button.append(name);
    button.addEventListener("click", () => read(part, button));
    (part.querySelector("[data-listen-here]") ?? part).append(button);
  }
  window.addEventListener("pagehide", () => voice.cancel());
})();
