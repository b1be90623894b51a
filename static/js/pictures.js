// Adds pictures where they belong: dropped or pasted into the text, or chosen. Each
// is sent at once, and described while it is on its way. Without this module the
// form's own button adds one at the end of the text.
const panel = document.querySelector(".pictures");
// A recap's text is the words between its notes.
const texts = [...document.querySelectorAll("#field-source, .sections textarea")];
// The one that had the cursor last: a chosen picture goes there.
let current = texts.find((text) => text.matches(":focus")) ?? texts.at(-1);
const list = panel.querySelector(".added");
const input = document.getElementById("field-picture");
const say = panel.dataset;
const maxBytes = 16 * 2 ** 20;

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

// In Markdown some characters of a description mean something.
const escapeAlt = (s) => s.replace(/\s+/g, " ").replace(/[\\[\]*_~=<&`]/g, "\\$&");
const escapeTitle = (s) => s.replace(/\s+/g, " ").replace(/[\\"&]/g, "\\$&");
const markdown = (path, alt, caption) =>
  `![${escapeAlt(alt)}](${path}${caption.trim() ? ` "${escapeTitle(caption)}"` : ""})`;

// A common end stays as it is: a caret that stood behind it would else select all that
// was replaced, for the next letter to overwrite.
function replaceText(text, start, end, words) {
  while (end > start && words && text.value[end - 1] === words.at(-1)) {
    end--;
    words = words.slice(0, -1);
  }
  text.setRangeText(words, start, end, "preserve");
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

// Puts pictures on lines of their own after the one with the cursor.
function insert(text, words) {
  let at = text.value.indexOf("\n", text.selectionEnd);
  if (at < 0) at = text.value.length;
  const before = text.value.slice(0, at);
  const after = text.value.slice(at);
  const lead = !before.trim() ? "" : /!\[[^\n]*\]\([^\n]*\)$/.test(before) ? "\n" : "\n\n";
  const tail = after.startsWith("\n\n") || !after.trim() ? "" : "\n";
  replaceText(text, at, at, lead + words + tail);
  const end = at + lead.length + words.length;
  text.setSelectionRange(end, end);
}

const unescape = (s = "") => s.replace(/\\([!-/:-@[-`{-~])/g, "$1");

// Where the picture of an item stands now, and what is said of it there.
function find(path) {
  const name = path.replace(/[-/\\^$*+?.()|[\]{}]/g, "\\$&");
  const picture = new RegExp(`!\\[((?:\\\\.|[^\\\\\\]])*)\\]\\(${name}(?: "((?:\\\\.|[^\\\\"])*)")?\\)`);
  for (const text of texts) {
    const found = picture.exec(text.value);
    if (found) return { text, start: found.index, end: found.index + found[0].length, alt: unescape(found[1]), caption: unescape(found[2]) };
  }
}

let fields = 0;
function labelled(words, field) {
  field.id = `picture-field-${++fields}`;
  return make("div", { className: "control" }, make("label", { htmlFor: field.id, textContent: words }), field);
}

// Lets a listed picture be described, captioned and made the cover.
function describe(item) {
  const { path, id } = item.dataset;
  const now = find(path);
  const alt = make("input", { value: now?.alt ?? "", lang: current.lang });
  const caption = make("input", { value: now?.caption ?? "", lang: current.lang });
  const rewrite = () => {
    const found = find(path);
    if (found) replaceText(found.text, found.start, found.end, markdown(path, alt.value, caption.value));
  };
  alt.addEventListener("input", rewrite);
  caption.addEventListener("input", rewrite);
  for (const field of [alt, caption]) {
    field.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  }
  const cover = make("button", { type: "button", className: "small", textContent: say.makeCover });
  cover.addEventListener("click", () => {
    makeCover(id, item.querySelector("img").src, alt.value, caption.value);
    const found = find(path);
    if (found) {
      const { text, start, end } = found;
      replaceText(text, start, text.value[end] === "\n" ? end + 1 : end, "");
    }
    item.remove();
  });
  item.querySelector("p")?.remove();
  item.append(labelled(say.alt, alt), labelled(say.caption, caption), cover);
  return alt;
}

function makeCover(id, url, alt, caption) {
  const block = panel.querySelector(".chosen-cover");
  block.querySelector("img")?.remove();
  block.querySelector(".flag").after(make("img", { src: url, alt: "" }));
  block.querySelector("[name=cover]").value = id;
  block.querySelector("[name=cover_alt]").value = alt;
  block.querySelector("[name=cover_caption]").value = caption;
  block.hidden = false;
  block.dispatchEvent(new Event("input", { bubbles: true }));
  block.scrollIntoView({ block: "nearest" });
}

async function send(file, item, text) {
  item.replaceChildren(make("p", { textContent: `${file.name} – ${say.sending}`, role: "status" }));
  let answer;
  try {
    if (file.size > maxBytes) throw new Error(say.large);
    const form = new FormData();
    form.append("picture", file);
    const response = await fetch(say.upload, { method: "POST", body: form });
    if (response.headers.get("Content-Type") !== "application/json") throw new Error(say.failed);
    answer = await response.json();
    if (answer.problem) throw new Error(answer.problem);
  } catch (error) {
    const again = make("button", { type: "button", className: "small", textContent: say.again });
    again.addEventListener("click", () => send(file, item, text));
    // What fetch itself throws is for developers.
    const words = error instanceof TypeError ? say.failed : error.message;
    item.replaceChildren(make("p", { className: "problem", role: "alert", textContent: `${file.name} – ${words}` }), again);
    return;
  }
  item.dataset.path = answer.path;
  item.dataset.id = answer.id;
  item.replaceChildren(make("img", { src: answer.url, alt: "" }));
  insert(text, markdown(answer.path, "", ""));
  const alt = describe(item);
  if (!list.contains(document.activeElement)) alt.focus();
}

async function add(files, text) {
  current = text;
  for (const file of files) {
    const item = make("li");
    list.append(item);
    await send(file, item, text);
  }
}

const pictures = (transfer) => [...(transfer?.files ?? [])].filter((f) => f.type.startsWith("image/") || /\.hei[cf]$/i.test(f.name));

for (const text of texts) {
  // Where nobody has put the cursor a browser has it at the start; here it is at the end.
  if (!text.matches(":focus")) text.setSelectionRange(text.value.length, text.value.length);
  text.addEventListener("focus", () => (current = text));
  text.addEventListener("paste", (event) => {
    const files = pictures(event.clipboardData);
    // A spreadsheet's cells come as words and a picture of them: the words are meant.
    if (!files.length || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    add(files, text);
  });
  text.addEventListener("dragover", (event) => event.dataTransfer.types.includes("Files") && event.preventDefault());
  text.addEventListener("drop", (event) => {
    const files = pictures(event.dataTransfer);
    if (!files.length) return;
    event.preventDefault();
    add(files, text);
  });
}

for (const item of list.children) describe(item);
for (const part of panel.querySelectorAll(".adding > :not(:has(#field-picture))")) part.remove();
input.multiple = true;
input.after(make("p", { className: "hint", textContent: say.drop }));
input.addEventListener("change", () => {
  add([...input.files], current);
  input.value = "";
});
