/* The packaged ground under the map: land, water, rail, built-up neighbourhoods, nature, and names
   that give way to each other and to the marks of plots. Readable without any tile. */

import { mercator, onStillCanvas, pane } from "./canvas.js";

const COLOUR = {
  outside: "#eef0f0", land: "#fdfcfa", built: "#e6dfd5", nature: "#dcead2", water: "#bcd9ea",
  rail: "#9d958c", border: "#8fa0ad", name: "#33414b", waterName: "#3b6f92", natureName: "#55744a",
};
const WATERWAY_PX = { 1: 2.6, 2: 1.6, 3: 0.8 };

/* Shapes of many corners are drawn by the browser itself, from paths that are made once. Their
   corners are counted from a place nearby: a path holds no more than seven digits. */
function paths(shapes, at, closed) {
  return shapes.map((shape) => {
    const path = new Path2D();
    let west = 9, east = -9, north = 9, south = -9;
    for (const part of shape) for (const ring of part) {
      ring.forEach(([lat, lon], k) => {
        const x = lon / 360 + 0.5 - at.x, y = mercator(lat) - at.y;
        if (k) path.lineTo(x * SIZE, y * SIZE); else path.moveTo(x * SIZE, y * SIZE);
        west = Math.min(west, x); east = Math.max(east, x); north = Math.min(north, y); south = Math.max(south, y);
      });
      if (closed) path.closePath();
    }
    return { path, box: [west * SIZE, north * SIZE, east * SIZE, south * SIZE] };
  });
}
const SIZE = 1e6;   // of the world in which paths are kept

/* The ground lies under the shapes of one canvas, and by itself under tiles while there are any. */
export function drawGround(map, ground, land, shapes) {
  pane(map, "lw-ground", 150);
  map.getContainer().style.background = COLOUR.outside;
  const [lat, lon] = land[0][0][0][0], at = { x: lon / 360 + 0.5, y: mercator(lat) };
  const areas = [[land, COLOUR.land], [ground.built_up, COLOUR.built], [ground.nature_areas, COLOUR.nature], [ground.water_areas, COLOUR.water]].map(([shapes, colour]) => [paths(shapes, at, true), colour]);
  const waterways = paths(ground.waterways, at, false);
  // one line of many parts
  const railways = paths([ground.railways.flat()], at, false);
  function paint(c, { min, max }) {
    const scale = (256 * 2 ** map.getZoom()) / SIZE, origin = map.getPixelOrigin();
    const [x, y] = [at.x * SIZE * scale - origin.x, at.y * SIZE * scale - origin.y];
    const [west, north, east, south] = [(min.x - x) / scale, (min.y - y) / scale, (max.x - x) / scale, (max.y - y) / scale];
    const seen = ({ box }) => box[2] >= west && box[0] <= east && box[3] >= north && box[1] <= south;
    c.save();
    c.translate(x, y); c.scale(scale, scale);
    for (const [shapes, colour] of areas) {
      c.fillStyle = colour;
      for (const shape of shapes) if (seen(shape)) c.fill(shape.path, "evenodd");
    }
    c.lineJoin = c.lineCap = "round"; c.strokeStyle = COLOUR.water;
    waterways.forEach((shape, i) => { c.lineWidth = (WATERWAY_PX[ground.ranks[i]] || 1) / scale; if (seen(shape)) c.stroke(shape.path); });
    c.strokeStyle = COLOUR.rail; c.lineWidth = 1.1 / scale; c.setLineDash([6 / scale, 2.5 / scale]);
    for (const shape of railways) c.stroke(shape.path);
    c.restore();
  }
  const Apart = onStillCanvas("lw-ground", 0.15, { fresh() { paint(this._context, this._bounds); this.show(); } }), apart = new Apart();
  return {
    underTiles(tiled, covered) {
      shapes.lay(tiled ? null : paint);
      if (tiled) apart.addTo(map); else apart.remove();
      map.getPane("lw-ground").style.display = covered ? "none" : "";
    },
  };
}

/* How names are written on a canvas of the map; above tiles, which bear their own, only those of
   municipalities. */
export function naming(map, names, municipalities, occupied, tiled) {
  return (c, bounds) => {
    const { min, max } = bounds, taken = occupied();
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
    if (!tiled) {
      for (const p of names.places) {
        const least = zoom < 9.5 ? 30000 : zoom < 10.5 ? 9000 : zoom < 11.5 ? 2500 : zoom < 12.5 ? 400 : 0;
        if (p.weight < least) continue;
        const at = map.latLngToLayerPoint([p.lat, p.lon]), big = p.weight > 100000;
        if (!bounds.contains(at)) continue;
        const shown = write(p.name, at, `${big ? "600 14" : p.weight > 25000 ? "500 12" : "11"}px sans-serif`, COLOUR.name, AROUND);
        if (shown) {
          town.add(p.name);
          c.beginPath(); c.arc(at.x, at.y, 1.8, 0, 7); c.fillStyle = COLOUR.name; c.fill();
        }
      }
      if (zoom >= 10.5) for (const n of names.nature) {
        const at = map.latLngToLayerPoint([n.lat, n.lon]);
        if (bounds.contains(at)) write(n.name, at, "italic 11px sans-serif", n.water ? COLOUR.waterName : COLOUR.natureName, [[0, 0]]);
      }
    }
    if (zoom < 12.5) for (const m of municipalities) {
      if (town.has(m.name)) continue;
      write(m.name.toUpperCase(), map.latLngToLayerPoint([m.lat, m.lon]), "500 10px sans-serif", "#5b6b76", [[0, 0], [0, -1], [0, 1]], "1px");
    }
  };
}
