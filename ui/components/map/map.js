/* Draws municipalities, reception locations, facilities and candidate plots on a Leaflet map, and
   repaints the plots when the ranked list says so over a BroadcastChannel.

   Payload: gzip, base64. Inside: length of the header (uint32, little endian), header (JSON),
   then blocks of int32 numbers. Coordinates are steps in units of 0.000001 degree, x and y apart,
   which packs to a tenth of GeoJSON. Names come from uploaded files: they reach the page only as
   text nodes. */
(function () {
  "use strict";
  const SHOW_SHAPES_FROM_ZOOM = 13;

  async function unpack(base64) {
    const packed = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    const buffer = await new Response(stream).arrayBuffer();
    const length = new DataView(buffer).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
    let at = 4 + length;
    header.blocks = header.block_lengths.map((n) => {
      // four planes of bytes, so that gzip sees the small numbers side by side
      const planes = new Uint8Array(buffer, at, 4 * n);
      const bytes = new Uint8Array(4 * n);
      for (let i = 0; i < n; i++) for (let b = 0; b < 4; b++) bytes[4 * i + b] = planes[b * n + i];
      at += 4 * n;
      return new Int32Array(bytes.buffer);
    });
    return header;
  }

  function shapes(blocks) {
    const [parts, rings, vertices, dx, dy] = blocks;
    const result = [];
    let part = 0, ring = 0, vertex = 0, x = 0, y = 0;
    for (let g = 0; g < parts.length; g++) {
      const polygons = [];
      for (let p = 0; p < parts[g]; p++, part++) {
        const polygon = [];
        for (let r = 0; r < rings[part]; r++, ring++) {
          const line = new Array(vertices[ring]);
          for (let v = 0; v < vertices[ring]; v++, vertex++) {
            x += dx[vertex]; y += dy[vertex];
            line[v] = [y / 1e6, x / 1e6];
          }
          polygon.push(line);
        }
        polygons.push(polygon);
      }
      result.push(polygons);
    }
    return result;
  }

  function tip(lines) {
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

  function symbol(svg, size) {
    return L.divIcon({ className: "lw-symbol", html: svg, iconSize: [size, size], iconAnchor: [size / 2, size / 2] });
  }

  function tiles(map, head) {
    const none = L.layerGroup();
    const bases = {};
    const warn = document.createElement("div");
    warn.className = "lw-note";
    warn.hidden = true;
    warn.setAttribute("role", "status");
    const control = L.control({ position: "bottomright" });
    control.onAdd = () => warn;
    control.addTo(map);
    head.tiles.forEach((t) => {
      const layer = L.tileLayer(t.url, { attribution: t.attribution, maxZoom: 19, maxNativeZoom: t.max_zoom });
      let loaded = 0, failed = 0;
      layer.on("tileload", () => { loaded++; warn.hidden = true; });
      layer.on("tileerror", () => {
        failed++;
        if (!loaded && failed >= 3 && map.hasLayer(layer)) {
          // out of reach: go on without, and say so
          map.removeLayer(layer); none.addTo(map);
          warn.textContent = head.texts.tiles_unreachable; warn.hidden = false;
          failed = 0;
        }
      });
      layer.on("add", () => { warn.hidden = true; });
      bases[t.name] = layer;
    });
    bases[head.texts.no_background] = none;
    const first = head.tiles.length ? bases[head.tiles[0].name] : none;
    first.addTo(map);
    return bases;
  }

  function municipalities(map, head, renderer) {
    const group = L.layerGroup();
    const layers = shapes(head.blocks.slice(0, 5)).map((latlngs, i) => {
      const layer = L.polygon(latlngs, { renderer, color: "#44546a", weight: 1.2, fillColor: "#ffffff", fillOpacity: 0.05 });
      const m = head.municipalities[i];
      layer.bindTooltip(() => tip([m.name, ...shadeLine(m)]), TIP);
      return layer.addTo(group);
    });
    let shade = "none";
    const box = document.createElement("div");
    box.className = "lw-note"; box.hidden = true;
    const control = L.control({ position: "bottomleft" });
    control.onAdd = () => box;
    control.addTo(map);
    function shadeLine(m) {
      const s = head.shades[shade];
      return s ? [s.title + ": " + m.labels[shade]] : [];
    }
    function paint(next) {
      shade = next;
      const s = head.shades[shade];
      layers.forEach((layer, i) => {
        const c = s ? head.municipalities[i].classes[shade] : null;
        const known = c !== null && c !== undefined && c >= 0;
        layer.setStyle({
          fillColor: !s ? "#ffffff" : known ? s.colours[c] : "#ffffff",
          fillOpacity: !s ? 0.05 : known ? 0.55 : 0.02,
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
    return { group, paint, bounds: () => L.featureGroup(layers).getBounds() };
  }

  function locations(head, renderer) {
    const group = L.layerGroup();
    head.locations.forEach((p) => {
      const text = () => tip(p.lines);
      let at = [p.lat, p.lon];
      if (p.area) {
        // known only to within precision_m: an area, and its sign on the rim instead of a pin
        L.circle(at, { renderer, radius: p.precision_m, color: p.colour, weight: 1.5, dashArray: "5 4", fillColor: p.colour, fillOpacity: 0.1 })
          .bindTooltip(text, TIP).addTo(group);
        at = [p.lat + p.precision_m / 111320, p.lon];
      }
      L.marker(at, { icon: symbol(p.svg, p.size), keyboard: true, alt: p.lines[0], riseOnHover: true })
        .bindTooltip(text, { className: "lw-tip" }).addTo(group);
    });
    return group;
  }

  function facilities(head) {
    const overlays = {};
    head.facilities.forEach((kind) => {
      const group = L.layerGroup();
      kind.places.forEach((p) => {
        L.marker([p.lat, p.lon], { icon: symbol(kind.svg, 18), alt: p.name })
          .bindTooltip(() => tip([p.name, kind.name, p.note]), { className: "lw-tip" }).addTo(group);
      });
      overlays[kind.name] = group;
    });
    return overlays;
  }

  function plots(map, head, renderer, send) {
    const all = shapes(head.blocks.slice(5, 10));
    const dots = L.layerGroup(), areas = L.layerGroup(), group = L.layerGroup();
    const n = all.length;
    let codes = new Uint8Array(n).fill(head.plots.initial === undefined ? 255 : head.plots.initial), selected = -1, polygons = null;
    const centre = all.map((polys) => {
      let s = 90, w = 180, north = -90, e = -180;
      polys.forEach((p) => p[0].forEach(([y, x]) => { if (y < s) s = y; if (y > north) north = y; if (x < w) w = x; if (x > e) e = x; }));
      return [(s + north) / 2, (w + e) / 2];
    });
    const name = (i) => tip([head.plots.names[i], ...(codes[i] === 255 ? [] : [head.texts.classes[codes[i] & 7]])]);
    // one byte a plot: bits 0-2 class, 8 interval, 16 risk or procedure, 32 blocked, 128 filtered out
    function style(i) {
      const c = codes[i];
      if (c & 128) return { stroke: false, fill: false, interactive: false };
      const sel = i === selected;
      return {
        stroke: true, fill: true, interactive: true, fillColor: head.ramp[c & 7], fillOpacity: 0.92,
        color: sel ? "#d4006a" : c & 32 ? "#000000" : "#33404a",
        weight: sel ? 4 : c & 32 ? 2.6 : 1.2,
        dashArray: !sel && c & 8 ? "3 3" : null,
      };
    }
    function bind(layer, i) {
      layer.on("click", (e) => { L.DomEvent.stop(e); if (!(codes[i] & 128)) { select(i, false); send({ type: "click", index: i }); } });
      layer.bindTooltip(() => name(i), TIP);
      return layer;
    }
    const marks = centre.map((at, i) => bind(L.circleMarker(at, { renderer, radius: 6, ...style(i) }), i));
    marks.forEach((m) => dots.addLayer(m));
    function current() { return map.getZoom() >= SHOW_SHAPES_FROM_ZOOM; }
    function show() {
      if (current()) {
        if (!polygons) { polygons = all.map((latlngs, i) => bind(L.polygon(latlngs, { renderer, ...style(i) }), i)); polygons.forEach((p) => areas.addLayer(p)); }
        group.removeLayer(dots); group.addLayer(areas);
      } else { group.removeLayer(areas); group.addLayer(dots); }
      front();
    }
    function front() { const l = layerOf(selected); if (l && l._map) l.bringToFront(); }
    function layerOf(i) { return i < 0 ? null : (current() && polygons ? polygons : marks)[i]; }
    function restyle(i) { marks[i].setStyle(style(i)); if (polygons) polygons[i].setStyle(style(i)); }
    function select(i, pan) {
      const before = selected; selected = i;
      if (before >= 0) restyle(before);
      if (i >= 0) { restyle(i); front(); if (pan && !map.getBounds().pad(-0.08).contains(centre[i])) map.panTo(centre[i]); }
    }
    function paint(next) {
      for (let i = 0; i < n; i++) if (codes[i] !== next[i]) { codes[i] = next[i]; restyle(i); }
      front();
    }
    map.on("zoomend", show);
    show();
    return { group, paint, select, zoomTo: (i) => map.fitBounds(L.polygon(all[i]).getBounds().pad(0.6), { maxZoom: 17 }), index: head.plots.index, bounds: () => (n ? L.latLngBounds(all.flat(2)) : null) };
  }

  window.locatiewijzerMap = async function (map, payload, channelName, home) {
    const head = await unpack(payload);
    const renderer = L.canvas({ padding: 0.3, tolerance: 4 });
    const channel = new BroadcastChannel(channelName);
    const send = (m) => channel.postMessage(m);
    map.attributionControl.setPrefix(false);
    map.attributionControl.addAttribution(head.texts.attribution);
    const bases = tiles(map, head);
    const gm = municipalities(map, head, renderer);
    gm.group.addTo(map); gm.paint(head.shade || "none");
    // the whole province, whatever the size of the screen
    if (home && !head.fit) map.fitBounds(gm.bounds(), { animate: false });
    const places = locations(head, renderer);
    places.addTo(map);
    const sites = plots(map, head, renderer, send);
    sites.group.addTo(map);
    if (head.before) {
      // the shapes as they came, under those that were mended
      shapes(head.blocks.slice(10, 15)).forEach((latlngs) => L.polygon(latlngs, { renderer, color: "#b00020", weight: 2, dashArray: "6 4", fill: false }).bindTooltip(() => tip([head.texts.before]), TIP).addTo(map));
    }
    if (head.fit) { const box = sites.bounds(); if (box) map.fitBounds(box.pad(0.3), { maxZoom: 16, animate: false }); }
    const overlays = { [head.texts.plots]: sites.group, [head.texts.locations]: places, [head.texts.municipalities]: gm.group };
    const extra = facilities(head);
    Object.assign(overlays, extra);
    L.control.layers(bases, overlays, { collapsed: true }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    map.on("moveend", () => { const c = map.getCenter(); send({ type: "extent", centre: [c.lat, c.lng], zoom: map.getZoom() }); });
    window.painted = 0;
    channel.onmessage = (event) => {
      const m = event.data;
      if (!m || m.type !== "paint") return;
      if (m.shade !== undefined) gm.paint(m.shade);
      const raw = atob(m.codes), codes = new Uint8Array(raw.length);
      for (let i = 0; i < raw.length; i++) codes[i] = raw.charCodeAt(i);
      if (codes.length === head.plots.names.length) sites.paint(codes);
      if (m.selected !== undefined) sites.select(m.selected, m.pan);
      if (m.zoom) sites.zoomTo(m.selected);
      window.painted++;
    };
    send({ type: "hello" });
    window.locatiewijzer = { map, sites, channel };
  };

  // Words and numbers of the drawing tool in the user's language.
  window.locatiewijzerDraw = function (texts, language) {
    const d = L.drawLocal;
    Object.assign(d.draw.toolbar.buttons, { polygon: texts.polygon, rectangle: texts.rectangle });
    Object.assign(d.draw.toolbar.actions, { title: texts.cancel, text: texts.cancel });
    Object.assign(d.draw.toolbar.finish, { title: texts.finish, text: texts.finish });
    Object.assign(d.draw.toolbar.undo, { title: texts.undo, text: texts.undo });
    Object.assign(d.draw.handlers.polygon.tooltip, { start: texts.start, cont: texts.cont, end: texts.end });
    d.draw.handlers.rectangle.tooltip.start = texts.drag;
    d.draw.handlers.simpleshape.tooltip.end = texts.release;
    d.draw.handlers.polyline.error = texts.crossing;
    Object.assign(d.edit.toolbar.actions.save, { title: texts.save, text: texts.save });
    Object.assign(d.edit.toolbar.actions.cancel, { title: texts.cancel, text: texts.cancel });
    if (d.edit.toolbar.actions.clearAll) Object.assign(d.edit.toolbar.actions.clearAll, { title: texts.clear, text: texts.clear });
    Object.assign(d.edit.toolbar.buttons, { edit: texts.edit, editDisabled: texts.edit, remove: texts.remove, removeDisabled: texts.remove });
    Object.assign(d.edit.handlers.edit.tooltip, { text: texts.move, subtext: "" });
    d.edit.handlers.remove.tooltip.text = texts.pick;
    const written = (n, digits) => n.toLocaleString(language, { maximumFractionDigits: digits });
    L.GeometryUtil.readableArea = (area) => (area >= 10000 ? written(area / 10000, 2) + " ha" : written(area, 0) + " m²");
  };
})();
