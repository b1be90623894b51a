// Says how far a large import is while its answer is waited for.
const form = document.querySelector("form[data-progress]");
if (form) {
  const line = form.querySelector('[role="status"]');
  const ask = async () => {
    const response = await fetch(form.dataset.progress, { redirect: "error" }).catch(() => null);
    const { words } = response?.ok ? await response.json() : {};
    if (words && words !== line.textContent) line.textContent = words;
  };
  form.addEventListener("submit", () => {
    const asking = setInterval(ask, 400);
    addEventListener("pagehide", () => clearInterval(asking));
  });
}
