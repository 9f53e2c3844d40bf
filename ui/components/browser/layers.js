/* Municipalities with their shade, existing reception locations and facilities, and tiles. */

export function tip(lines) {
  const box = document.createElement("div");
  lines.filter(Boolean).forEach((line, i) => {
    const row = document.createElement(i ? "span" : "b");
    row.textContent = line;
    if (i > 1) box.appendChild(document.createElement("br"));
    box.appendChild(row);
  });
  return box;
}

const TIP = { className: "lw-tip", sticky: true };

function symbol(svg, size, className) {
  return L.divIcon({ className: "lw-symbol " + (className || ""), html: svg, iconSize: [size, size], iconAnchor: [size / 2, size / 2] });
}

/* A symbol tells what it is to whoever cannot see it; nothing happens when it is pressed. */
function named(marker, lines) {
  return marker.on("add", () => {
    const icon = marker.getElement();
    icon.setAttribute("role", "img"); icon.setAttribute("aria-label", lines.filter(Boolean).join(", "));
  });
}

/* Legend and notices stand under the map, which makes room: neither covers the map or the other. */
export function under(map, element) {
  const parent = map.getContainer().closest("#parent") || map.getContainer().parentElement;
  const strip = parent.querySelector(":scope > .lw-under") || parent.appendChild(document.createElement("div"));
  strip.className = "lw-under";
  strip.appendChild(element);
}

const FADED_MS = 300; // Leaflet lets tiles appear in a fifth of a second

/* Tiles of PDOK above the packaged ground; out of reach they are taken off, and that is said.
   `onShown` hears whether there are tiles, and whether they cover all that is seen. */
export function tiles(map, head, { onShown }) {
  let covering;
  const none = L.layerGroup(), bases = {};
  const warn = document.createElement("div");
  warn.className = "lw-note lw-missable"; warn.hidden = true; warn.setAttribute("role", "status");
  const close = document.createElement("button");
  close.type = "button"; close.className = "lw-close"; close.textContent = "×"; close.setAttribute("aria-label", head.texts.close);
  close.addEventListener("click", () => { warn.hidden = true; });
  under(map, warn);
  head.tiles.forEach((t) => {
    const layer = L.tileLayer(t.url, { attribution: t.attribution, maxZoom: 19, maxNativeZoom: t.max_zoom });
    let loaded = 0, failed = 0, missing = 0;
    layer.on("loading", () => { missing = 0; clearTimeout(covering); onShown(loaded > 0, false); });
    layer.on("load", () => { if (!missing) covering = setTimeout(() => onShown(loaded > 0, loaded > 0), FADED_MS); });
    layer.on("remove", () => clearTimeout(covering));
    layer.on("tileload", () => { if (!loaded++) onShown(true, false); warn.hidden = true; });
    layer.on("tileerror", () => {
      failed++; missing++;
      if (!loaded && failed >= 3 && map.hasLayer(layer)) {
        map.removeLayer(layer); none.addTo(map);
        warn.replaceChildren(head.texts.tiles_unreachable, close); warn.hidden = false;
        failed = 0;
      }
    });
    layer.on("add", () => { warn.hidden = true; onShown(loaded > 0, false); });
    bases[t.name] = layer;
  });
  none.on("add", () => onShown(false, false));
  bases[head.texts.no_background] = none;
  (head.tiles.length ? bases[head.tiles[0].name] : none).addTo(map);
  return bases;
}

export function municipalities(map, head, latlngs, renderer) {
  const group = L.layerGroup();
  let shade = null;
  const layers = latlngs.map((shape, i) => {
    const layer = L.polygon(shape, { renderer, color: "#8fa0ad", weight: 1.2, fillColor: "#fff", fillOpacity: 0.01 });
    const m = head.municipalities[i];
    layer.bindTooltip(() => tip([m.name, ...shadeLine(m)]), { ...TIP, className: "lw-tip lw-tip-area" });
    return layer.addTo(group);
  });
  const box = document.createElement("div");
  box.className = "lw-note"; box.hidden = true;
  under(map, box);
  function shadeLine(m) {
    const s = head.shades[shade];
    return s ? [s.title + ": " + m.labels[shade]] : [];
  }
  function paint(next) {
    if (next === shade) return;
    shade = next;
    const s = head.shades[shade];
    layers.forEach((layer, i) => {
      const c = s ? head.municipalities[i].classes[shade] : null;
      const known = c !== null && c !== undefined && c >= 0;
      layer.setStyle({
        fillColor: s && known ? s.colours[c] : "#fff",
        fillOpacity: !s ? 0.01 : known ? 0.62 : 0.02,
        dashArray: s && !known ? "4 4" : null,
      });
    });
    box.hidden = !s;
    if (!s) return;
    box.textContent = s.title;
    const row = document.createElement("div");
    row.className = "lw-scale";
    s.legend.forEach(([colour, label]) => {
      const item = document.createElement("span"), chip = document.createElement("i");
      chip.style.background = colour || "#fff";
      if (!colour) chip.style.borderStyle = "dashed";
      item.append(chip, label); row.appendChild(item);
    });
    box.appendChild(row);
  }
  const centres = layers.map((layer, i) => ({ name: head.municipalities[i].name, lat: layer.getBounds().getCenter().lat, lon: layer.getBounds().getCenter().lng }));
  return { group, paint, centres, bounds: () => L.featureGroup(layers).getBounds() };
}

/* Existing sites are small and quiet; the circle within which one truly lies shows on hover. */
export function locations(map, head, renderer) {
  const groups = new Map();
  head.locations.forEach((p) => {
    const group = groups.get(p.group) || groups.set(p.group, L.layerGroup()).get(p.group);
    const text = () => tip(p.lines);
    const marker = L.marker([p.lat, p.lon], { icon: symbol(p.svg, p.size, "lw-site lw-status-" + p.status), keyboard: true, alt: p.lines.slice(0, 2).join(", "), riseOnHover: true }).bindTooltip(text, { className: "lw-tip" });
    if (p.area) {
      const circle = L.circle([p.lat, p.lon], { renderer, radius: p.precision_m, color: p.colour, weight: 1.5, dashArray: "5 4", fillColor: p.colour, fillOpacity: 0.12, interactive: false });
      marker.on("mouseover focus", () => circle.addTo(map)).on("mouseout blur remove", () => circle.remove());
    }
    named(marker, p.lines).addTo(group);
  });
  return groups;
}

/* What stands, what is planned and what is gone can be left out of every kind: a class on the map. */
export function states(head) {
  return head.statuses.map(([status, name, shown]) => {
    const layer = new (L.Layer.extend({
      onAdd(map) { map.getContainer().classList.add("lw-shows-" + status); },
      onRemove(map) { map.getContainer().classList.remove("lw-shows-" + status); },
    }))();
    return { name, layer, shown };
  });
}

export function facilities(head) {
  const overlays = {};
  head.facilities.forEach((kind) => {
    const group = L.layerGroup();
    kind.places.forEach((p) => {
      named(L.marker([p.lat, p.lon], { icon: symbol(kind.svg, 18), alt: kind.name + " " + p.name }), [kind.name, p.name])
        .bindTooltip(() => tip([p.name, kind.name, p.note]), { className: "lw-tip" }).addTo(group);
    });
    overlays[kind.name] = group;
  });
  return overlays;
}
