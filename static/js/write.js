// Asks before a text is left behind unsent. The browser supplies the words.
const form = document.querySelector("form.editor, form.conflict");
let changed = false;
form.addEventListener("input", () => (changed = true));
form.addEventListener("submit", () => (changed = false));
addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});
