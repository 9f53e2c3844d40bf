/* Buttons on the map: the whole province, measuring, distance rings, and where the pointer is. */

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

/* WGS84 to RD New for reading off only, to about a metre (Schreutelkamp and Strang van Hees, 2001);
   what is measured is computed by the server in RD itself. */
export function toRd(lat, lon) {
  const f = 0.36 * (lat - 52.1551744), l = 0.36 * (lon - 5.38720621);
  const x = 155000 + 190094.945 * l - 11832.228 * f * l - 114.221 * f * f * l - 32.391 * l ** 3 - 0.705 * f - 2.34 * f ** 3 * l - 0.608 * f * l ** 3 - 0.008 * l * l + 0.148 * f * f * l ** 3;
  const y = 463000 + 309056.544 * f + 3638.893 * l * l + 73.077 * f * f - 157.984 * f * l * l + 59.788 * f ** 3 + 0.433 * l - 6.439 * f * f * l * l - 0.032 * f * l + 0.092 * l ** 4 - 0.054 * f * l ** 4;
  return [Math.round(x), Math.round(y)];
}

export function controls(map, head, language, { home, chosen }) {
  const say = head.texts, number = (v, digits) => v.toLocaleString(language, { maximumFractionDigits: digits });
  const length = (m) => (m >= 1000 ? number(m / 1000, 2) + " km" : number(m, 0) + " m");
  button(map, "topleft", say.home, "M3 10 L10 4 L17 10 M5 9 V16 H15 V9", home);
  button(map, "topright", say.full_screen, "M3 7V3H7 M13 3H17V7 M17 13V17H13 M7 17H3V13", () => {
    if (document.fullscreenElement) document.exitFullscreen(); else document.documentElement.requestFullscreen();
  });

  let line = null;
  const told = L.tooltip({ permanent: true, direction: "right", className: "lw-tip" });
  const measure = button(map, "topright", say.measure, "M2 14 L14 2 L18 6 L6 18 Z M6 10 L8 12 M9 7 L11 9 M12 4 L14 6", () => {
    map.lwBusy = !map.lwBusy;
    measure.setAttribute("aria-pressed", String(map.lwBusy));
    if (line) { line.remove(); line = null; told.remove(); }
    map.getContainer().style.cursor = map.lwBusy ? "crosshair" : "";
  });
  measure.setAttribute("aria-pressed", "false");
  map.on("click", (e) => {
    if (!map.lwBusy) return;
    if (!line) line = L.polyline([], { color: "#15242e", weight: 3, dashArray: "6 4" }).addTo(map);
    line.addLatLng(e.latlng);
    const points = line.getLatLngs();
    const total = points.slice(1).reduce((sum, p, k) => sum + map.distance(points[k], p), 0);
    told.setLatLng(e.latlng).setContent(length(total)).addTo(map);
  });

  const rings = L.layerGroup();
  let ringed = false;
  function drawRings() {
    rings.clearLayers();
    const at = ringed && chosen();
    if (!at) return;
    [400, 800, 1200, 3000].forEach((radius) => {
      L.circle(at, { radius, color: "#15242e", weight: 1.3, dashArray: "3 4", fill: false, interactive: false }).addTo(rings);
      const east = at.lng + radius / (111320 * Math.cos((at.lat * Math.PI) / 180));
      L.tooltip([at.lat, east], { permanent: true, direction: "right", className: "lw-ring", content: length(radius) }).addTo(rings);
    });
  }
  const ring = button(map, "topright", say.rings, "M10 10 m-2 0 a2 2 0 1 0 4 0 a2 2 0 1 0 -4 0 M10 10 m-7 0 a7 7 0 1 0 14 0 a7 7 0 1 0 -14 0", () => {
    ringed = !ringed;
    ring.setAttribute("aria-pressed", String(ringed));
    if (ringed) rings.addTo(map); else rings.remove();
    drawRings();
  });
  ring.setAttribute("aria-pressed", "false");

  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  const where = document.createElement("div");
  where.className = "lw-where-am-i";
  const control = L.control({ position: "bottomleft" });
  control.onAdd = () => where;
  control.addTo(map);
  map.on("mousemove", (e) => {
    const [x, y] = toRd(e.latlng.lat, e.latlng.lng);
    where.textContent = `RD ${number(x, 0)} · ${number(y, 0)}   WGS84 ${e.latlng.lat.toFixed(5)}, ${e.latlng.lng.toFixed(5)}`;
  });
  map.on("mouseout", () => { where.textContent = ""; });
  return { redraw: drawRings };
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
