// Recomputes the proof of one line from what stands in the page, nothing else: SHA-256, a byte 0 before the
// line, a byte 1 before every pair (RFC 9162, section 2.1). Change a letter of the line and it no longer matches.
const form = document.getElementById("proof");
const told = (name) => {
  for (const sentence of form.querySelectorAll("[data-told]")) sentence.hidden = sentence.dataset.told !== name;
};

const bytesOf = (digest) => Uint8Array.from(digest.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const textOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

async function hashed(prefix, ...parts) {
  const joined = new Uint8Array(1 + parts.reduce((sum, part) => sum + part.length, 0));
  joined[0] = prefix;
  let place = 1;
  for (const part of parts) {
    joined.set(part, place);
    place += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined));
}

let latest = 0;

async function check() {
  if (!globalThis.crypto?.subtle) return told("impossible");
  const run = ++latest;
  let found = await hashed(0, new TextEncoder().encode(form.elements.line.value));
  form.querySelector("[data-leaf]").textContent = textOf(found);
  for (const step of form.querySelectorAll("[data-side]")) {
    const beside = bytesOf(step.dataset.digest);
    found = step.dataset.side === "L" ? await hashed(1, beside, found) : await hashed(1, found, beside);
    step.querySelector("[data-joined]").textContent = textOf(found);
  }
  // Typing starts the next run before this one ends; only the latest may speak.
  if (run !== latest) return;
  const root = form.elements.root.value.trim().toLowerCase();
  told(textOf(found) === root ? "match" : "differs");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  check();
});
form.addEventListener("input", check);
check();
