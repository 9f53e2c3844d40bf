/* What moves while a weight is dragged: totals, ranks and order of all plots, from a matrix of
   scores that was sent once. Weights bar, list, sheet and map listen to the same engine; the server
   hears of it when the hand lets go. Plots are spoken of by identifier. */
import { keepInAddress } from "./address.js";
import { possibleRanks } from "./ranks.js";

const DECIMALS = 1e5; // scores travel as 32-bit numbers: closer totals than this are the same
const BREAKS = [20, 40, 60, 80];
const BITS = { interval: 8, hidden: 128 };
const engines = new Map();

export function engineOf(channel) {
  if (!engines.has(channel)) engines.set(channel, new Engine(channel));
  return engines.get(channel);
}

class Engine {
  constructor(name) {
    this.channel = new BroadcastChannel(name);
    this.listeners = new Set(); this.favourites = new Set();
    this.matrix = null; this.weights = null; this.selected = null; this.shade = "none"; this.visible = null;
    this.extent = null; this.sortBy = this.lead = "low"; this.frame = 0; this.frames = 0;
    this.channel.onmessage = (event) => this.heard(event.data);
  }
  heard(m) {
    if (!m) return;
    if (m.type === "hello") { this.inView = m.view || null; this.facts(); this.tellWalk(); if (this.extent) this.channel.postMessage({ type: "extent-is", version: m.version, ...this.extent }); this.paint(Boolean(this.openOn), Boolean(this.openOn)); this.openOn = null; }
    if (m.type === "extent") { this.extent = { centre: m.centre, zoom: m.zoom }; this.inView = m.view || null; this.address(); if (this.onlyInView) this.refilter(); }
    // what the card of a plot says beside its score; asked for when somebody points at it
    if (m.type === "rank-wanted" && this.matrix && m.version === this.matrix.version && this.place.has(m.plot)) {
      const [best, worst] = this.rangeOf(this.place.get(m.plot));
      this.channel.postMessage({ type: "rank", version: m.version, plot: m.plot, best, worst, ranked: this.ranked });
    }
    if (m.type === "click" && this.onChoose) this.onChoose(m.plot);
    if (m.type === "walk-wanted" && this.onWalk) { this.onWalk(m.on); if (m.on) this.tellWalk(); }
  }
  // The extent of the map goes into the address of the page, so that a link restores it; no rerun.
  address() {
    keepInAddress({ view: [this.extent.centre[0].toFixed(5), this.extent.centre[1].toFixed(5), this.extent.zoom].join(",") });
  }
  facts() { if (this.matrix) this.channel.postMessage({ type: "facts", version: this.matrix.version, where: this.matrix.where }); }
  listen(f) { this.listeners.add(f); return () => this.listeners.delete(f); }
  take(matrix) {
    this.matrix = matrix;
    const n = matrix.ids.length, m = matrix.criteria.length;
    this.low = new Float64Array(n); this.high = new Float64Array(n);
    this.sum = new Float64Array(n); this.steps = null;
    this.order = new Uint32Array(n); this.codes = new Uint8Array(n);
    this.sortedLead = new Float64Array(n); this.exactLow = new Float64Array(n); this.exactHigh = new Float64Array(n);
    this.place = new Map(matrix.ids.map((id, i) => [id, i]));
    // by criterion: one column after another, so that a weight of nought costs nothing
    this.lowOf = []; this.spanOf = [];
    const ends = ([lowBits, bits]) => [lowBits, bits.map((v, i) => v ^ lowBits[i])].map((block) => new Float32Array(block.buffer));
    for (let k = 0; k < m; k++) {
      const [low, high] = ends(matrix.blocks.slice(2 * k));
      let open = false;
      const span = new Float32Array(n);
      for (let i = 0; i < n; i++) { span[i] = high[i] - low[i]; if (span[i]) open = true; }
      this.lowOf.push(low); this.spanOf.push(open ? span : null);
    }
    // feasibility stands beside the score: its criteria count alike, whatever their weight
    const beside = matrix.criteria.map((c, k) => [c.group, k]).filter(([g]) => g === "haalbaarheid").map(([, k]) => k);
    this.feasible = new Float64Array(n);
    for (const k of beside) for (let i = 0; i < n; i++) this.feasible[i] += this.lowOf[k][i] + (this.spanOf[k] ? this.spanOf[k][i] / 2 : 0);
    const rest = matrix.blocks.slice(2 * m);
    [this.area, this.placesLow] = rest;
    this.flags = Uint8Array.from(rest[2]); matrix.flag_of = rest[3]; matrix.town_of = rest[4]; this.past = rest[5];
    // what turns out alike for all plots, step by step, as scoring.ranking counts it
    this.shared = (matrix.shared || []).map((k, s) => ({ k, ends: ends(rest.slice(6 + 2 * s)) }));
    this.leads = new Float64Array(n);
    this.municipal = (matrix.municipal || []).map((k) => ({ k }));
    this.takes = new Uint8Array(n);
    this.facts();
    if (this.weights) this.compute();
  }
  set(weights) { this.weights = weights; if (this.matrix) this.compute(); }
  // asked for many times in a frame, done once
  later(weights) {
    this.weights = weights; this.fresh = false;
    if (!this.frame) this.frame = requestAnimationFrame(() => {
      const began = performance.now();
      this.frame = 0; this.compute();
      this.spent = performance.now() - began; this.frames++;
      (this.timings ||= []).push(this.spent);
    });
  }
  compute() {
    const { low, high, matrix } = this, n = low.length, m = matrix.criteria.length;
    low.fill(0); high.fill(0);
    for (let k = 0; k < m; k++) {
      const w = 100 * (this.weights[matrix.criteria[k].key] || 0);
      if (!w) continue;
      const a = this.lowOf[k], span = this.spanOf[k];
      for (let i = 0; i < n; i++) low[i] += w * a[i];
      if (span) for (let i = 0; i < n; i++) high[i] += w * span[i];
    }
    for (let i = 0; i < n; i++) {
      this.exactLow[i] = low[i]; this.exactHigh[i] = low[i] + high[i];
      high[i] = rounded(this.exactHigh[i]); low[i] = rounded(low[i]);
    }
    // dropped and realised plots take no place, unless they are asked for
    let ranked = 0;
    for (let i = 0; i < n; i++) if ((this.takes[i] = this.ranksPast || !this.past[i])) this.leads[ranked++] = this.leadOf(i);
    this.ranked = ranked;
    this.steps = null;
    this.sortedLead = this.leads.subarray(0, ranked).sort();
    for (let i = 0; i < n; i++) {
      const a = classOf(low[i]);
      this.codes[i] = a | (classOf(high[i]) !== a ? BITS.interval : 0) | this.flags[i] | (this.passes(i) ? 0 : BITS.hidden);
    }
    this.sort();
    this.paint(false);
    for (const f of this.listeners) f();
  }
  // best and worst rank that a plot can have
  rangeOf(i) {
    if (!this.steps) this.steps = this.byStep();
    return possibleRanks(i, this.steps, this.takes, this.steps[0].length > 2 ? this.matrix.town_of : null);
  }
  // all totals by steps of what turns out alike for all plots; of towns, without what is one for the town too
  byStep() {
    const { matrix } = this, weighty = ({ k }) => this.weights[matrix.criteria[k].key] > 0;
    const shared = this.shared.filter(weighty), municipal = this.municipal.filter(weighty), steps = [];
    const ends = this.without(shared).concat(municipal.length ? this.without([...shared, ...municipal]) : []);
    for (let step = 0; step < (shared.length ? matrix.steps : 1); step++) steps.push(ends.map((totals, end) => this.wholeAt(step, totals, shared, end % 2)));
    return steps;
  }
  // lowest and highest totals without some criteria
  without(criteria) {
    const totals = [this.exactLow.slice(), this.exactHigh.slice()];
    for (const { k } of criteria) {
      const w = 100 * this.weights[this.matrix.criteria[k].key], low = this.lowOf[k], span = this.spanOf[k];
      for (let i = 0; i < low.length; i++) { totals[0][i] -= w * low[i]; totals[1][i] -= w * (low[i] + (span ? span[i] : 0)); }
    }
    return totals;
  }
  // totals with what some criteria are in a step, as whole numbers: equal ones are equal then
  wholeAt(step, totals, shared, end) {
    const n = totals.length, at = step * n, sum = this.sum, whole = new Int32Array(n);
    sum.set(totals);
    for (const { k, ends } of shared) {
      const w = 100 * this.weights[this.matrix.criteria[k].key], scores = ends[end];
      for (let i = 0; i < n; i++) sum[i] += w * scores[at + i];
    }
    for (let i = 0; i < n; i++) whole[i] = Math.round(sum[i] * DECIMALS);
    return whole;
  }
  // rank among all plots: equal scores share a place
  // what the histogram and "in view" leave; the server's own filters are in visible
  passes(i) {
    if (this.visible && !this.visible[i]) return false;
    const middle = (this.low[i] + this.high[i]) / 2;
    if (this.between && (middle < this.between[0] || middle > this.between[1])) return false;
    if (this.onlyStarred && !this.favourites.has(this.matrix.ids[i])) return false;
    return !(this.onlyInView && this.inView) || this.inView.has(this.matrix.ids[i]);
  }
  get narrowed() { return Number(Boolean(this.between)) + Number(Boolean(this.onlyInView)) + Number(Boolean(this.onlyStarred)); }
  refilter() { if (this.matrix && this.weights) this.compute(); }
  rankOf(i) { return this.sortedLead.length - after(this.sortedLead, this.leadOf(i)) + 1; }
  // by which total plots stand: what is certain, or the middle of what is possible
  leadOf(i) { return this.lead === "middle" ? Math.round((this.low[i] + this.high[i]) / 2 * DECIMALS) / DECIMALS : this.low[i]; }
  sort() {
    const { low, high, order } = this, n = low.length, names = this.matrix.names, key = new Float64Array(n);
    const columns = { low: low, high, middle: null, chance: this.chances || null, feasible: this.feasible, area: this.area, places: this.placesLow };
    if (this.sortBy === "name" || this.sortBy === "town") {
      const texts = this.sortBy === "name" ? names : Array.from(this.matrix.town_of, (t) => (t < 0 ? "~" : this.matrix.towns[t]));
      for (let i = 0; i < n; i++) order[i] = i;
      order.sort((a, b) => texts[a].localeCompare(texts[b]) || low[b] - low[a] || a - b);
    } else {
      const column = columns[this.sortBy];
      for (let i = 0; i < n; i++) { order[i] = i; key[i] = column ? column[i] : (low[i] + high[i]) / 2; }
      const second = this.sortBy === "high" || this.sortBy === "middle" ? low : high;
      order.sort((a, b) => key[b] - key[a] || second[b] - second[a] || a - b);
    }
    this.list = this.visible || this.narrowed ? order.filter((i) => this.passes(i)) : order;
  }
  sortOn(column) { this.sortBy = column; if (this.matrix && this.weights) { this.sort(); this.paint(false); for (const f of this.listeners) f(); } }
  filter(visible) { this.visible = visible; if (this.matrix && this.weights) this.compute(); }
  paint(pan, zoom) {
    if (!this.matrix || !this.weights) return;
    const top = Array.from(this.list.subarray(0, 10));
    this.channel.postMessage({
      type: "paint", version: this.matrix.version, codes: this.codes, shade: this.shade, selected: this.selected || "", pan, zoom,
      state: { low: this.low, high: this.high, top, ranks: top.map((i) => this.rankOf(i)) },
    });
  }
  select(plot, pan, zoom) { this.selected = plot; this.paint(pan, zoom); for (const f of this.listeners) f(); }
  // how far one gets on foot from the chosen plot, as the server worked it out
  setWalk(walk) { if (JSON.stringify(walk) !== JSON.stringify(this.walk)) { this.walk = walk; this.tellWalk(); } }
  tellWalk() { if (this.matrix && this.walk) this.channel.postMessage({ type: "walk", version: this.matrix.version, walk: this.walk }); }
  fly(at, zoom) { this.channel.postMessage({ type: "fly", at, zoom }); }
  setShade(shade) { this.shade = shade; this.channel.postMessage({ type: "shade", shade }); }
}

function rounded(total) { return Math.round(total * DECIMALS) / DECIMALS; }

function after(sorted, value) {
  let a = 0, b = sorted.length;
  while (a < b) { const c = (a + b) >>> 1; if (sorted[c] <= value) a = c + 1; else b = c; }
  return a;
}
export function classOf(total) {
  let k = 0;
  while (k < 4 && total >= BREAKS[k]) k++;
  return k;
}

/* Shares as whole points that add up to a hundred, by largest remainder: of the groups, and of the
   criteria within theirs, so that those of a group add up to what the group shows. */
export function wholeShares(criteria, shares) {
  const exact = new Map();
  for (const { key, group } of criteria) exact.set(group, (exact.get(group) || 0) + 100 * (shares[key] || 0));
  const groups = apportioned(exact, 100), each = new Map();
  for (const [group, whole] of groups) {
    const own = criteria.filter((c) => c.group === group).map(({ key }) => [key, exact.get(group) ? ((shares[key] || 0) * 100 * whole) / exact.get(group) : 0]);
    for (const [key, share] of apportioned(new Map(own), exact.get(group) ? whole : 0)) each.set(key, share);
  }
  return { groups, criteria: each };
}
function apportioned(exact, sum) {
  const rows = [...exact].map(([name, value], at) => ({ name, at, whole: Math.floor(value + 1e-9), rest: Math.round((value - Math.floor(value + 1e-9)) * 1e9) }));
  const left = sum - rows.reduce((total, row) => total + row.whole, 0);
  [...rows].sort((a, b) => b.rest - a.rest || a.at - b.at).slice(0, Math.max(0, left)).forEach((row) => { row.whole++; });
  return new Map(rows.map(({ name, whole }) => [name, whole]));
}
