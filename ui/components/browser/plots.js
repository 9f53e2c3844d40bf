/* Candidate plots on one canvas: hexagons with a white casing, the first ten of the list with their
   rank, shapes from zoom 12, and cells with the best score where very many lie in view. A frame of new colours
   is one pass over the plots; nothing else is asked of the map. */
import { Stamps, mercator, onCanvas, pane } from "./canvas.js";
import { inkOn } from "./ink.js";
import { shapes } from "./unpack.js";

/* Of a limit, gravest first: blocked, legal risk, procedure needed. */
export const LIMIT_BITS = [32, 64, 16];
export const BITS = { klass: 7, interval: 8, blocked: 32, hidden: 128 };
const LOOK = BITS.klass | BITS.interval | BITS.blocked; // what of a code shows in a mark
const SHAPES_FROM_ZOOM = 12, MANY_IN_VIEW = 500, CELL_PX = 34, REACH_PX = 13, REST_MS = 200;
const SELECTED = "#d4006a";

const hexagon = (c, x, y, r) => {
  const w = 0.866 * r;
  c.moveTo(x, y - r); c.lineTo(x + w, y - r / 2); c.lineTo(x + w, y + r / 2);
  c.lineTo(x, y + r); c.lineTo(x - w, y + r / 2); c.lineTo(x - w, y - r / 2); c.closePath();
};

const written = (c, words, x, y, colour, px) => {
  c.fillStyle = colour; c.font = `700 ${px}px sans-serif`; c.textAlign = "center"; c.textBaseline = "middle";
  c.fillText(words, x, y);
};

export function plotLayer(map, head, blocks, { send, card, gathered }) {
  const all = shapes(blocks), n = all.length, ramp = head.ramp, ink = ramp.map(inkOn);
  pane(map, "lw-plots", 450);
  let codes = new Uint8Array(n).fill(head.plots.initial === undefined ? 255 : head.plots.initial);
  let state = { low: null, high: null, top: [], ranks: [] }, selected = -1, hovered = null;
  // corners of the world are 0 and 1: a zoom is then one product
  const worldX = new Float64Array(n), worldY = new Float64Array(n), box = new Float64Array(4 * n);
  const world = all.map((polygons, i) => {
    let w = 9, e = -9, s = -9, north = 9;
    const rings = polygons.flatMap((polygon) => polygon.map((ring) => {
      const flat = new Float64Array(2 * ring.length);
      ring.forEach(([lat, lon], k) => {
        const x = lon / 360 + 0.5, y = mercator(lat);
        flat[2 * k] = x; flat[2 * k + 1] = y;
        if (x < w) w = x; if (x > e) e = x; if (y < north) north = y; if (y > s) s = y;
      });
      return flat;
    }));
    worldX[i] = (w + e) / 2; worldY[i] = (north + s) / 2; box.set([w, north, e, s], 4 * i);
    return rings;
  });
  const stamps = new Stamps();
  let px = new Float32Array(n), py = new Float32Array(n), scale = 1, origin = { x: 0, y: 0 }, inView = [], cells = null;

  const Plots = onCanvas("lw-plots", 0.1, {
    fresh() { this.place(); this.painted = null; this.draw(); },
    place() {
      scale = 256 * 2 ** map.getZoom(); origin = map.getPixelOrigin();
      const { min, max } = this._bounds;
      stamps.corner = min;
      inView = [];
      for (let i = 0; i < n; i++) {
        px[i] = worldX[i] * scale - origin.x; py[i] = worldY[i] * scale - origin.y;
        if (px[i] > min.x - 20 && px[i] < max.x + 20 && py[i] > min.y - 20 && py[i] < max.y + 20) inView.push(i);
      }
    },
    areas() { return map.getZoom() >= SHAPES_FROM_ZOOM; },
    draw() {
      if (!this._bounds) return;
      const c = this._context, seen = inView.filter((i) => !(codes[i] & BITS.hidden)), { min, max } = this._bounds;
      const areas = this.areas(), many = seen.length > MANY_IN_VIEW, gathers = many && !areas;
      const radius = seen.length > 150 ? 5.5 : 7, stays = this.painted && this.chosen === selected && this.radius === radius && !gathers;
      const changed = stays ? this.changed() : null; // what looks otherwise than on the canvas, if the rest stays
      c.lineJoin = "round"; this.radius = radius;
      clearTimeout(this.later);
      if (changed && areas && many) {
        if (changed.length) this.drawRoughly(c, seen, changed);
        this.later = setTimeout(() => { this.painted = null; this.draw(); }, REST_MS);
      } else if (!changed || (changed.length && !(areas && this.drawWithin(c, seen, changed)))) {
        c.clearRect(min.x, min.y, max.x - min.x, max.y - min.y);
        cells = gathers ? gather(seen) : null;
        if (cells) this.drawCells(c); else this.drawSites(c, seen);
        // what was chosen stays, also where a filter leaves it out of the list
        if (selected >= 0) this.drawSelected(c);
      }
      Object.assign(this, { painted: codes.slice(), chosen: selected, numbers: ranked() });
    },
    /* Indices of plots in view of which colour, outline or number is another than was painted. */
    changed() {
      const now = ranked(), renumbered = new Set([...now.keys(), ...this.numbers.keys()].filter((i) => now.get(i) !== this.numbers.get(i)));
      return inView.filter((i) => (codes[i] ^ this.painted[i]) & (LOOK | BITS.hidden) || renumbered.has(i));
    },
    /* Shapes, and above them marks of what is too small for a shape, and numbers. */
    drawSites(c, seen) {
      const shaped = this.areas() ? (i) => !this.small(i) : () => false, first = ranked();
      for (const i of seen) if (shaped(i)) this.area(c, i);
      // those that are blocked on top: it is not to be missed
      for (const blocked of [0, BITS.blocked]) for (const i of seen) if (!shaped(i) && (codes[i] & BITS.blocked) === blocked && !first.has(i)) this.marked(c, i, this.radius);
      const there = new Set(seen);
      [...first].reverse().forEach(([i, rank]) => { if (there.has(i)) this.numbered(c, i, rank); });
    },
    /* Draw all that lies where something changed, there alone; false if that is more work than all. */
    drawWithin(c, seen, changed) {
      const { min } = this._bounds, ratio = devicePixelRatio || 1;
      const pixel = (at, from, round) => from + round((at - from) * ratio) / ratio;
      const where = seen.map((k) => this.reach(k)), ring = selected < 0 ? null : this.reach(selected);
      const pieces = changed.map((i) => {
        const [w, n, e, s] = this.reach(i), meets = (r) => r[0] < e && r[2] > w && r[1] < s && r[3] > n;
        return { at: [pixel(w, min.x, Math.floor), pixel(n, min.y, Math.floor), pixel(e, min.x, Math.ceil), pixel(s, min.y, Math.ceil)], those: seen.filter((_, k) => meets(where[k])), chosen: ring && meets(ring) };
      });
      if (pieces.reduce((sum, { those }) => sum + those.length, 0) > seen.length) return false;
      for (const { at: [w, n, e, s], those, chosen } of pieces) {
        c.save();
        c.beginPath(); c.rect(w, n, e - w, s - n); c.clip();
        c.clearRect(w, n, e - w, s - n);
        this.drawSites(c, those);
        if (chosen) this.drawSelected(c);
        c.restore();
      }
      return true;
    },
    /* West, north, east and south within which a plot is drawn, whatever it looks like. */
    reach: (i) => [
      Math.min(px[i] - 21, box[4 * i] * scale - origin.x - 6), Math.min(py[i] - 21, box[4 * i + 1] * scale - origin.y - 6),
      Math.max(px[i] + 21, box[4 * i + 2] * scale - origin.x + 6), Math.max(py[i] + 21, box[4 * i + 3] * scale - origin.y + 6),
    ],
    marked(c, i, radius) {
      const code = codes[i] & LOOK;
      stamps.put(c, code + "/" + radius, px[i], py[i], radius + 5, (s) => {
        hexagon(s, 0, 0, radius);
        s.fillStyle = ramp[code & BITS.klass]; s.fill(); s.lineWidth = 1.6; s.strokeStyle = "#fff"; s.stroke();
        this.outlined(s, code, 0, 0, radius);
      });
    },
    numbered(c, i, rank) {
      const code = codes[i] & LOOK, k = code & BITS.klass;
      stamps.put(c, code + "#" + rank, px[i], py[i], 20, (s) => {
        hexagon(s, 0, 0, 12.5);
        s.fillStyle = ramp[k]; s.lineWidth = 2.5; s.strokeStyle = "#fff"; s.stroke(); s.fill();
        this.outlined(s, code, 0, 0, 12.5);
        written(s, String(rank), 0, 0.5, ink[k], rank > 999 ? 7.5 : rank > 99 ? 9 : 11);
      });
    },
    // dark: the class is certain; dashed: it could be higher; thick and black: blocked
    outlined(c, code, x, y, radius) {
      const blocked = code & BITS.blocked, open = !blocked && code & BITS.interval;
      c.beginPath(); hexagon(c, x, y, radius);
      c.setLineDash(open ? [2.5, 2] : []); c.lineWidth = blocked ? 2.4 : open ? 1.1 : 0.9; c.strokeStyle = blocked ? "#000" : "#33404a"; c.stroke();
      c.setLineDash([]);
      if (blocked) this.barred(c, x + radius * 0.8, y - radius * 0.8);
    },
    barred(c, x, y) {
      c.beginPath(); c.arc(x, y, 4.6, 0, 7); c.fillStyle = "#000"; c.fill(); c.lineWidth = 1; c.strokeStyle = "#fff"; c.stroke();
      c.beginPath(); c.moveTo(x - 2.4, y); c.lineTo(x + 2.4, y); c.lineWidth = 1.6; c.stroke();
    },
    trace(c, i) {
      for (const ring of world[i]) {
        for (let k = 0; k < ring.length; k += 2) { const x = ring[k] * scale - origin.x, y = ring[k + 1] * scale - origin.y; if (k) c.lineTo(x, y); else c.moveTo(x, y); }
        c.closePath();
      }
    },
    span: (i) => Math.max(box[4 * i + 2] - box[4 * i], box[4 * i + 3] - box[4 * i + 1]) * scale,
    small(i) { return this.span(i) < 9; },
    area(c, i) {
      const k = codes[i];
      c.beginPath(); this.trace(c, i);
      c.lineWidth = 4; c.strokeStyle = "#fff"; c.stroke();
      c.fillStyle = ramp[k & BITS.klass]; c.globalAlpha = 0.86; c.fill("evenodd"); c.globalAlpha = 1;
      c.setLineDash(k & BITS.interval && !(k & BITS.blocked) ? [4, 3] : []);
      c.lineWidth = k & BITS.blocked ? 3 : 1.4; c.strokeStyle = k & BITS.blocked ? "#000" : "#33404a"; c.stroke();
      c.setLineDash([]);
      if (k & BITS.blocked) this.barred(c, px[i], py[i]);
    },
    /* Of very many shapes only those that look otherwise are drawn anew while a weight is dragged,
       over what they leave empty; when it rests all are drawn, so that neighbours are whole again. */
    drawRoughly(c, seen, changed) {
      c.globalCompositeOperation = "destination-out"; c.lineWidth = 5;
      for (const i of changed) {
        c.beginPath();
        if (!this.small(i)) this.trace(c, i);
        if (this.small(i) || this.numbers.has(i)) hexagon(c, px[i], py[i], 12.5);
        c.fill(); c.stroke();
      }
      c.globalCompositeOperation = "source-over";
      const anew = new Set(changed);
      this.drawSites(c, seen.filter((i) => this.small(i) || anew.has(i)));
      if (selected >= 0) this.drawSelected(c);
    },
    drawCells(c) {
      for (const { best, count, x, y } of cells.values()) {
        const k = codes[best] & BITS.klass, r = count === 1 ? 6 : Math.min(17, 10 + Math.log2(count));
        stamps.put(c, k + "*" + count, x, y, r + 6, (s) => {
          // a second one behind it: several together, and its number is no rank
          for (const shift of count > 1 ? [3, 0] : [0]) {
            s.beginPath(); hexagon(s, shift, -shift, r);
            s.lineWidth = 2.4; s.strokeStyle = "#fff"; s.stroke(); s.fillStyle = ramp[k]; s.fill();
            s.lineWidth = 0.9; s.strokeStyle = "#33404a"; s.stroke();
          }
          if (count > 1) written(s, count > 999 ? Math.round(count / 1000) + "k" : String(count), 0, 0.5, ink[k], 11);
        });
      }
    },
    drawSelected(c) {
      // around the shape, or around its number where that hides the shape
      const large = this.areas() && this.span(selected) >= (ranked().has(selected) ? 34 : 9);
      c.beginPath();
      if (large) this.trace(c, selected); else hexagon(c, px[selected], py[selected], 14);
      // a dark rim around the white: one of them stands out on a photo of any darkness
      for (const [width, colour] of [[9, "#33404a"], [7, "#fff"]]) { c.lineWidth = width; c.strokeStyle = colour; c.stroke(); }
      if (!large) {
        this.numbered(c, selected, ranked().get(selected) || "");
        c.beginPath(); hexagon(c, px[selected], py[selected], 15);
      }
      c.lineWidth = 3.5; c.strokeStyle = SELECTED; c.stroke();
    },
  });

  // cells lie fixed on the world, so that they do not dance when the map moves
  function gather(seen) {
    const found = new Map(), size = CELL_PX / scale;
    for (const i of seen) {
      const row = Math.round(worldY[i] / (size * 0.866)), column = Math.round(worldX[i] / size - (row & 1) / 2);
      const key = row * 4194304 + column, value = state.low ? state.low[i] : 0;
      let cell = found.get(key);
      if (!cell) found.set(key, (cell = { count: 0, best: i, value: -1, members: [], x: (column + (row & 1) / 2) * size * scale - origin.x, y: row * size * 0.866 * scale - origin.y }));
      cell.count++; cell.members.push(i);
      if (value > cell.value) { cell.value = value; cell.best = i; }
    }
    for (const cell of found.values()) if (cell.count === 1) { cell.x = px[cell.best]; cell.y = py[cell.best]; }
    return found;
  }

  const layer = new Plots();
  // the number of a plot is the one that the list gives it, however that was sorted or narrowed
  const ranked = () => new Map(state.top.map((i, k) => [i, state.ranks[k]]));
  function inside(i, x, y) {
    let odd = false;
    for (const ring of world[i]) for (let a = 0, b = ring.length - 2; a < ring.length; b = a, a += 2)
      if (ring[a + 1] > y !== ring[b + 1] > y && x < ((ring[b] - ring[a]) * (y - ring[a + 1])) / (ring[b + 1] - ring[a + 1]) + ring[a]) odd = !odd;
    return odd;
  }
  function at(point) {
    if (cells) {
      for (const cell of cells.values()) if (Math.hypot(cell.x - point.x, cell.y - point.y) <= 17) return cell.count === 1 ? { plot: cell.best } : { cell };
      return null;
    }
    if (layer.areas()) {
      const x = (point.x + origin.x) / scale, y = (point.y + origin.y) / scale;
      for (const i of [selected, ...inView]) if (i >= 0 && !(codes[i] & BITS.hidden) && x >= box[4 * i] && x <= box[4 * i + 2] && y >= box[4 * i + 1] && y <= box[4 * i + 3] && inside(i, x, y)) return { plot: i };
    }
    let near = -1, least = REACH_PX;
    for (const i of inView) {
      if (codes[i] & BITS.hidden) continue;
      const away = Math.hypot(px[i] - point.x, py[i] - point.y) - (state.top.slice(0, 10).includes(i) ? 5 : 0);
      if (away < least) { least = away; near = i; }
    }
    return near < 0 ? null : { plot: near };
  }
  const tip = L.tooltip({ className: "lw-tip", direction: "top", offset: [0, -12], opacity: 1 });
  // one card at a time: that of a municipality gives way (map.css)
  function hover(found) {
    const now = !found ? null : found.cell || found.plot;
    map.getContainer().classList.toggle("lw-on-plot", Boolean(found));
    if (now === hovered) return;
    hovered = now;
    if (!found) { map.closeTooltip(tip); return; }
    fill(found);
    // who knows the ranks that are possible is asked: they are counted for one plot at a time
    if (state.low && !state.best) send({ type: "rank-wanted", version: head.plots.version, plot: head.plots.ids[found.cell ? found.cell.best : now] });
    map.openTooltip(tip);
  }
  function fill(found) {
    if (found.cell) tip.setLatLng(map.layerPointToLatLng([found.cell.x, found.cell.y])).setContent(gathered(found.cell.count, card(found.cell.best, codes[found.cell.best], state)));
    else tip.setLatLng(latlng(found.plot)).setContent(card(found.plot, codes[found.plot], state));
  }
  map.on("mousemove", (e) => {
    if (map.lwBusy) { hover(null); return; }
    const found = map.hasLayer(layer) ? at(map.latLngToLayerPoint(e.latlng)) : null;
    map.getContainer().style.cursor = found ? "pointer" : "";
    hover(found);
  });
  map.on("mouseout", () => hover(null));
  map.on("click", (e) => {
    if (!map.hasLayer(layer) || map.lwBusy) return;
    const found = at(map.latLngToLayerPoint(e.latlng));
    if (!found) return;
    if (found.cell) { map.fitBounds(bounds(found.cell.members).pad(0.2), { maxZoom: 16 }); return; }
    select(found.plot, false); send({ type: "click", plot: head.plots.ids[found.plot], index: found.plot });
  });
  const latlng = (i) => map.layerPointToLatLng([px[i], py[i]]);
  const lat = (y) => (Math.atan(Math.exp(Math.PI * (1 - 2 * y))) * 360) / Math.PI - 90;
  function bounds(some) {
    let w = 9, e = -9, s = -9, north = 9;
    for (const i of some) { w = Math.min(w, box[4 * i]); north = Math.min(north, box[4 * i + 1]); e = Math.max(e, box[4 * i + 2]); s = Math.max(s, box[4 * i + 3]); }
    return L.latLngBounds([lat(s), (w - 0.5) * 360], [lat(north), (e - 0.5) * 360]);
  }
  function select(i, pan) {
    if (selected !== i) { selected = i; layer.draw(); }
    if (i >= 0 && pan && !map.getBounds().pad(-0.08).contains(latlng(i))) map.panTo(latlng(i));
  }
  return {
    layer,
    paint(next, more) { if (next.length !== n) return; codes = next; if (more) state = { ...state, told: null, ...more }; layer.draw(); },
    rank(plot, { best, worst, ranked }) {
      const i = head.plots.ids.indexOf(plot), of = hovered === null ? -1 : hovered.members ? hovered.best : hovered;
      state = { ...state, told: { i, best, worst, ranked } };
      if (of === i) fill(hovered.members ? { cell: hovered } : { plot: i });
    },
    select,
    zoomTo(i) { if (i >= 0) map.fitBounds(bounds([i]).pad(2), { maxZoom: 15 }); },
    bounds: () => (n ? bounds(all.map((_, i) => i)) : null),
    centre: (i) => latlng(i),
    /* Where names are not written: in pixels of the map, the west, north, east and south of each. */
    occupied() {
      const around = (x, y, half) => [x - half, y - half, x + half, y + half];
      const shape = (i) => (layer.areas() ? [-3, -3, 3, 3].map((casing, k) => box[4 * i + k] * scale - (k % 2 ? origin.y : origin.x) + casing) : null);
      const taken = cells ? [...cells.values()].map(({ x, y }) => around(x, y, 12)) : inView.filter((i) => !(codes[i] & BITS.hidden)).slice(0, 600).flatMap((i) => [around(px[i], py[i], 8), shape(i)].filter(Boolean));
      return selected < 0 ? taken : [around(px[selected], py[selected], 15), ...taken];
    },
    // for tests: where a plot is on the screen, and what was painted
    pointOf(id) { const i = head.plots.ids.indexOf(id), p = map.layerPointToContainerPoint([px[i], py[i]]); return [p.x, p.y]; },
    rankOf: (id) => ranked().get(head.plots.ids.indexOf(id)),
    codeOf: (id) => codes[head.plots.ids.indexOf(id)],
    get selected() { return selected < 0 ? null : head.plots.ids[selected]; },
    get count() { return n; }, get cells() { return cells ? cells.size : 0; },
  };
}
