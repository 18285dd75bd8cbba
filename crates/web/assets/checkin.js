// A check-in that cannot be sent is kept on the telephone, with the moment at which it was tried, and sent when there is reception again.
// What is kept is the address of the form and the number that was typed; it is removed as soon as the house has answered for good.
"use strict";

const KEY = "mingbai-checkin";
const form = document.getElementById("checkin");
const said = document.getElementById("held");

const kept = () => { try { return JSON.parse(localStorage.getItem(KEY) ?? "[]"); } catch { return []; } };
const keep = (list) => { try { localStorage.setItem(KEY, JSON.stringify(list)); return true; } catch { return false; } };

const tell = (key) => {
  if (!said) return;
  said.textContent = said.dataset[key] ?? "";
  said.hidden = said.textContent === "";
};

// An answer of the house, good or bad, ends a check-in; a line that is down, an overload or a broken house does not.
const send = async (one) => {
  const body = new URLSearchParams({ phone: one.phone, code: one.code, held: String(one.at) });
  const answer = await fetch(one.to, { method: "POST", body });
  if (answer.status === 429 || answer.status >= 500) throw new Error(String(answer.status));
  return answer.ok;
};

let busy = false;
const sendAll = async () => {
  if (busy) return;
  busy = true;
  let good = 0, bad = 0;
  for (const one of kept()) {
    try {
      if (await send(one)) good += 1; else bad += 1;
      keep(kept().filter((other) => other.to !== one.to || other.phone !== one.phone));
    } catch {
      // The browser says that it is on before the line carries anything.
      setTimeout(sendAll, 4000);
      break;
    }
  }
  busy = false;
  if (kept().length > 0) tell("kept");
  else if (bad > 0) tell("refused");
  else if (good > 0) tell("sent");
};

form?.addEventListener("submit", (event) => {
  if (navigator.onLine) return;
  event.preventDefault();
  const one = { to: form.getAttribute("action"), phone: form.elements.phone.value, code: form.elements.code?.value ?? "", at: Date.now() };
  tell(keep([...kept(), one]) ? "kept" : "full");
});
window.addEventListener("online", sendAll);
if (kept().length > 0 && navigator.onLine) sendAll();
