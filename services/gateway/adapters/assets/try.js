"use strict";
// Sends what is in a method's form with the key at the top of the page, and shows what comes back.
document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (!form.dataset.path) return; // the form that holds the key
  const output = form.querySelector("output");
  const headers = {
    "Content-Type": "application/json",
    Authorization: "Bearer " + document.getElementById("key").value,
  };
  if (form.dataset.changes === "yes") headers["Idempotency-Key"] = "try-" + Date.now() + "-" + Math.floor(Math.random() * 1e9);
  output.className = "";
  output.textContent = "…";
  try {
    const response = await fetch(form.dataset.path, { method: "POST", headers, body: form.elements.body.value });
    const text = await response.text();
    let shown = text;
    try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* shown as it came */ }
    output.className = response.ok ? "good" : "bad";
    output.textContent = response.status + " " + response.statusText + "\n" + shown;
  } catch (error) {
    output.className = "bad";
    output.textContent = "No answer: " + error.message;
  }
});
