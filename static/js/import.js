// Says how far a large import is while its answer is waited for.
const form = document.querySelector("form[data-progress]");
if (form) {
  const line = form.querySelector('[role="status"]');
  form.addEventListener("submit", () => {
    setInterval(async () => {
      const response = await fetch(form.dataset.progress).catch(() => null);
      if (!response?.ok) return;
      const { words } = await response.json();
      if (words) line.textContent = words;
    }, 500);
  });
}
