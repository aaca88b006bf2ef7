"use strict";
// Asks the browser for a passkey and puts its answer into the form. Without this script the form stays hidden.
const CHINESE = document.documentElement.lang.startsWith("zh");
const REFUSED = CHINESE ? "未能使用通行密钥，请改用其他方式。" : "The passkey was not used. Choose another way.";

function bytes(text) {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
}

function text(buffer) {
  const signs = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(signs).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function named(list) {
  return (list || []).map((one) => ({ ...one, id: bytes(one.id) }));
}

async function asserted(options) {
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) };
  const { id, rawId, type, response } = await navigator.credentials.get({ publicKey });
  return {
    id, rawId: text(rawId), type, clientExtensionResults: {},
    response: {
      authenticatorData: text(response.authenticatorData), clientDataJSON: text(response.clientDataJSON),
      signature: text(response.signature), userHandle: response.userHandle ? text(response.userHandle) : null,
    },
  };
}

async function registered(options) {
  const publicKey = {
    ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: named(options.excludeCredentials),
  };
  const { id, rawId, type, response } = await navigator.credentials.create({ publicKey });
  return {
    id, rawId: text(rawId), type, clientExtensionResults: {},
    response: {
      attestationObject: text(response.attestationObject), clientDataJSON: text(response.clientDataJSON),
      transports: response.getTransports ? response.getTransports() : [],
    },
  };
}

async function send(form) {
  const answer = await fetch(form.dataset.options, {
    method: "POST", headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ csrf: form.elements.csrf.value }),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  const { publicKey: options, challenge } = await answer.json();
  const credential = form.dataset.register ? await registered(options) : await asserted(options);
  form.elements.credential.value = JSON.stringify(credential);
  if (form.elements.challenge) form.elements.challenge.value = challenge;
  form.submit();
}

for (const form of window.PublicKeyCredential ? document.querySelectorAll("form.passkey") : []) {
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form).catch(() => { form.querySelector(".problem").textContent = REFUSED; });
  });
}
