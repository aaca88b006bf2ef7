"use strict";
// Sends what is in a method's form with the key at the top of the page, and shows what comes back.
const CHINESE = document.documentElement.lang.startsWith("zh");
document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (!form.dataset.path) return; // the form that holds the key
  const output = form.querySelector("output");
  output.className = "";
  output.textContent = "…";
  try {
    const response = await fetch(...request(form));
    output.className = response.ok ? "good" : "bad";
    output.textContent = response.status + " " + response.statusText + "\n";
    if (response.ok && form.dataset.place) output.append(await link(response));
    else output.append(shown(await response.text()));
  } catch (error) {
    output.className = "bad";
    output.textContent = (CHINESE ? "没有响应：" : "No answer: ") + error.message;
  }
});

function request(form) {
  const headers = { Authorization: "Bearer " + document.getElementById("key").value };
  if (form.dataset.place) {
    const place = encodeURIComponent(form.elements.place.value);
    return [form.dataset.path.replace(form.dataset.place, () => place), { headers }];
  }
  headers["Content-Type"] = "application/json";
  if (form.dataset.changes === "yes") headers["Idempotency-Key"] = "try-" + Date.now() + "-" + Math.floor(Math.random() * 1e9);
  return [form.dataset.path, { method: "POST", headers, body: form.elements.body.value }];
}

function shown(text) {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

// A link that saves what came: a click on one to the address itself could not carry the key.
async function link(response) {
  const file = await response.blob();
  const found = document.createElement("a");
  found.href = URL.createObjectURL(file);
  found.download = /filename="([^"]*)"/.exec(response.headers.get("Content-Disposition") || "")?.[1] || "";
  found.textContent = found.download + " (" + file.size + (CHINESE ? " 字节)" : " bytes)");
  return found;
}
