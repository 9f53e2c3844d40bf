/* Streamlit's own words (a button, a calendar, a menu) in the language of the page, for the eye and
   for whoever has it read aloud; and the language of the page itself. Texts of users, and texts that
   are in the right language already, are never touched: see OURS. */

const ATTRIBUTES = ["aria-label", "aria-valuetext", "title", "placeholder", "alt"];
const OURS = '.stHtml, .lw-panel, .lw-weights, td, textarea, [data-testid="stCode"]';
const MARKDOWN = '[data-testid="stMarkdownContainer"]', UPLOADER = '[data-testid="stFileUploader"], .rc-overflow-item-rest';
const known = { language: "en", exact: new Map(), patterns: [], texts: new WeakMap(), observer: null };

export function pageWords({ data }) {
  if (known.language === data.language && known.observer) return;
  known.language = data.language;
  known.exact = new Map(data.words.filter(([from]) => !from.includes("{")));
  known.patterns = data.words.filter(([from]) => from.includes("{")).map(([from, to]) => {
    const names = [];
    const source = from.split(/(\{\w+\})/).map((part) => {
      if (!part.startsWith("{")) return part.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
      names.push(part);
      return "([\\s\\S]+)";
    }).join("");
    return { made: new RegExp("^" + source + "$"), names, to };
  });
  document.documentElement.lang = data.language;
  document.documentElement.dataset.words = data.language;
  window.lwSpeak(data.language);   // shell.js
  whole(document.body);
  if (known.observer) return;
  document.addEventListener("keydown", keysOfPopover, true);
  known.observer = new MutationObserver((changes) => changes.forEach((c) => {
    if (c.type === "childList") c.addedNodes.forEach((n) => (n.nodeType === 1 ? whole(n) : text(n)));
    else if (c.type === "characterData") text(c.target);
    else attribute(c.target, c.attributeName);
  }));
  known.observer.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: [...ATTRIBUTES, "role"] });
}

/* Of a date or the name of a month that of the page's language, null when it is none. */
function inLanguage(name, words) {
  if (name !== "{date}" && name !== "{month}") return words;
  const day = new Date(name === "{date}" ? words : /^[A-Z][a-z]+$/.test(words) ? `${words} 1, 2000` : "");
  if (isNaN(day)) return null;
  return day.toLocaleDateString(navigator.language, name === "{date}" ? { day: "numeric", month: "long", year: "numeric" } : { month: "long" });
}

function translated(words) {
  const trimmed = words.trim();
  if (!trimmed) return words;
  const found = known.exact.get(trimmed);
  if (found !== undefined) return words.replace(trimmed, () => found);
  for (const { made, names, to } of known.patterns) {
    const parts = made.exec(trimmed), values = parts && names.map((name, i) => inLanguage(name, parts[i + 1]));
    if (values && !values.includes(null)) return names.reduce((said, name, i) => said.replace(name, () => values[i]), to);
  }
  return words;
}
const ours = (element) => !element || element.closest(OURS) || (element.closest(MARKDOWN) && !element.closest(UPLOADER));

/* Remember what stood there and what was put there: after a switch the first is said anew. */
function put(holder, name, now, write) {
  const mine = known.texts.get(holder) || {};
  const before = mine[name] && mine[name].put === now ? mine[name].from : now;
  const next = translated(before);
  if (next === before && next === now) return;
  mine[name] = { from: before, put: next };
  known.texts.set(holder, mine);
  if (next !== now) write(next);
}
function text(node) {
  if (node.nodeType === 3 && !ours(node.parentElement)) put(node, "text", node.data, (next) => { node.data = next; });
}
function attribute(element, name) {
  if (name === "role") { upstream(element); return; }
  const now = element.getAttribute(name);
  if (now && !element.closest(OURS)) put(element, name, now, (next) => element.setAttribute(name, next));
}
function whole(root) {
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = root; node; node = walk.nextNode()) {
    if (node.nodeType === 3) { text(node); continue; }
    ATTRIBUTES.forEach((name) => { if (node.hasAttribute(name)) attribute(node, name); });
    upstream(node);
  }
}

/* Keys and popovers. What is in one stands at the end of the page: from its button one would pass the
   whole page before it. And when a list is opened in it by mouse, all that is in it is taken out of
   the order of the keys and not put back. */
const STOPS = 'a[href], button, input, select, textarea, summary, [tabindex]';
function keysOfPopover(event) {
  const body = event.key === "Tab" && [...document.querySelectorAll('[data-testid="stPopoverBody"]')].pop();
  if (!body) return;
  body.querySelectorAll("[data-tabindex]").forEach((element) => {
    const before = element.dataset.tabindex;
    delete element.dataset.tabindex;
    if (before) element.setAttribute("tabindex", before); else element.removeAttribute("tabindex");
  });
  const stops = [...body.querySelectorAll(STOPS)].filter((one) => one.tabIndex >= 0 && !one.disabled && one.getClientRects().length);
  const button = [...document.querySelectorAll('[data-testid="stPopoverButton"][aria-expanded="true"]')].pop(), at = document.activeElement;
  if (!stops.length || !button) return;
  if (at === button && !event.shiftKey) { event.preventDefault(); stops[0].focus(); }
  else if (at === stops[0] && event.shiftKey) { event.preventDefault(); button.focus(); }
  else if (at === stops[stops.length - 1] && !event.shiftKey) button.focus();   // and on from there
}

/* What Streamlit's own elements lack for WCAG; docs/toegankelijkheid.md lists them. */
function upstream(element) {
  const role = element.getAttribute("role");
  if (role && role.startsWith("graphics-")) {
    if (element.hasAttribute("aria-label")) element.setAttribute("role", "img"); else element.removeAttribute("role");
    element.removeAttribute("aria-roledescription");
  }
  if (element.tagName === "HEADER" && role !== "none" && element.closest('[role="dialog"], [role="application"]')) element.setAttribute("role", "none");   // of a calendar
  if (element.dataset.testid === "stFileUploaderDropzone" && role === "presentation") element.setAttribute("role", "group");
}
