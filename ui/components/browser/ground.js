/* The packaged ground under the map: land, water, rail, built-up neighbourhoods, nature, and names
   that give way to each other and to the marks of plots. Readable without any tile. */

const COLOUR = {
  outside: "#eef0f0", land: "#fdfcfa", built: "#e6dfd5", nature: "#dcead2", water: "#bcd9ea",
  rail: "#9d958c", border: "#8fa0ad", name: "#33414b", waterName: "#3b6f92", natureName: "#55744a",
};
const WATERWAY_PX = { 1: 2.6, 2: 1.6, 3: 0.8 };

function pane(map, name, z) {
  const made = map.createPane(name);
  made.style.zIndex = z;
  made.style.pointerEvents = "none";
  return made;
}

export function drawGround(map, ground, land) {
  pane(map, "lw-ground", 150);
  const renderer = L.canvas({ pane: "lw-ground", padding: 0.3 });
  const common = { renderer, pane: "lw-ground", interactive: false, smoothFactor: 1 };
  map.getContainer().style.background = COLOUR.outside;
  const area = (latlngs, colour) => L.polygon(latlngs, { ...common, stroke: false, fillColor: colour, fillOpacity: 1 }).addTo(map);
  const line = (latlngs, options) => L.polyline(latlngs, { ...common, ...options }).addTo(map);
  land.forEach((shape) => area(shape, COLOUR.land));
  ground.built_up.forEach((shape) => area(shape, COLOUR.built));
  ground.nature_areas.forEach((shape) => area(shape, COLOUR.nature));
  ground.water_areas.forEach((shape) => area(shape, COLOUR.water));
  ground.waterways.forEach((shape, i) => shape.forEach((part) => line(part, { color: COLOUR.water, weight: WATERWAY_PX[ground.ranks[i]] || 1 })));
  // one line of many parts: a thousand layers would each be asked at every move
  line(ground.railways.flatMap((shape) => shape.flat()), { color: COLOUR.rail, weight: 1.1, dashArray: "6 2.5" });
}

export function nameLayer(map, names, municipalities, occupied) {
  pane(map, "lw-names", 460);
  const Names = L.Renderer.extend({
    options: { pane: "lw-names", padding: 0.1 },
    _initContainer() { this._container = document.createElement("canvas"); this._context = this._container.getContext("2d"); },
    _destroyContainer() { this._container.remove(); delete this._container; },
    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize(), ratio = devicePixelRatio || 1, canvas = this._container;
      canvas.width = size.x * ratio; canvas.height = size.y * ratio;
      canvas.style.width = size.x + "px"; canvas.style.height = size.y + "px";
      L.DomUtil.setPosition(canvas, this._bounds.min);
      this._context.setTransform(ratio, 0, 0, ratio, -this._bounds.min.x * ratio, -this._bounds.min.y * ratio);
      this.redraw();
    },
    redraw() {
      if (!this._bounds) return;
      const c = this._context, { min, max } = this._bounds, taken = occupied();
      c.clearRect(min.x, min.y, max.x - min.x, max.y - min.y);
      c.lineJoin = "round"; c.textBaseline = "middle"; c.textAlign = "center";
      const zoom = map.getZoom();
      const free = (box) => !taken.some((b) => box[0] < b[2] && box[2] > b[0] && box[1] < b[3] && box[3] > b[1]);
      const write = (text, at, font, colour, spots, spacing) => {
        c.font = font; c.letterSpacing = spacing || "0px";
        const w = c.measureText(text).width / 2 + 2, h = parseInt(font.match(/(\d+)px/)[1], 10) / 2 + 2;
        for (const [sx, sy] of spots) {
          const x = at.x + sx * (w + 5), y = at.y + sy * (h + 5), box = [x - w, y - h, x + w, y + h];
          if (box[2] < min.x || box[0] > max.x || box[3] < min.y || box[1] > max.y || !free(box)) continue;
          taken.push(box);
          c.lineWidth = 3; c.strokeStyle = "rgba(253,252,250,.92)"; c.strokeText(text, x, y);
          c.fillStyle = colour; c.fillText(text, x, y);
          return true;
        }
        return false;
      };
      const AROUND = [[0, -1], [1, 0], [-1, 0], [0, 1]];
      const town = new Set();
      if (!this.muted) {
        for (const p of names.places) {
          const least = zoom < 9.5 ? 30000 : zoom < 10.5 ? 9000 : zoom < 11.5 ? 2500 : zoom < 12.5 ? 400 : 0;
          if (p.weight < least) continue;
          const at = map.latLngToLayerPoint([p.lat, p.lon]), big = p.weight > 100000;
          if (!this._bounds.contains(at)) continue;
          const shown = write(p.name, at, `${big ? "600 14" : p.weight > 25000 ? "500 12" : "11"}px sans-serif`, COLOUR.name, AROUND);
          if (shown) {
            town.add(p.name);
            c.beginPath(); c.arc(at.x, at.y, 1.8, 0, 7); c.fillStyle = COLOUR.name; c.fill();
          }
        }
        if (zoom >= 10.5) for (const n of names.nature) {
          const at = map.latLngToLayerPoint([n.lat, n.lon]);
          if (this._bounds.contains(at)) write(n.name, at, "italic 11px sans-serif", n.water ? COLOUR.waterName : COLOUR.natureName, [[0, 0]]);
        }
      }
      if (zoom < 12.5) for (const m of municipalities) {
        if (town.has(m.name)) continue;
        write(m.name.toUpperCase(), map.latLngToLayerPoint([m.lat, m.lon]), "500 10px sans-serif", "#5b6b76", [[0, 0], [0, -1], [0, 1]], "1px");
      }
    },
    mute(muted) { if (this.muted !== muted) { this.muted = muted; this.redraw(); } },
  });
  return new Names().addTo(map);
}
