// For readers; in one file, since each is a request. Without it everything is there, too.

// Copies an address, or a block of code, with one tap. Without this module they are
// there to be selected. Lets the keyboard scroll what is wider than its box, too.
function copies(button, source, done) {
  const label = button.textContent;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch {
      // No clipboard over plain http: leave it selected, one shortcut away.
      getSelection().selectAllChildren(source);
      return;
    }
    button.textContent = done;
    setTimeout(() => (button.textContent = label), 2000);
  });
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  copies(button, document.getElementById(button.dataset.copy), button.dataset.done);
}

const prose = document.querySelector(".prose");
for (const pre of prose?.querySelectorAll("pre") ?? []) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "small", textContent: prose.dataset.label });
  const frame = Object.assign(document.createElement("div"), { className: "code" });
  pre.replaceWith(frame);
  frame.append(pre, button);
  copies(button, pre, prose.dataset.done);
}

// Every browser but Safari sees to that itself.
for (const box of document.querySelectorAll("main :is(pre, table)")) {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
}

// A link to a folded reply opens what it is folded in. Newer browsers do that by
// themselves.
function unfold() {
  const reply = document.getElementById(location.hash.slice(1));
  let opened = false;
  for (let fold = reply?.closest("details"); fold; fold = fold.parentElement.closest("details")) {
    opened ||= !fold.open;
    fold.open = true;
  }
  if (opened) reply.scrollIntoView();
}

unfold();
addEventListener("hashchange", unfold);
