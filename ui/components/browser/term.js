/* The explanation of a term behind a small question mark: opens by click, Enter or space, and shuts
   by Escape. The same element as ui/templates/term.html makes on other pages. */

export function term(words, key) {
  const box = document.createElement("details"), mark = document.createElement("summary"), text = document.createElement("span");
  box.className = "lw-term"; mark.textContent = "?";
  box.append(mark, text);
  box.addEventListener("keydown", (e) => { if (e.key === "Escape" && box.open) { e.stopPropagation(); box.open = false; mark.focus(); } });
  box.addEventListener("click", (e) => e.stopPropagation());
  box.tell = (now, name) => {
    const [title, said] = now[name];
    mark.setAttribute("aria-label", now.label.replace("{name}", title)); mark.title = mark.getAttribute("aria-label");
    const first = document.createElement("b");
    first.textContent = title + ". "; text.replaceChildren(first, said);
  };
  if (words) box.tell(words, key);
  return box;
}
