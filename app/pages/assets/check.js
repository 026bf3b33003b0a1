// Checks the reader's own copy of a source against the digests on its page. Nothing leaves the browser.
const form = document.getElementById("copy");
const outcome = document.getElementById("outcome");

const digest = async (text) => {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
};

const check = async (file) => {
  const text = (await file.text()).replace(/^\ufeff/, "").replace(/\r\n?/g, "\n"); // as `verify` reads it
  const characters = Array.from(text); // places count code points, not UTF-16 units
  const passages = document.querySelectorAll(".passage[data-sha256]");
  let verified = 0;
  for (const passage of passages) {
    const { start, end, sha256 } = passage.dataset;
    const same = (await digest(characters.slice(Number(start), Number(end)).join(""))) === sha256;
    verified += same ? 1 : 0;
    passage.classList.toggle("verified", same);
    passage.classList.toggle("differs", !same);
    passage.querySelector(".verdict").textContent = same ? "✓ verified in your copy" : "✗ not at this place in your copy";
  }
  const whole = (await digest(text)) === form.dataset.sha256;
  outcome.textContent = `${verified} of ${passages.length} passages verified. ` +
    (whole ? "Your copy is the text that was cited, character by character." : "Your copy differs from the text that was cited.");
};

if (form) {
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("file").addEventListener("change", (event) => {
    if (!globalThis.crypto?.subtle) {
      outcome.textContent = "Browsers compute digests only on https:// and on this machine. Use the command below.";
    } else if (event.target.files[0]) {
      check(event.target.files[0]);
    }
  });
}
