/* A canvas on the map that is drawn by hand, and the world as it is drawn: corners are 0 and 1, so
   that a zoom is one product. */

export const mercator = (lat) => 0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI);

export function pane(map, name, z) {
  const made = map.createPane(name);
  made.style.zIndex = z;
  made.style.pointerEvents = "none";
  return made;
}

/* A layer with one canvas: `fresh` is called when map or canvas have another place or size. */
export const onCanvas = (pane, padding, own) => L.Renderer.extend({
  options: { pane, padding },
  _initContainer() { this._container = this._surface = document.createElement("canvas"); this._context = this._surface.getContext("2d"); },
  _destroyContainer() { this._container.remove(); delete this._container; },
  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize(), ratio = devicePixelRatio || 1;
    for (const canvas of new Set([this._container, this._surface])) { canvas.width = size.x * ratio; canvas.height = size.y * ratio; }
    this._container.style.width = size.x + "px"; this._container.style.height = size.y + "px";
    L.DomUtil.setPosition(this._container, this._bounds.min);
    this.plainly();
    this.fresh();
  },
  /* Draw in pixels of the map. */
  plainly() {
    const ratio = devicePixelRatio || 1;
    this._context.setTransform(ratio, 0, 0, ratio, -this._bounds.min.x * ratio, -this._bounds.min.y * ratio);
  },
  ...own,
});

/* The same for what seldom changes: it is drawn apart, and seen after `show`. A canvas that is drawn
   in the page is copied anew at every frame of it, drawn or not; of three of them that took, without
   a graphics card, as long as all else that a drag asks for. */
export const onStillCanvas = (pane, padding, own) => onCanvas(pane, padding, {
  _initContainer() {
    this._container = document.createElement("canvas"); this._seen = this._container.getContext("bitmaprenderer");
    this._surface = new OffscreenCanvas(1, 1); this._context = this._surface.getContext("2d");
  },
  /* What is drawn next begins empty. A map in a page that is not laid out yet has no size. */
  show() { if (this._surface.width && this._surface.height) this._seen.transferFromImageBitmap(this._surface.transferToImageBitmap()); },
  ...own,
});

/* Marks that are alike are drawn once, and then put down on whole pixels of the screen: several
   times as quick as drawing each. */
const MOST_STAMPS = 3000;
export class Stamps {
  constructor() { this.made = new Map(); this.corner = { x: 0, y: 0 }; } // of the canvas, on the map
  /* Put one with its middle at a place on the map; `draw` draws it around nought, within `half`. */
  put(c, name, x, y, half, draw) {
    const ratio = devicePixelRatio || 1, side = Math.ceil(2 * half * ratio), key = name + "@" + ratio;
    let stamp = this.made.get(key);
    if (!stamp) {
      if (this.made.size >= MOST_STAMPS) this.made.clear();
      const paper = new OffscreenCanvas(side, side), s = paper.getContext("2d");
      s.setTransform(ratio, 0, 0, ratio, side / 2, side / 2);
      draw(s);
      this.made.set(key, (stamp = paper.transferToImageBitmap()));
    }
    const whole = (at, from) => from + Math.round((at - from) * ratio - side / 2) / ratio;
    c.drawImage(stamp, whole(x, this.corner.x), whole(y, this.corner.y), side / ratio, side / ratio);
  }
}
