/* What this is in one sentence, three doors, and a tour of four steps that can be walked again. It
   shows itself on a first visit; afterwards it waits behind the question mark. */
import { el } from "./dom.js";

const SEEN = "locatiewijzer-welcomed";
const STEPS = [
  ".st-key-weights_bar .lw-weights, .lw-weights",
  ".st-key-explore-map",
  ".st-key-explore-panel",
  ".st-key-explore-bar",
];
const button = (className, press) => { const b = el("button", className); b.type = "button"; b.addEventListener("click", press); return b; };
const remembered = { get: () => { try { return localStorage.getItem(SEEN); } catch (e) { return "1"; } }, set: () => { try { localStorage.setItem(SEEN, "1"); } catch (e) { /* a browser that keeps nothing */ } } };

export function welcome() {
  const box = el("section", "lw-welcome"), sentence = el("p"), doors = el("div", "lw-doors"), hint = el("p", "lw-small lw-hint-text");
  let say = {};
  const shut = () => { box.hidden = true; remembered.set(); };
  const find = button("lw-door", () => { shut(); const field = document.querySelector(".st-key-explore-find input"); if (field) field.focus(); });
  const deliver = button("lw-door", () => {
    remembered.set();
    const link = document.querySelector('a[href$="/aanleveren"]');
    if (link) link.click(); else location.assign(new URL("aanleveren", location.href));
  });
  const link = button("lw-door", () => { hint.hidden = !hint.hidden; link.setAttribute("aria-expanded", String(!hint.hidden)); });
  const walk = button("lw-link", () => { shut(); tour(say, help); });
  const close = button("lw-close", () => { shut(); help.focus(); });
  close.textContent = "×"; hint.hidden = true; link.setAttribute("aria-expanded", "false");
  doors.append(find, deliver, link);
  box.append(close, sentence, doors, hint, walk);
  box.hidden = Boolean(remembered.get());
  const help = button("lw-help", () => { box.hidden = !box.hidden; help.setAttribute("aria-expanded", String(!box.hidden)); });
  help.textContent = "?";
  return {
    box, help,
    words(texts) {
      say = texts;
      box.setAttribute("aria-label", say.help); help.setAttribute("aria-label", say.help); help.title = say.help;
      help.setAttribute("aria-expanded", String(!box.hidden));
      sentence.textContent = say.welcome; find.textContent = say.door_find; deliver.textContent = say.door_deliver;
      link.textContent = say.door_link; hint.textContent = say.link_help; walk.textContent = say.tour; close.setAttribute("aria-label", say.tour_close);
    },
  };
}

function tour(say, back) {
  let at = 0, marked = null;
  const card = el("div", "lw-tour"), count = el("p", "lw-small"), words = el("p"), foot = el("div", "lw-tour-foot");
  card.setAttribute("role", "dialog"); card.setAttribute("aria-label", say.tour); card.tabIndex = -1;
  const before = button("lw-do", () => show(at - 1)), next = button("lw-do", () => (at === STEPS.length - 1 ? end() : show(at + 1))), stop = button("lw-link", () => end());
  before.textContent = say.tour_previous; stop.textContent = say.tour_close;
  foot.append(before, next, stop); card.append(count, words, foot); document.body.appendChild(card);
  card.addEventListener("keydown", (e) => { if (e.key === "Escape") end(); });
  function mark(element) {
    if (marked) marked.classList.remove("lw-toured");
    marked = element;
    if (marked) marked.classList.add("lw-toured");
  }
  function show(step) {
    at = step;
    count.textContent = say.tour_step.replace("{step}", String(at + 1));
    words.textContent = say["tour_" + (at + 1)];
    before.disabled = at === 0; next.textContent = at === STEPS.length - 1 ? say.tour_ready : say.tour_next;
    mark(document.querySelector(STEPS[at]));
    card.focus();
  }
  function end() { mark(null); card.remove(); if (back.isConnected) back.focus(); }
  show(0);
}
