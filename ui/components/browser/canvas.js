/* A canvas on the map that is drawn by hand, and the world as it is drawn: corners are 0 and 1, so
   that a zoom is one product. */

export const mercator = (lat) => 0.5 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / (2 * Math.PI);

export function pane(map, name, z) {
  const made = map.createPane(name);
  made.style.zIndex = z;
  made.style.pointerEvents = "none";
  return made;
}

/* What layers with one canvas of their own have alike: `fresh` is called when map or canvas have
   another place or size. */
const ON_CANVAS = {
  _initContainer() { this._container = this._surface = document.createElement("canvas"); this._context = this._surface.getContext("2d"); },
  _destroyContainer() { this._container.remove(); delete this._container; },
  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize(), ratio = devicePixelRatio || 1;
    for (const canvas of new Set([this._container, this._surface])) { canvas.width = size.x * ratio; canvas.height = size.y * ratio; }
    this._container.style.width = size.x + "px"; this._container.style.height = size.y + "px";
    L.DomUtil.setPosition(this._container, this._bounds.min);
    this.plainly(this._context);
    this.fresh();
  },
  /* Draw in pixels of the map. */
  plainly(context) {
    const ratio = devicePixelRatio || 1;
    context.setTransform(ratio, 0, 0, ratio, -this._bounds.min.x * ratio, -this._bounds.min.y * ratio);
  },
};
export const onCanvas = (pane, padding, own) => L.Renderer.extend({ options: { pane, padding }, ...ON_CANVAS, ...own });

/* The same for what seldom changes: it is drawn apart, and seen after `show`. A canvas that is drawn
   in the page is copied anew at every frame of it, drawn or not; of three of them that took, without
   a graphics card, as long as all else that a drag asks for. */
const STILL = {
  ...ON_CANVAS,
  _initContainer() {
    this._container = document.createElement("canvas"); this._seen = this._container.getContext("bitmaprenderer");
    this._surface = new OffscreenCanvas(1, 1); this._context = this._surface.getContext("2d");
  },
  /* What is drawn next begins empty. A map in a page that is not laid out yet has no size. */
  show() { if (this._surface.width && this._surface.height) this._seen.transferFromImageBitmap(this._surface.transferToImageBitmap()); },
};
export const onStillCanvas = (pane, padding, own) => L.Renderer.extend({ options: { pane, padding }, ...STILL, ...own });

/* Shapes of Leaflet, with a ground below and names above them, all on one still canvas: each canvas
   more on the screen is laid over the others at every frame, which without a graphics card takes
   as long as drawing all plots. `ground` and `names` draw on a context in pixels of the map. */
export const StillShapes = L.Canvas.extend({
  ...STILL,
  ground: null, names: null,
  _initContainer() {
    STILL._initContainer.call(this);
    this._ctx = this._context;
    L.DomEvent.on(this._container, "mousemove", this._onMouseMove, this);
    L.DomEvent.on(this._container, "click dblclick mousedown mouseup contextmenu", this._onClick, this);
    L.DomEvent.on(this._container, "mouseout", this._handleMouseOut, this);
    this._container._leaflet_disable_events = true;
  },
  _destroyContainer() { L.Canvas.prototype._destroyContainer.call(this); },
  fresh() { this.bed = null; this.fire("update"); },
  /* Write other names. */
  name(names) { if (this.names !== names) { this.names = names; this.again(); } },
  /* Lay another ground, or none. */
  lay(ground) { if (this.ground !== ground) { this.ground = ground; this.bed = null; this.again(); } },
  again() { if (this._map) this._redrawRequest = this._redrawRequest || L.Util.requestAnimFrame(this._redraw, this); },
  // when the map has moved for every layer: names give way to plots where these are now
  _updatePaths() {
    if (this._postponeUpdatePaths) return;
    Object.values(this._layers).forEach((layer) => layer._update());
    queueMicrotask(() => this._redraw());
  },
  // a canvas that is handed over is drawn whole
  _redraw() {
    L.Util.cancelAnimFrame(this._redrawRequest);
    this._redrawRequest = this._redrawBounds = null;
    if (!this._map || !this._surface.width || !this._surface.height) return;
    this._clear();
    if (this.ground && !this.bed) {
      // kept until the map moves: shapes and names change more often
      const bed = new OffscreenCanvas(this._surface.width, this._surface.height), c = bed.getContext("2d");
      this.plainly(c); this.ground(c, this._bounds);
      this.bed = bed.transferToImageBitmap();
    }
    if (this.bed) { this._context.resetTransform(); this._context.drawImage(this.bed, 0, 0); this.plainly(this._context); }
    this._draw();
    if (this.names) this.names(this._context, this._bounds);
    this.show();
  },
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
