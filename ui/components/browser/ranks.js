/* The ranks that plots can have within their intervals, by the rule of `possible_ranks` in
   scoring/ranking.py: certainly above another is who has at least more than the other at most.
   Totals are whole numbers here, so that equal ones are equal. */

const FEW = 16; // so many in one cell are looked through one by one

/* Of whole numbers, how many are at most a value. They lie in cells, each of a part of their range,
   so that a question looks into one cell only; sorting and halving takes several times as long. */
class Counted {
  constructor(most) {
    this.start = new Int32Array(4 * most + 16); this.next = new Int32Array(4 * most + 16);
    this.sorted = new Int32Array(most); this.cell = new Int32Array(most); this.count = 0;
  }
  /* Take the values at some places. */
  take(values, places) {
    const { start, next, sorted, cell } = this, count = (this.count = places.length);
    let least = Infinity, most = -Infinity;
    for (let k = 0; k < count; k++) { const v = values[places[k]]; if (v < least) least = v; if (v > most) most = v; }
    if (!count) return;
    let cells = 8;
    while (cells < 2 * count) cells *= 2;
    const scale = cells / (most - least + 1);
    Object.assign(this, { least, most, scale });
    start.fill(0, 0, cells + 1);
    for (let k = 0; k < count; k++) { const c = ((values[places[k]] - least) * scale) | 0; cell[k] = c; start[c + 1]++; }
    for (let c = 0; c < cells; c++) { next[c] = start[c]; start[c + 1] += start[c]; }
    for (let k = 0; k < count; k++) sorted[next[cell[k]]++] = values[places[k]];
    for (let c = 0; c < cells; c++) if (start[c + 1] - start[c] > 1) this.arrange(start[c], start[c + 1]);
  }
  arrange(from, to) {
    const { sorted } = this;
    if (to - from > FEW) { sorted.subarray(from, to).sort(); return; }
    for (let k = from + 1; k < to; k++) {
      const v = sorted[k];
      let at = k;
      for (; at > from && sorted[at - 1] > v; at--) sorted[at] = sorted[at - 1];
      sorted[at] = v;
    }
  }
  upTo(value) {
    if (!this.count || value < this.least) return 0;
    if (value >= this.most) return this.count;
    const { sorted, start } = this, c = ((value - this.least) * this.scale) | 0;
    let at = start[c], to = start[c + 1];
    while (to - at > FEW) { const middle = (at + to) >>> 1; if (sorted[middle] <= value) at = middle + 1; else to = middle; }
    while (at < to && sorted[at] <= value) at++;
    return at;
  }
}

/* Best and worst rank of so many plots; over all steps that are told the best and the worst hold.
   Who takes no part gets the rank that it would have. */
export class PossibleRanks {
  constructor(plots) {
    this.best = new Int32Array(plots); this.worst = new Int32Array(plots);
    this.stepBest = new Int32Array(plots); this.stepWorst = new Int32Array(plots);
    this.places = new Uint32Array(plots);
    this.lows = new Counted(plots); this.highs = new Counted(plots);
  }
  begin(takesPart, townOf) {
    const places = this.places, n = takesPart.length;
    let live = 0, past = n;
    for (let i = 0; i < n; i++) if (takesPart[i]) places[live++] = i; else places[--past] = i;
    this.live = places.subarray(0, live); this.past = places.subarray(live);
    this.members = !townOf ? [] : [...new Set(townOf)].filter((town) => town >= 0).map((town) => this.live.filter((i) => townOf[i] === town));
    this.best.fill(this.live.length + 1); this.worst.fill(1);
  }
  /* One step of what turns out alike for all plots: all totals in it, as whole numbers. What is
     unknown of a town turns out alike for all its plots, so among those their totals without it
     decide; they are asked for where there was a town for each plot. */
  step(low, high, ownLow, ownHigh) {
    const { best, worst, stepBest, stepWorst, lows, highs, live } = this;
    stepBest.fill(0); stepWorst.fill(0);
    this.count(low, high, live, 1);
    for (const i of this.past) {
      stepBest[i] = live.length - lows.upTo(high[i]) + 1; stepWorst[i] = live.length - highs.upTo(low[i]) + 1;
    }
    for (const own of this.members) { this.count(low, high, own, -1); this.count(ownLow, ownHigh, own, 1); }
    for (let i = 0; i < best.length; i++) {
      if (stepBest[i] < best[i]) best[i] = stepBest[i];
      if (stepWorst[i] > worst[i]) worst[i] = stepWorst[i];
    }
  }
  count(low, high, places, sign) {
    const { lows, highs, stepBest, stepWorst } = this, count = places.length;
    lows.take(low, places); highs.take(high, places);
    for (let k = 0; k < count; k++) {
      const i = places[k], a = low[i], b = high[i];
      stepBest[i] += sign * (count - lows.upTo(b) + 1);
      stepWorst[i] += sign * (count - highs.upTo(a) + (b > a ? 0 : 1));
    }
  }
}
