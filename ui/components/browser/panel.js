/* The panel beside the map: the ranked list, or the sheet of one plot in its place. Rows follow the
   engine in the frame; only those in sight exist. Texts of users are text nodes. */
import { el, mark, tell } from "./dom.js";
import { engineOf, classOf, wholeShares } from "./engine.js";
import { inkOn } from "./ink.js";
import { unpack } from "./unpack.js";
import { narrowing } from "./narrowing.js";
import { welcome } from "./welcome.js";
import { term } from "./term.js";

// a row has room for all its words; in a narrow list they take more lines (explore.css)
const narrowRows = matchMedia("(max-width: 1180px)"), narrowestRows = matchMedia("(max-width: 360px)"), rowPx = () => (narrowestRows.matches ? 118 : narrowRows.matches ? 92 : 66);
const MOST_ON_PAPER = 500;
const NS = "http://www.w3.org/2000/svg";
let written = new Intl.NumberFormat("nl");
const grouped = (value) => (typeof value === "number" && value >= 1000 ? written.format(value) : value);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, k) => grouped(values[k]));

/* The matrix of scores, sent once for a version of the plots, a kader and a language. */
export function matrix({ data }) {
  const bytes = data instanceof Uint8Array ? data : new Uint8Array(data), channel = new TextDecoder().decode(bytes.subarray(0, 32));
  const engine = engineOf(channel), sign = bytes.length + ":" + bytes.subarray(-8).join();
  if (engine.taken === sign) return;
  engine.taken = sign;
  unpack(bytes.subarray(32)).then((m) => engine.take(m));
}

function hexagon(size) {
  const svg = document.createElementNS(NS, "svg"), shape = document.createElementNS(NS, "polygon"), text = document.createElementNS(NS, "text");
  svg.setAttribute("viewBox", "-12 -12 24 24"); svg.setAttribute("width", size); svg.setAttribute("height", size); svg.setAttribute("aria-hidden", "true");
  shape.setAttribute("points", "0,-11 9.5,-5.5 9.5,5.5 0,11 -9.5,5.5 -9.5,-5.5");
  text.setAttribute("text-anchor", "middle"); text.setAttribute("y", "3.6"); text.setAttribute("font-size", "9.5"); text.setAttribute("font-weight", "700");
  svg.append(shape, text);
  return { svg, draw(colour, ink, words) { mark(shape, "fill", colour); mark(text, "fill", ink); tell(text, words); mark(text, "font-size", words.length > 3 ? "7.5" : "9.5"); } };
}
function rangeBar() {
  const bar = el("span", "lw-range"), sure = el("i"), open = el("u");
  bar.append(sure, open);
  return { bar, draw(low, high, colour) { sure.style.width = low + "%"; sure.style.background = colour; open.style.left = low + "%"; open.style.width = Math.max(0, high - low) + "%"; } };
}

export function panel({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".lw-panel");
  let known = root.known;
  if (!known) { known = root.known = { top: 0 }; build(root, known); }
  const engine = engineOf(data.channel);
  Object.assign(known, { data, setTriggerValue, engine });
  engine.onChoose = (plot) => choose(known, plot, false);
  engine.onWalk = (on) => setTriggerValue("walk", on ? "on" : "off");
  if (known.unlisten) known.unlisten();
  known.unlisten = engine.listen(() => { if (!root.isConnected) { known.unlisten(); return; } draw(known); });
  const visible = data.visible === null ? null : Uint8Array.from(atob(data.visible), (c) => c.charCodeAt(0));
  engine.sortBy = data.sort; engine.visible = visible; engine.ranksPast = data.ranks_past;
  // drawn on the server when the weights rest; while they move the old chances only hold the order
  engine.chances = data.chances; engine.fresh = data.chances !== null;
  if (engine.shade !== data.shade) engine.setShade(data.shade);
  engine.selected = data.selected;
  if (engine.matrix && engine.weights) engine.compute();
  if (data.selected && known.zoomed !== data.selected && data.opened) { known.zoomed = data.selected; engine.openOn = data.selected; engine.paint(true, true); }
  if (!data.selected) known.zoomed = null;
  engine.setWalk(data.walk);
  known.pending = null;
  words(known); draw(known);
  if (data.fly && known.flown !== data.fly.id) { known.flown = data.fly.id; engine.fly(data.fly.at, data.fly.zoom); }
}

function build(root, known) {
  known.root = root;
  known.listPart = el("div", "lw-list-part");
  known.lead = el("p", "lw-lead");
  known.tools = el("div", "lw-tools");
  known.count = el("span", "lw-small");
  const label = el("label", "lw-sort"); known.sortWord = el("span"); known.sort = el("select");
  known.sort.addEventListener("change", () => { known.engine.sortOn(known.sort.value); known.sortTerm.tell(known.data.terms, "sort." + known.sort.value); known.setTriggerValue("sort", known.sort.value); });
  label.append(known.sortWord, known.sort);
  known.rowTerm = term(); known.sortTerm = term();
  const counted = el("span", "lw-counted"), sorted = el("span", "lw-counted");
  counted.append(known.count, known.rowTerm); sorted.append(label, known.sortTerm);
  known.tools.append(counted, sorted);
  known.list = el("div", "lw-list"); known.list.tabIndex = 0; known.list.setAttribute("role", "grid");
  known.inner = el("div", "lw-list-inner"); known.inner.setAttribute("role", "rowgroup"); known.list.appendChild(known.inner);
  known.empty = el("div", "lw-empty"); known.emptyWord = el("p"); known.emptyDo = el("button", "lw-do"); known.emptyDo.type = "button";
  known.emptyDo.addEventListener("click", () => widen(known));
  known.empty.append(known.emptyWord, known.emptyDo);
  known.rows = new Map(); known.active = 0;
  const moved = () => { known.sight = null; drawRows(known); };
  known.list.addEventListener("scroll", moved, { passive: true });
  // on paper all rows are there, not only those in sight
  for (const [event, paper] of [["beforeprint", true], ["afterprint", false]]) window.addEventListener(event, () => { if (root.isConnected) { known.paper = paper; drawRows(known); } });
  known.list.addEventListener("keydown", (e) => keys(e, known));
  new ResizeObserver(moved).observe(known.list);
  known.narrow = narrowing(known);
  known.welcome = welcome();
  const top = el("div", "lw-lead-line"); top.append(known.lead, known.welcome.help);
  known.listPart.append(known.welcome.box, top, known.narrow.box, known.tools, known.list, known.empty);
  known.sheetPart = el("div", "lw-sheet-part"); known.sheetPart.hidden = true;
  root.append(handle(known), known.listPart, known.sheetPart);
}

/* On a phone the panel is a sheet of three heights: dragged by its handle, or a press for the next. */
const HEIGHTS = [0.24, 0.44, 0.86];
function handle(known) {
  const grip = (known.grip = el("button", "lw-handle")); grip.type = "button";
  const now = () => parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--lw-sheet")) / 100;
  const set = (share) => document.documentElement.style.setProperty("--lw-sheet", (100 * share).toFixed(1) + "dvh");
  let moved = false;
  grip.addEventListener("pointerdown", (e) => {
    moved = false; grip.setPointerCapture(e.pointerId);
    grip.onpointermove = (m) => { if (Math.abs(m.clientY - e.clientY) > 6) moved = true; if (moved) set(Math.max(0.16, Math.min(0.9, 1 - m.clientY / innerHeight))); };
    grip.onpointerup = () => { grip.onpointermove = grip.onpointerup = null; if (moved) set(HEIGHTS.reduce((a, b) => (Math.abs(b - now()) < Math.abs(a - now()) ? b : a))); };
  });
  grip.addEventListener("click", () => { if (moved) { moved = false; return; } set(HEIGHTS.find((h) => h > now() + 0.02) || HEIGHTS[0]); });
  return grip;
}

function words(known) {
  const { data, engine } = known, say = data.texts;
  written = new Intl.NumberFormat(data.language);
  known.sortWord.textContent = say.sort;
  if (known.sortLanguage !== data.language) {
    known.sortLanguage = data.language;
    known.sort.replaceChildren(...data.sorts.map(([value, word]) => { const o = el("option", "", word); o.value = value; return o; }));
  }
  known.sort.value = data.sort;
  known.rowTerm.tell(data.terms, "list_row"); known.sortTerm.tell(data.terms, "sort." + data.sort);
  known.list.setAttribute("aria-label", say.list);
  known.grip.setAttribute("aria-label", say.handle);
  known.narrow.words(data);
  known.welcome.words(say);
}

/* Nothing in the list: say why, and offer the way out. */
function widen(known) {
  if (!known.engine.matrix.ids.length) { const link = document.querySelector('a[href$="/aanleveren"]'); if (link) link.click(); return; }
  known.narrow.clear();
  if (known.engine.visible) known.setTriggerValue("clear", true);
}

function keys(e, known) {
  const list = known.engine.list;
  if (!list || !list.length) return;
  const page = Math.max(1, Math.floor(known.list.clientHeight / rowPx()) - 1);
  const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -list.length, End: list.length }[e.key];
  if (step) {
    e.preventDefault();
    known.active = Math.max(0, Math.min(list.length - 1, known.active + step));
    const y = known.active * rowPx();
    known.sight = null;
    if (y < known.list.scrollTop) known.list.scrollTop = y; else if (y + rowPx() > known.list.scrollTop + known.list.clientHeight) known.list.scrollTop = y + rowPx() - known.list.clientHeight;
    drawRows(known);
  } else if (e.key === "Enter" || e.key === " ") { if (e.target !== known.list) return; e.preventDefault(); choose(known, known.engine.matrix.ids[list[known.active]], true); }
  else if (e.key === "*") { e.preventDefault(); known.narrow.star(known.engine.matrix.ids[list[known.active]]); }
  else if (e.key === "+") { e.preventDefault(); basket(known, known.engine.matrix.ids[list[known.active]]); }
}

function choose(known, plot, pan) {
  known.pending = plot; known.data = { ...known.data, selected: plot };
  known.top = known.list.scrollTop;
  known.zoomed = plot; known.focus = plot;
  const panel = known.root.closest(".st-key-explore-panel");
  if (panel) panel.scrollTop = 0;
  known.engine.select(plot, pan, pan);
  known.setTriggerValue("plot", plot || "");
}
function turn(known, tab) {
  if (known.data.tab === tab) return;
  known.data = { ...known.data, tab };
  draw(known);
  known.setTriggerValue("tab", tab);
}
function basket(known, plot) {
  const now = known.data.basket.includes(plot) ? known.data.basket.filter((p) => p !== plot) : [...known.data.basket, plot].slice(-5);
  known.data = { ...known.data, basket: now };
  draw(known);
  known.setTriggerValue("basket", now);
}

function draw(known) {
  const { engine, data } = known;
  if (!engine.matrix || !engine.weights || !engine.list) return;
  if (known.narrow.begin(engine)) return; // what narrows the list has drawn all anew
  const sheet = data.selected && engine.place.has(data.selected);
  if (known.listPart.hidden !== Boolean(sheet)) {
    known.listPart.hidden = Boolean(sheet); known.sheetPart.hidden = !sheet;
    known.sight = null;
    if (!sheet) known.list.scrollTop = known.top;
  }
  known.root.dataset.rendered = String(Number(known.root.dataset.rendered || 0) + 1);
  tell(known.count, engine.narrowed ? fill(data.texts.narrowed, { count: engine.list.length, all: engine.matrix.ids.length }) : data.count_words);
  if (sheet) drawSheet(known); else { known.narrow.draw(engine); lead(known); drawRows(known); }
}

function lead(known) {
  const { engine, data } = known, list = engine.list;
  const none = engine.matrix.ids.length === 0;
  tell(known.emptyWord, none ? data.texts.no_plots : data.texts.empty);
  tell(known.emptyDo, none ? data.texts.door_deliver : data.texts.widen);
  known.emptyDo.hidden = none && !document.querySelector('a[href$="/aanleveren"]');
  known.empty.hidden = list.length > 0; known.list.hidden = list.length === 0; known.lead.hidden = list.length === 0;
  if (!list.length) return;
  let first = list[0], chance = 0, most = -Infinity;
  for (const i of list) { if (engine.leadOf(i) > engine.leadOf(first)) first = i; most = Math.max(most, engine.low[i]); }
  for (const i of list) if (engine.high[i] >= most) chance++;
  tell(known.lead, (data.missing ? data.missing + " " : "") + fill(chance === 1 ? data.texts.lead_sure : data.texts.lead, { name: engine.matrix.names[first], count: chance }));
}

const scored = (say, low, high, said = say.interval) => (low === high ? String(low) : fill(said, { low, high }));

function row(known) {
  const r = { box: el("div", "lw-row") };
  r.box.setAttribute("role", "row");
  const cell = el("div", "lw-cell"); cell.setAttribute("role", "gridcell");
  r.hex = hexagon(34); r.ranks = el("small", "lw-ranks");
  const left = el("span", "lw-place"); left.append(r.hex.svg, r.ranks);
  r.name = el("b", "lw-name"); r.flag = el("span", "lw-flag"); r.where = el("span", "lw-where-text");
  const middle = el("span", "lw-middle"), below = el("span", "lw-below"); below.append(r.flag, r.where); middle.append(r.name, below);
  r.value = el("span", "lw-value"); r.range = rangeBar();
  r.chance = el("small", "lw-chance");
  const right = el("span", "lw-right"); right.append(r.value, r.range.bar, r.chance);
  cell.append(left, middle, right); cell.addEventListener("click", () => choose(known, r.plot, true));
  const second = el("div", "lw-plus-cell"); second.setAttribute("role", "gridcell");
  r.plus = el("button", "lw-plus"); r.plus.type = "button"; r.plus.tabIndex = -1;
  r.plus.addEventListener("click", (e) => { e.stopPropagation(); basket(known, r.plot); });
  r.star = el("button", "lw-plus lw-star"); r.star.type = "button"; r.star.tabIndex = -1;
  r.star.addEventListener("click", (e) => { e.stopPropagation(); known.narrow.star(r.plot); });
  second.append(r.star, r.plus);
  r.box.append(cell, second); r.cell = cell;
  return r;
}

function drawRows(known) {
  const { engine, data } = known;
  if (!engine.matrix || !engine.list || known.listPart.hidden) return;
  const list = engine.list, m = engine.matrix, say = data.texts;
  known.inner.style.height = list.length * rowPx() + "px";
  mark(known.list, "aria-rowcount", String(list.length));
  // asked once: in a frame that has changed something else the answer costs a layout
  const { top, tall } = (known.sight ||= { top: known.list.scrollTop, tall: known.list.clientHeight });
  const from = known.paper ? 0 : Math.max(0, Math.floor(top / rowPx()) - 2);
  const to = Math.min(list.length, known.paper ? MOST_ON_PAPER : from + Math.ceil(tall / rowPx()) + 5);
  known.pool ||= [];
  while (known.pool.length < to - from) { const r = row(known); known.pool.push(r); known.inner.appendChild(r.box); }
  known.pool.forEach((r, k) => {
    const at = from + k;
    if (at >= to) { if (!r.box.hidden) r.box.hidden = true; return; }
    const i = list[at], plot = m.ids[i], low = Math.round(engine.low[i]), high = Math.round(engine.high[i]), colour = m.ramp[classOf(engine.low[i])];
    if (r.box.hidden) r.box.hidden = false;
    r.box.style.transform = `translateY(${at * rowPx()}px)`;
    mark(r.box, "aria-rowindex", String(at + 1));
    r.box.classList.toggle("lw-active", at === known.active);
    const rank = engine.rankOf(i), [best, worst] = engine.rangeOf(i);
    r.hex.draw(colour, inkOn(colour), String(rank));
    tell(r.ranks, best === worst ? "" : fill(say.ranks, { best, worst }));
    if (r.plot !== plot || r.language !== data.language) {
      r.plot = plot; r.language = data.language;
      tell(r.name, m.names[i]); r.name.title = m.names[i]; tell(r.where, m.where[i]);
      const flag = m.flags_words[m.flag_of[i]];
      tell(r.flag, flag || ""); r.flag.hidden = !flag; r.flag.className = "lw-flag lw-flag-" + m.flag_of[i];
      r.cell.id = "lw-row-" + plot;
    }
    tell(r.value, scored(say, low, high));
    r.range.draw(low, high, colour); // as said in words: a layout less at most frames
    const told = at < 10 && engine.fresh && engine.chances.length === m.ids.length;
    tell(r.chance, told ? fill(say.chance, { percent: engine.chances[i] }) : "");
    const inBasket = data.basket.includes(plot);
    tell(r.plus, inBasket ? "✓" : "+"); mark(r.plus, "aria-pressed", String(inBasket));
    const starred = engine.favourites.has(plot);
    tell(r.star, starred ? "★" : "☆"); mark(r.star, "aria-pressed", String(starred));
    mark(r.star, "aria-label", fill(starred ? say.star_out : say.star_in, { name: m.names[i] }));
    mark(r.plus, "aria-label", fill(inBasket ? say.basket_out : say.basket_in, { name: m.names[i] }));
    mark(r.cell, "aria-label", fill(say.row, { rank, name: m.names[i], score: scored(say, low, high, say.spoken), where: m.where[i], flag: m.flags_words[m.flag_of[i]] || "" }));
  });
  const active = list[known.active];
  if (active !== undefined) mark(known.list, "aria-activedescendant", "lw-row-" + m.ids[active]);
}

// --- the sheet -----------------------------------------------------------------------------------

function drawSheet(known) {
  const { engine, data } = known, m = engine.matrix, plot = data.selected, i = engine.place.get(plot), say = data.texts;
  const ready = data.sheet && data.sheet.plot === plot;
  const sign = plot + data.language + m.version + (ready ? data.sheet.stamp + data.sheet_at : "");
  if (known.sheetSign !== sign) { known.sheetSign = sign; makeSheet(known, i, ready ? data.sheet : null); }
  const s = known.sheet, low = Math.round(engine.low[i]), high = Math.round(engine.high[i]), k = classOf(engine.low[i]), colour = m.ramp[k];
  const at = engine.list.indexOf(i);
  tell(s.where, at >= 0 ? fill(say.nth, { place: at + 1, count: engine.list.length }) : say.outside);
  s.hex.draw(colour, inkOn(colour), String(engine.rankOf(i)));
  tell(s.score, scored(say, low, high));
  s.range.draw(engine.low[i], engine.high[i], colour);
  const [best, worst] = engine.rangeOf(i);
  tell(s.rank, " " + (best === worst ? fill(say.rank_one, { rank: best, count: engine.ranked }) : fill(say.rank_range, { rank: engine.rankOf(i), best, worst })));
  tell(s.klass, data.fixed ? m.classes[k][0].toUpperCase() + m.classes[k].slice(1) + "." : "");
  s.tabs.forEach((tab, k) => {
    const chosen = tab.dataset.tab === data.tab;
    tell(tab, data.tabs[k][1]); tab.tabIndex = chosen ? 0 : -1; mark(tab, "aria-selected", String(chosen));
  });
  s.why.hidden = data.tab !== "why";
  const inBasket = data.basket.includes(plot);
  tell(s.compare, inBasket ? say.compare_out : say.compare_in); mark(s.compare, "aria-pressed", String(inBasket));
  const whole = wholeShares(m.criteria, engine.weights).groups;
  (s.groups || []).forEach(({ key, share, score }) => {
    const own = m.criteria.filter((c) => c.group === key);
    let weight = 0, a = 0, b = 0, alikeA = 0, alikeB = 0;
    own.forEach((c) => {
      const w = engine.weights[c.key] || 0, at = m.criteria.indexOf(c), l = engine.lowOf[at][i], h = l + (engine.spanOf[at] ? engine.spanOf[at][i] : 0);
      weight += w; a += w * l; b += w * h; alikeA += l / own.length; alikeB += h / own.length;
    });
    // what stands beside the score has a score of its own, its criteria counting alike
    tell(share, weight > 0 ? fill(say.group_share, { share: whole.get(key) }) : say.beside);
    if (weight > 0) { alikeA = a / weight; alikeB = b / weight; }
    tell(score, scored(say, Math.round(100 * alikeA), Math.round(100 * alikeB)));
  });
}

function headed(word, terms, key) {
  const box = el("div", "lw-headed"); box.append(el("h3", "", word), term(terms, key));
  return box;
}

function makeSheet(known, i, sheet) {
  const { engine, data } = known, m = engine.matrix, say = data.texts, s = (known.sheet = {});
  const part = el("article", "lw-sheet");
  const nav = el("div", "lw-sheet-nav"), back = el("button", "lw-link lw-back", "← " + say.back); back.type = "button";
  back.addEventListener("click", () => { choose(known, null, false); setTimeout(() => known.list.focus({ preventScroll: true }), 0); });
  s.where = el("span", "lw-small");
  const go = (word, step) => {
    const b = el("button", "lw-step", step < 0 ? "↑" : "↓"); b.type = "button"; b.setAttribute("aria-label", word); b.title = word;
    b.addEventListener("click", () => { const list = engine.list, at = list.indexOf(engine.place.get(known.data.selected)) + step; if (at >= 0 && at < list.length) choose(known, m.ids[list[at]], true); });
    return b;
  };
  nav.append(back, s.where, go(say.previous, -1), go(say.next, 1));
  const head = el("div", "lw-sheet-head"), title = el("div");
  s.hex = hexagon(46);
  const name = el("h2", "", m.names[i]); name.tabIndex = -1;
  const line = el("p", "lw-where-text", m.where[i]), flag = m.flags_words[m.flag_of[i]];
  if (flag) line.append(" ", el("span", "lw-flag lw-flag-" + m.flag_of[i], flag));
  title.append(name, line); head.append(s.hex.svg, title);
  const total = el("div", "lw-total"); s.score = el("span", "lw-big"); s.range = rangeBar();
  total.append(s.score, el("span", "lw-small", say.of_hundred), term(data.terms, "range"), s.range.bar);
  const verdict = el("p", "lw-verdict"); s.klass = el("b"); s.rank = el("span"); verdict.append(s.klass, s.rank, " ", term(data.terms, "possible_rank"));
  const buttons = el("div", "lw-buttons");
  const zoom = el("button", "lw-do", say.zoom); zoom.type = "button"; zoom.addEventListener("click", () => engine.channel.postMessage({ type: "zoom-to", plot: known.data.selected }));
  s.compare = el("button", "lw-do"); s.compare.type = "button"; s.compare.addEventListener("click", () => basket(known, known.data.selected));
  const change = el("button", "lw-do", say.change); change.type = "button"; change.addEventListener("click", () => known.setTriggerValue("change", known.data.selected));
  const share = el("button", "lw-do", say.share); share.type = "button";
  share.addEventListener("click", async () => { try { await navigator.clipboard.writeText(location.href); share.textContent = say.copied; } catch (e) { share.textContent = say.copy_failed; } setTimeout(() => { share.textContent = say.share; }, 2500); });
  buttons.append(zoom, s.compare, ...(data.may_change ? [change] : []), share);
  const tabs = el("div", "lw-tabs"); tabs.setAttribute("role", "tablist"); tabs.setAttribute("aria-label", say.tabs);
  const why = el("div", "lw-why"); s.tabs = data.tabs.map(([key, word]) => {
    const tab = el("button", "lw-tab", word); tab.type = "button"; tab.setAttribute("role", "tab"); tab.dataset.tab = key;
    tab.addEventListener("click", () => turn(known, key));
    tabs.appendChild(tab);
    return tab;
  });
  tabs.addEventListener("keydown", (e) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key], at = s.tabs.indexOf(document.activeElement);
    if (!step || at < 0) return;
    e.preventDefault();
    const next = s.tabs[(at + step + s.tabs.length) % s.tabs.length];
    next.focus(); turn(known, next.dataset.tab);
  });
  s.why = why;
  part.append(nav, head, total, verdict, buttons, tabs, why);
  if (!sheet) { why.appendChild(el("p", "lw-waiting", say.loading)); known.sheetPart.replaceChildren(part); return; }
  const reasons = el("div", "lw-reasons");
  [["for", "+", say.reasons_for], ["against", "−", say.reasons_against]].forEach(([key, sign, word]) => {
    const column = el("section"); column.append(key === "for" ? headed(word, data.terms, "reasons") : el("h3", "", word));
    const list = el("ul");
    sheet[key].forEach(([kind, text]) => { const item = el("li", "lw-reason-" + kind); item.append(el("span", "lw-sign", kind === "open" ? "?" : sign), el("span", "", text)); item.firstChild.setAttribute("aria-hidden", "true"); list.appendChild(item); });
    if (!sheet[key].length) list.appendChild(el("li", "lw-small", say.no_reasons));
    column.appendChild(list); reasons.appendChild(column);
  });
  why.appendChild(reasons);
  const limits = el("section", "lw-limits");
  limits.append(headed(say.limits, data.terms, "limit"));
  if (!sheet.limits.length) limits.appendChild(el("p", "lw-limit lw-limit-none", sheet.no_limits));
  sheet.limits.forEach((limit) => {
    const box = el("div", "lw-limit lw-limit-" + limit.level), first = el("p");
    first.append(el("b", "", limit.outcome[0].toUpperCase() + limit.outcome.slice(1) + ". "), limit.reason + " ", term(data.terms, "limit." + (3 - limit.level)));
    box.append(first, el("p", "", say.remedy + ": " + limit.lifted_by), ...(limit.who ? [el("p", "", limit.who)] : []), el("p", "lw-small", say.rule + ": " + limit.article));
    limits.appendChild(box);
  });
  why.appendChild(limits);
  if (sheet.ask.length) {
    const ask = el("section"); ask.append(headed(say.ask, data.terms, "ask"));
    const list = el("ol", "lw-ask"); sheet.ask.forEach((text) => list.appendChild(el("li", "", text)));
    ask.appendChild(list);
    if (data.may_change && sheet.answerable) {
      const answer = el("button", "lw-do", say.answer); answer.type = "button";
      answer.addEventListener("click", () => known.setTriggerValue("answer", known.data.selected));
      ask.appendChild(answer);
    }
    why.appendChild(ask);
  }
  s.groups = sheet.groups.map((group) => {
    const section = el("section", "lw-criteria lw-" + group.key), top = el("h3");
    const share = el("small"), score = el("b");
    top.append(el("span", "", group.name), share, score);
    const head = el("div", "lw-headed"); head.append(top, term(data.terms, "group." + group.key)); section.appendChild(head);
    group.rows.forEach((r) => {
      const row = el("details"), line = el("summary"), track = el("span", "lw-track");
      if (r.unknown) track.appendChild(el("u", "lw-unknown-bar"));
      else if (r.high > r.low) { const u = el("u"); u.style.left = r.low + "%"; u.style.width = r.high - r.low + "%"; track.appendChild(u); }
      if (!r.unknown) { const dot = el("i"); dot.style.left = r.low + "%"; track.appendChild(dot); }
      if (r.middle !== null) { const tick = el("em"); tick.style.left = r.middle + "%"; track.appendChild(tick); }
      track.setAttribute("role", "img"); track.setAttribute("aria-label", r.told);
      line.append(el("span", "lw-criterion-name", r.name), track, el("span", "lw-measured" + (r.unknown ? " lw-is-unknown" : ""), r.value));
      const more = el("div", "lw-small"); more.append(el("p", "", r.explained), el("p", "", say.weight + ": " + r.weight + " · " + say.source + ": " + r.source));
      if (r.url) { const a = el("a", "", r.url); a.href = r.url; a.rel = "noopener noreferrer"; a.target = "_blank"; more.appendChild(a); }
      row.append(line, more); section.appendChild(row);
    });
    why.appendChild(section);
    return { key: group.key, share, score };
  });
  const foot = el("div", "lw-headed"); foot.append(el("p", "lw-small lw-key", say.key), term(data.terms, "middle")); why.appendChild(foot);
  known.sheetPart.replaceChildren(part);
  if (known.focus === data.selected) { known.focus = null; name.focus({ preventScroll: true }); }
}
