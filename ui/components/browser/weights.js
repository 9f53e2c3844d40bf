/* The weights: one bar of a hundred with two dividers, and a slider for each criterion behind a
   button. All follows while it is dragged; the server hears of it when the hand lets go. */
import { el, mark, tell } from "./dom.js";
import { engineOf, wholeShares } from "./engine.js";
import { term } from "./term.js";

const GRIP_PX = 14; // explore.css
const APART_PX = 6;

export function weightsBar({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".lw-weights");
  const known = root.known || (root.known = {});
  const engine = engineOf(data.channel);
  Object.assign(known, { data, setTriggerValue, engine });
  if (!known.dragging) {
    known.groups = { ...data.groups }; known.points = { ...data.points };
    engine.lead = data.lead;
    engine.set(data.shares);
  }
  if (!root.childElementCount || known.language !== data.language || known.kind !== data.kind) build(root, known);
  draw(root, known);
  window.locatiewijzerEngine = engine;
}

/* The same rule as ui/explore/model.py combine_weights; at the defaults the kader's own weights. */
export function sharesOf(data, groups, points) {
  const same = Object.keys(data.default_groups).every((g) => groups[g] === data.default_groups[g]) && Object.keys(data.default_points).every((k) => points[k] === data.default_points[k]);
  if (same) return data.kader_shares;
  const names = Object.keys(data.default_groups).filter((g) => data.criteria.some((c) => c.group === g));
  const total = names.reduce((s, g) => s + groups[g], 0), shares = {};
  for (const g of names) {
    const own = data.criteria.filter((c) => c.group === g), within = own.reduce((s, c) => s + points[c.key], 0);
    const share = total > 0 ? groups[g] / total : 1 / names.length;
    for (const c of own) shares[c.key] = share * (within > 0 ? points[c.key] / within : 1 / own.length);
  }
  return shares;
}

function build(root, known) {
  const { data } = known;
  known.language = data.language; known.kind = data.kind;
  root.replaceChildren();
  const bar = el("div", "lw-split"); known.segments = {};
  bar.setAttribute("role", "group"); bar.setAttribute("aria-label", data.texts.title);
  data.order.forEach((group, k) => {
    const part = el("div", "lw-segment lw-" + group);
    const words = el("div", "lw-share"), value = el("b");
    words.append(el("span", "", data.group_names[group]), " ", value); part.append(words); part.title = data.group_names[group];
    known.segments[group] = { part, words, value, wide: 0 };
    bar.appendChild(part);
    if (k === data.order.length - 1) return;
    const grip = el("button", "lw-grip"); grip.type = "button";
    grip.setAttribute("role", "slider");
    grip.setAttribute("aria-valuemin", "0"); grip.setAttribute("aria-valuemax", "100");
    grip.addEventListener("pointerdown", (e) => drag(e, grip, bar, known, k));
    grip.addEventListener("keydown", (e) => {
      const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageUp: 10, PageDown: -10 }[e.key];
      if (!step) return;
      e.preventDefault(); shift(known, k, step); live(root, known); release(known, 400);
    });
    known["grip" + k] = grip;
    bar.appendChild(grip);
  });
  known.root = root;
  known.bar = bar;
  // told after the layout and before the paint, so that no frame waits for a layout of its own
  const sized = new ResizeObserver((entries) => {
    entries.forEach(({ target, contentRect }) => {
      if (target === bar) known.room = contentRect.width;
      else Object.values(known.segments).forEach((segment) => { if (segment.words === target) segment.wide = contentRect.width; });
    });
    place(known);
  });
  [bar, ...Object.values(known.segments).map(({ words }) => words)].forEach((one) => sized.observe(one));
  const foot = el("div", "lw-weights-foot");
  known.badge = el("span", "lw-badge");
  known.reset = el("button", "lw-link lw-reset", data.texts.reset); known.reset.type = "button";
  known.reset.addEventListener("click", () => { known.groups = { ...data.default_groups }; known.points = { ...data.default_points }; live(root, known); release(known, 0); });
  known.more = el("button", "lw-link", data.texts.criteria); known.more.type = "button";
  known.more.setAttribute("aria-expanded", "false");
  known.drawer = criteria(known); known.drawer.hidden = true;
  known.more.addEventListener("click", () => { known.drawer.hidden = !known.drawer.hidden; known.more.setAttribute("aria-expanded", String(!known.drawer.hidden)); draw(root, known); });
  known.drawer.addEventListener("keydown", (e) => { if (e.key === "Escape") { known.drawer.hidden = true; known.more.focus(); } });
  foot.append(known.badge, term(data.terms, "kader"), known.reset, known.more, term(data.terms, "weight"));
  root.append(bar, foot, known.drawer);
}

function criteria(known) {
  const { data } = known, drawer = el("div", "lw-drawer");
  drawer.setAttribute("role", "region"); drawer.setAttribute("aria-label", data.texts.criteria);
  const close = el("button", "lw-close", "×"); close.type = "button"; close.setAttribute("aria-label", data.texts.close);
  close.addEventListener("click", () => { drawer.hidden = true; known.more.setAttribute("aria-expanded", "false"); known.more.focus(); });
  drawer.append(close, el("p", "lw-small", data.texts.criteria_help));
  known.sliders = {};
  data.order.forEach((group) => {
    const part = el("fieldset", "lw-" + group);
    const legend = el("legend", "", data.group_names[group] + " "); legend.appendChild(term(data.terms, "group." + group)); part.appendChild(legend);
    data.criteria.filter((c) => c.group === group).forEach((c) => {
      const label = el("label", "lw-criterion"), input = el("input"), value = el("output");
      input.type = "range"; input.min = 0; input.max = 100; input.step = 1;
      label.append(el("span", "", c.name), input, value);
      input.addEventListener("input", () => { known.points[c.key] = Number(input.value); live(known.root, known); known.dragging = true; });
      input.addEventListener("change", () => release(known, 0));
      known.sliders[c.key] = { input, value };
      const line = el("div", "lw-criterion-line"); line.append(label, term({ label: data.terms.label, [c.key]: [c.name, c.explained] }, c.key));
      part.appendChild(line);
    });
    drawer.appendChild(part);
  });
  return drawer;
}

// shares as they are shown; a divider moves its two neighbours only
const shown = (known) => wholeShares(known.data.criteria, sharesOf(known.data, known.groups, known.points));
function hundred(known) {
  const { groups } = shown(known);
  return known.data.order.map((group) => groups.get(group));
}
function shift(known, k, step) {
  const whole = hundred(known), names = known.data.order;
  const moved = Math.max(-whole[k], Math.min(step, whole[k + 1]));
  whole[k] += moved; whole[k + 1] -= moved;
  names.forEach((g, i) => { known.groups[g] = whole[i]; });
}
function drag(e, grip, bar, known, k) {
  e.preventDefault(); grip.setPointerCapture(e.pointerId); grip.focus();
  const box = bar.getBoundingClientRect(), whole = hundred(known), start = e.clientX;
  const from = { ...Object.fromEntries(known.data.order.map((g, i) => [g, whole[i]])) };
  known.dragging = true;
  grip.onpointermove = (move) => {
    known.groups = { ...from };
    shift(known, k, Math.round((100 * (move.clientX - start)) / (box.width - GRIP_PX * (whole.length - 1))));
    live(known.root, known);
  };
  grip.onpointerup = grip.onpointercancel = () => { grip.onpointermove = grip.onpointerup = grip.onpointercancel = null; release(known, 0); };
}
function live(root, known) {
  known.engine.later(sharesOf(known.data, known.groups, known.points));
  draw(root, known);
}
function release(known, wait) {
  clearTimeout(known.timer);
  known.dragging = true;
  known.timer = setTimeout(() => {
    known.dragging = false;
    known.setTriggerValue("weights", { kind: known.data.kind, groups: known.groups, points: known.points });
  }, wait);
}
/* Names stand above their part of the bar; where that is too narrow they move over, whole. */
function place(known) {
  if (!known.room) return;
  const whole = hundred(known), long = known.room - GRIP_PX * (whole.length - 1), here = [];
  let start = 0, end = 0;
  known.data.order.forEach((group, i) => {
    const { words, wide } = known.segments[group];
    if (whole[i]) {
      const at = Math.max(start, end);
      here.push({ words, wide, at });
      end = at + wide + APART_PX;
    }
    start += (long * whole[i]) / 100 + GRIP_PX;
  });
  end = known.room;
  here.reverse().forEach(({ words, wide, at }) => {
    const moved = Math.min(at, end - wide);
    words.style.left = moved + "px";
    end = moved - APART_PX;
  });
}
function draw(root, known) {
  const { data } = known, whole = hundred(known);
  let sum = 0;
  data.order.forEach((group, i) => {
    const { part, value } = known.segments[group];
    part.classList.toggle("lw-none", whole[i] === 0);
    part.style.flexBasis = `calc((100% - ${GRIP_PX * (data.order.length - 1)}px) * ${whole[i] / 100})`;
    tell(value, String(whole[i]));
    sum += whole[i];
    const grip = known["grip" + i];
    if (!grip) return;
    mark(grip, "aria-valuenow", String(sum));
    mark(grip, "aria-label", data.texts.divider.replace("{one}", data.group_names[group]).replace("{other}", data.group_names[data.order[i + 1]]));
    mark(grip, "aria-valuetext", `${data.group_names[group]} ${whole[i]}, ${data.group_names[data.order[i + 1]]} ${whole[i + 1]}`);
  });
  place(known);
  const sliders = known.drawer.hidden ? [] : Object.entries(known.sliders), each = sliders.length ? shown(known).criteria : null;
  for (const [key, { input, value }] of sliders) {
    input.value = known.points[key];
    tell(value, data.texts.percent.replace("{value}", each.get(key))); mark(input, "aria-valuetext", value.textContent);
  }
  const own = sharesOf(data, known.groups, known.points) !== data.kader_shares;
  tell(known.badge, own ? data.texts.own : data.badge);
  known.badge.className = "lw-badge" + (!own && data.fixed ? " lw-badge-fixed" : "");
  known.reset.hidden = !own;
}
