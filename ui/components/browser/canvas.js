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
  /* Drawn beside the page: one that is in the page itself is copied anew at every frame of it, drawn
     or not, which without a graphics card takes as long as all that a drag asks for. */
  _initContainer() {
    const canvas = (this._container = document.createElement("canvas"));
    this._surface = canvas.transferControlToOffscreen ? canvas.transferControlToOffscreen() : canvas;
    this._context = this._surface.getContext("2d");
  },
  _destroyContainer() { this._container.remove(); delete this._container; },
  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize(), ratio = devicePixelRatio || 1, canvas = this._container;
    this._surface.width = size.x * ratio; this._surface.height = size.y * ratio;
    canvas.style.width = size.x + "px"; canvas.style.height = size.y + "px";
    L.DomUtil.setPosition(canvas, this._bounds.min);
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
