/* Buttons on the map: the whole province, measuring, distance rings, how far one gets on foot, and
   where the pointer is. */
import { under } from "./layers.js";

function button(map, position, label, glyph, press) {
  const made = document.createElement("button");
  made.type = "button"; made.className = "lw-button"; made.title = label; made.setAttribute("aria-label", label);
  made.innerHTML = `<svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true"><path d="${glyph}" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
  const control = L.control({ position });
  control.onAdd = () => { L.DomEvent.disableClickPropagation(made); return made; };
  control.addTo(map);
  made.addEventListener("click", () => press(made));
  return made;
}

/* WGS84 to RD New to about a metre (Schreutelkamp and Strang van Hees, 2001): for reading off and for
   what is measured by hand on the map; what counts in a score is measured by the server. */
export function rdOf(lat, lon) {
  const f = 0.36 * (lat - 52.1551744), l = 0.36 * (lon - 5.38720621);
  const x = 155000 + 190094.945 * l - 11832.228 * f * l - 114.221 * f * f * l - 32.391 * l ** 3 - 0.705 * f - 2.34 * f ** 3 * l - 0.608 * f * l ** 3 - 0.008 * l * l + 0.148 * f * f * l ** 3;
  const y = 463000 + 309056.544 * f + 3638.893 * l * l + 73.077 * f * f - 157.984 * f * l * l + 59.788 * f ** 3 + 0.433 * l - 6.439 * f * f * l * l - 0.032 * f * l + 0.092 * l ** 4 - 0.054 * f * l ** 4;
  return [x, y];
}

/* Points at a distance in RD around a place: the inverse of rdOf, by Newton's method from nearby. */
export function ringAround({ lat, lng }, radius_m, corners = 96) {
  const [x0, y0] = rdOf(lat, lng), step = 1e-5;
  return Array.from({ length: corners }, (_, k) => {
    const angle = (2 * Math.PI * k) / corners, x = x0 + radius_m * Math.cos(angle), y = y0 + radius_m * Math.sin(angle);
    let a = lat, o = lng;
    for (let turn = 0; turn < 3; turn++) {
      const [px, py] = rdOf(a, o), [nx, ny] = rdOf(a + step, o), [ex, ey] = rdOf(a, o + step);
      const xa = (nx - px) / step, ya = (ny - py) / step, xo = (ex - px) / step, yo = (ey - py) / step, whole = xa * yo - xo * ya;
      a += ((x - px) * yo - xo * (y - py)) / whole; o += (xa * (y - py) - (x - px) * ya) / whole;
    }
    return [a, o];
  });
}

const RING_NAME_PX = 16;
// 5, 10 and 15 minutes on foot, and the edge of each
const WALK_COLOURS = ["#7a1f5c", "#a9508c", "#cf8fb8"], WALK_EDGE = "#8f3a74";

export function controls(map, head, language, { home, chosen, plot, want }) {
  const say = head.texts, number = (v, digits) => v.toLocaleString(language, { maximumFractionDigits: digits });
  const length = (m) => (m >= 1000 ? number(m / 1000, 2) + " km" : number(m, 0) + " m");
  const note = document.createElement("div");
  note.className = "lw-note"; note.hidden = true; note.tabIndex = 0; note.setAttribute("role", "status");
  under(map, note);
  const tell = (words) => { note.textContent = words; note.hidden = !words; };
  button(map, "topleft", say.home, "M3 10 L10 4 L17 10 M5 9 V16 H15 V9", home);
  button(map, "topright", say.full_screen, "M3 7V3H7 M13 3H17V7 M17 13V17H13 M7 17H3V13", () => {
    if (document.fullscreenElement) document.exitFullscreen(); else document.documentElement.requestFullscreen();
  });

  const box = map.getContainer();
  let line = null, measured = "", ringed = false, walking = false, walked = null, fit = false, stopped = false;
  const told = L.tooltip({ permanent: true, direction: "right", className: "lw-tip" });
  const ringWords = () => (!ringed ? "" : chosen() ? [say.rings_note.replace("{lengths}", head.rings_m.map(length).join(", ")), head.walk.help].filter(Boolean).join(" ") : say.rings_choose);
  const walkWords = () => (!walking ? "" : !chosen() ? say.walk_choose : walked ? walked.note : say.walk_busy);
  const words = () => tell(map.lwBusy ? [measured, say.measure_help].filter(Boolean).join(". ") : [ringWords(), walkWords()].filter(Boolean).join(" "));
  const measure = button(map, "topright", say.measure, "M2 14 L14 2 L18 6 L6 18 Z M6 10 L8 12 M9 7 L11 9 M12 4 L14 6", () => {
    map.lwBusy = !map.lwBusy;
    measure.setAttribute("aria-pressed", String(map.lwBusy));
    if (line) { line.remove(); line = null; measured = ""; told.remove(); }
    // a second point is no zoom
    if (map.lwBusy) map.doubleClickZoom.disable(); else map.doubleClickZoom.enable();
    box.style.cursor = map.lwBusy ? "crosshair" : "";
    box.classList.toggle("lw-measuring", map.lwBusy);
    words();
  });
  measure.setAttribute("aria-pressed", "false");
  function point(at) {
    if (!line) line = L.polyline([], { color: "#15242e", weight: 3, dashArray: "6 4" }).addTo(map);
    line.addLatLng(at);
    const points = line.getLatLngs().map((p) => rdOf(p.lat, p.lng));
    const total = points.slice(1).reduce((sum, [x, y], k) => sum + Math.hypot(x - points[k][0], y - points[k][1]), 0);
    told.setLatLng(at).setContent(length(total)).addTo(map);
    measured = points.length > 1 ? length(total) : "";
    words();
  }
  map.on("click", (e) => { if (map.lwBusy) point(e.latlng); });
  box.addEventListener("keydown", (e) => { if (map.lwBusy && e.key === "Enter" && e.target === box) point(map.getCenter()); });

  const rings = L.layerGroup();
  let toRings = false;
  function drawRings() {
    rings.clearLayers();
    words();
    const at = ringed && chosen();
    if (!at) return;
    const drawn = head.rings_m.map((radius) => L.polygon(ringAround(at, radius), { color: "#15242e", weight: 1.3, dashArray: "3 4", fill: false, interactive: false }).addTo(rings));
    if (toRings) {
      toRings = false;
      map.fitBounds(drawn[drawn.length - 1].getBounds(), { paddingTopLeft: [8, 68], paddingBottomRight: [8, 8], animate: false });
      return drawRings();
    }
    // each names its northernmost point, where that is clear of the name of the next one out
    let above = -Infinity;
    [...drawn].reverse().forEach((ring, k) => {
      const top = ring.getLatLngs()[0].reduce((a, b) => (b.lat > a.lat ? b : a)), y = map.latLngToLayerPoint(top).y;
      if (y - above < RING_NAME_PX) return;
      above = y;
      L.tooltip(top, { permanent: true, direction: "top", offset: [0, 8], className: "lw-ring", content: length(head.rings_m[drawn.length - 1 - k]) }).addTo(rings);
    });
  }
  const ring = button(map, "topright", say.rings, "M10 10 m-2 0 a2 2 0 1 0 4 0 a2 2 0 1 0 -4 0 M10 10 m-7 0 a7 7 0 1 0 14 0 a7 7 0 1 0 -14 0", () => {
    ringed = !ringed; toRings = ringed && Boolean(chosen());
    ring.setAttribute("aria-pressed", String(ringed));
    if (ringed) rings.addTo(map); else rings.remove();
    drawRings();
  });
  ring.setAttribute("aria-pressed", "false");

  // worked out by the server for the chosen plot, once the button asks for it
  const walks = L.layerGroup();
  function drawWalk() {
    walks.clearLayers();
    if (walked && walked.plot !== plot()) walked = null;
    words();
    if (!walking || !walked) return;
    const shapes = walked.areas.map((area, k) => L.polygon(area, { color: WALK_EDGE, weight: 1, fillColor: WALK_COLOURS[k], fillOpacity: 0.35, interactive: false }));
    // the farthest first, so that the nearer lie on it
    [...shapes].reverse().forEach((shape) => shape.addTo(walks));
    walked.areas.forEach((area, k) => {
      const top = area.flat(2).reduce((a, b) => (b[0] > a[0] ? b : a));
      L.tooltip(top, { permanent: true, direction: "top", className: "lw-ring lw-walk", content: walked.labels[k] }).addTo(walks);
    });
    if (fit && shapes.length) { fit = false; map.fitBounds(shapes[shapes.length - 1].getBounds(), { paddingTopLeft: [8, 68], paddingBottomRight: [8, 8], animate: false }); }
  }
  let walk = null;
  if (head.walk.label) {
    walk = button(map, "topright", head.walk.label, "M11.5 3.4 m-1.6 0 a1.6 1.6 0 1 0 3.2 0 a1.6 1.6 0 1 0 -3.2 0 M10.5 7 L8 12 L11 14 L11.5 18 M8.6 13 L6 18 M10.5 7 L7 8.5 L6 11 M10.5 7.5 L12.5 10 L15 10.5", () => {
      walking = fit = !walking; stopped = !walking;
      walk.setAttribute("aria-pressed", String(walking));
      if (walking) walks.addTo(map); else { walks.remove(); walked = null; }
      want(walking);
      drawWalk();
    });
    walk.setAttribute("aria-pressed", "false");
  }
  function tellWalk(given) {
    if (!walk || stopped) return; // what still came after it was switched off
    walked = given; walking = true;
    walk.setAttribute("aria-pressed", "true");
    walks.addTo(map);
    drawWalk();
  }

  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  const where = document.createElement("div");
  where.className = "lw-where-am-i";
  const control = L.control({ position: "bottomleft" });
  control.onAdd = () => where;
  control.addTo(map);
  const read = ({ lat, lng }) => {
    const [x, y] = rdOf(lat, lng);
    where.textContent = `RD ${number(x, 0)} · ${number(y, 0)}   WGS84 ${lat.toFixed(5)}, ${lng.toFixed(5)}`;
  };
  map.on("mousemove", (e) => read(e.latlng));
  map.on("mouseout", () => { where.textContent = ""; });
  // who moves the map by keys reads the middle of it
  map.on("moveend", () => { if (document.activeElement === box) read(map.getCenter()); });
  return { redraw: () => { drawRings(); if (!walked || walked.plot !== plot()) drawWalk(); }, walk: tellWalk };
}

/* What the map shows is chosen by keys as well: Escape, or going on, closes the list. */
export function chooser(map, bases, overlays, label) {
  const control = L.control.layers(bases, overlays, { collapsed: true, position: "topright" }).addTo(map), box = control.getContainer();
  const toggle = box.querySelector(".leaflet-control-layers-toggle");
  toggle.title = label; toggle.setAttribute("aria-label", label); toggle.setAttribute("role", "button");
  box.addEventListener("keydown", (e) => {
    if (e.key === "Escape") { control.collapse(); toggle.focus(); }
    // the button goes when the list opens: whoever pressed it goes on in the list
    if (e.target === toggle && (e.key === "Enter" || e.key === " ")) { e.preventDefault(); control.expand(); box.querySelector("input").focus(); }
  });
  box.addEventListener("focusout", (e) => { if (e.relatedTarget && !box.contains(e.relatedTarget)) control.collapse(); });
}

/* The symbols of the map are one stop for the Tab key; the arrows go from one to the next, from west
   to east. */
export function oneStop(map) {
  const box = map.getPane("markerPane");
  const all = () => [...box.querySelectorAll(".lw-symbol")].filter((e) => e.checkVisibility()).map((e) => [e.getBoundingClientRect().x, e]).sort((a, b) => a[0] - b[0]).map(([, e]) => e);
  const tidy = () => { const here = all(), stop = here.find((e) => e === document.activeElement) || here[0]; here.forEach((e) => { e.tabIndex = e === stop ? 0 : -1; }); };
  box.addEventListener("keydown", (e) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key], here = all(), at = here.indexOf(document.activeElement);
    if (!step || at < 0) return;
    e.preventDefault(); e.stopPropagation();
    const next = here[(at + step + here.length) % here.length];
    next.tabIndex = 0; next.focus({ preventScroll: true }); tidy();
  });
  map.on("layeradd layerremove", () => { clearTimeout(map.lwTidy); map.lwTidy = setTimeout(tidy, 50); });
  tidy();
}

/* On a narrow map the credits are one line, that opens when it is pressed. */
export function shortCredits(map, label) {
  const box = map.attributionControl.getContainer(), toggle = document.createElement("button");
  toggle.type = "button"; toggle.className = "lw-credits"; toggle.textContent = "©"; toggle.title = label; toggle.setAttribute("aria-label", label); toggle.setAttribute("aria-expanded", "false");
  const control = L.control({ position: "bottomright" });
  control.onAdd = () => { L.DomEvent.disableClickPropagation(toggle); return toggle; };
  control.addTo(map);
  toggle.addEventListener("click", () => toggle.setAttribute("aria-expanded", String(box.classList.toggle("lw-open"))));
}

/* On a touch screen one finger moves the page and two move the map; a word says so. */
export function twoFingers(map, text) {
  if (!L.Browser.mobile || !matchMedia("(pointer: coarse)").matches) return;
  map.dragging.disable();
  const box = map.getContainer(), hint = document.createElement("div");
  hint.className = "lw-hint"; hint.textContent = text; hint.hidden = true;
  box.appendChild(hint);
  box.style.touchAction = "pan-y";
  let timer;
  box.addEventListener("touchmove", (e) => {
    if (e.touches.length !== 1) return;
    hint.hidden = false; clearTimeout(timer); timer = setTimeout(() => { hint.hidden = true; }, 900);
  }, { passive: true });
}
