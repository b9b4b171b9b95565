/* Lets the browser make or show a passkey, and sends what it answers with the form around the button.

   The button says in data-passkey what to do ("create" or "get") and in data-options what the server
   asks, as WebAuthn writes it in JSON: bytes are base64url there and buffers here. */

"use strict";

(() => {
  const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
  const toText = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list ?? []).map((each) => ({ ...each, id: toBytes(each.id) }));

  const read = (options) => ({
    ...options,
    challenge: toBytes(options.challenge),
    ...(options.user && { user: { ...options.user, id: toBytes(options.user.id) } }),
    ...(options.excludeCredentials && { excludeCredentials: named(options.excludeCredentials) }),
    ...(options.allowCredentials && { allowCredentials: named(options.allowCredentials) }),
  });

  const write = (credential) => {
    const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
    const held = parts.filter((part) => credential.response[part]);
    return JSON.stringify({
      id: credential.id,
      rawId: toText(credential.rawId),
      type: credential.type,
      response: Object.fromEntries(held.map((part) => [part, toText(credential.response[part])])),
      clientExtensionResults: {},
    });
  };

  const sentence = (button, error) => (error.name === "InvalidStateError" ? button.dataset.there : button.dataset.broken);

  for (const button of document.querySelectorAll("button[data-passkey]")) {
    const form = button.form;
    const status = form.querySelector("[data-passkey-status]");
    const say = (text) => {
      status.textContent = text;
      status.hidden = !text;
    };
    if (!window.PublicKeyCredential) {
      button.disabled = true;
      say(button.dataset.none);
      continue;
    }
    button.addEventListener("click", async () => {
      if (button.dataset.passkey === "create" && !form.reportValidity()) return;
      button.disabled = true;
      say("");
      try {
        const publicKey = read(JSON.parse(button.dataset.options));
        const credential = await navigator.credentials[button.dataset.passkey]({ publicKey });
        form.querySelector('[name="lionrock-proof-passkey"]').value = write(credential);
        form.submit();
      } catch (error) {
        say(sentence(button, error));
        button.disabled = false;
        button.focus();
      }
    });
  }
})();
