// Passkeys: asks the house for a challenge, lets the device's own authenticator answer it, and sends the answer as a form.
"use strict";

(() => {
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const bytes = (base64) => Uint8Array.from(atob(base64.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  class Told extends Error {}

  const ask = async (form) => {
    const words = form.dataset;
    const fields = new URLSearchParams();
    for (const name of ["csrf", "password"]) if (form.elements[name]) fields.set(name, form.elements[name].value);
    const answer = await fetch(words.ask, { method: "POST", body: fields, headers: { accept: "application/json" } });
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Told(said.message?.[document.documentElement.lang === "en" ? "en" : "zh"] ?? words.failed);
    return said;
  };

  // Discoverable, so that nobody has to type who she is; verified, so that it is two proofs in one; without attestation, because
  // nobody here would believe or need it.
  const create = (said) => navigator.credentials.create({ publicKey: {
    challenge: bytes(said.challenge),
    rp: { id: said.rp, name: said.house },
    user: { id: bytes(said.user), name: said.login, displayName: said.name },
    pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: "public-key", alg })),
    excludeCredentials: said.known.map((id) => ({ type: "public-key", id: bytes(id) })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    attestation: "none",
    timeout: 120_000,
  } });
  const get = (said) => navigator.credentials.get({ publicKey: {
    challenge: bytes(said.challenge), rpId: said.rp, userVerification: "required", timeout: 120_000,
  } });

  const run = async (form) => {
    const making = form.dataset.passkey === "create";
    const said = await ask(form);
    const made = await (making ? create(said) : get(said));
    const answer = made.response;
    const fields = { challenge: said.challenge, id: text(made.rawId), client_data: text(answer.clientDataJSON) };
    fields.authenticator_data = text(making ? answer.getAuthenticatorData() : answer.authenticatorData);
    if (!making) fields.signature = text(answer.signature);
    for (const [name, value] of Object.entries(fields)) {
      const input = form.elements[name] ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
      input.value = value;
    }
    form.submit();
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const words = form.dataset;
    const told = form.querySelector("[role=status]");
    const button = form.querySelector("button");
    if (!window.PublicKeyCredential) continue;
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.disabled = true;
      told.hidden = true;
      try {
        await run(form);
      } catch (error) {
        told.textContent = error instanceof Told ? error.message
          : error.name === "InvalidStateError" ? words.known : words.failed;
        told.hidden = false;
        button.disabled = false;
      }
    });
  }
})();
