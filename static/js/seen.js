// What is on the page has been seen: presses the button that says so, quietly.
const form = document.querySelector("form.seen");
if (form) {
  fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" })
    .then(() => (form.style.visibility = "hidden")) // its room stays: what is below doesn’t move
    .catch(() => {}); // the button is still there
}
