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
