// Writes a time mark into a note: how far into its talk it is now. Outside its time, as
// when the recording is watched later, the mark is selected, to be typed over.
const head = document.querySelector(".talk-head");
const text = document.getElementById("field-source");

const grace = 60 * 60; // talks begin late and overrun

function mark() {
  const since = Math.floor(Date.now() / 1000) - Number(head.dataset.starts);
  if (since < 0 || since > Number(head.dataset.lasts) + grace) return "";
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(since / 3600);
  const minutes = Math.floor(since / 60) % 60;
  return (hours ? `${hours}:${two(minutes)}` : `${minutes}`) + `:${two(since % 60)}`;
}

const button = document.createElement("button");
button.type = "button";
button.className = "small";
button.textContent = head.dataset.mark;
button.addEventListener("click", () => {
  const now = mark();
  const before = text.value.slice(0, text.selectionStart);
  const lead = /\S$/.test(before) ? " " : "";
  text.setRangeText(`${lead}[${now || "0:00"}] `, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
  text.focus();
  if (!now) {
    const at = before.length + lead.length + 1;
    text.setSelectionRange(at, at + "0:00".length);
  }
});
text.closest(".control").append(button);
