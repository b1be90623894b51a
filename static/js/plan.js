// Marks a talk in place, where a page would come anew and lose its scroll.
for (const form of document.querySelectorAll("form.marks")) {
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button?.dataset.mark || form.dataset.plainly) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, button));
    form.setAttribute("aria-busy", "true");
    // form.action would be the field of that name.
    fetch(form.getAttribute("action"), { method: "POST", body, redirect: "manual" })
      .then((answer) => {
        // A redirect is the page that shows it done; anything else has something to say.
        if (answer.type !== "opaqueredirect") throw new Error("refused");
        show(form, button.value);
      })
      .catch(() => {
        form.dataset.plainly = "yes"; // as it goes without this script, which shows what is wrong
        form.requestSubmit(button);
      })
      .finally(() => form.removeAttribute("aria-busy"));
  });
}

function show(form, mark) {
  for (const button of form.querySelectorAll("[data-mark]")) {
    const pressed = button.dataset.mark === mark;
    button.setAttribute("aria-pressed", String(pressed));
    button.value = pressed ? "" : button.dataset.mark;
  }
  form.closest("li").classList.toggle("marked", mark !== "");
}
