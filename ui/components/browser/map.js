/* Draws municipalities, reception locations, facilities and candidate plots on a Leaflet map, and
   repaints the plots when the page says so over a BroadcastChannel.

   Names come from uploaded files: they reach the page only as text nodes. Plots are spoken of by
   identifier; colours come in the order of the identifiers of one version, and another version's
   are let pass. */
(function () {
  "use strict";

  const PAINTED_MS = 500; // so long the ground waits for plots to have their colours

  window.locatiewijzerMap = async function (map, payload, channelName, home, assets) {
    const load = (name) => import(new URL(assets + name, location.origin).href);
    const others = Promise.all(["canvas.js", "ground.js", "layers.js", "plots.js", "controls.js"].map(load)), packing = await load("unpack.js");
    const head = await packing.unpack(packing.bytesOf(payload));
    // on its way while the rest is made, and drawn when plots are there: they are what is waited for
    const coming = fetch(new URL(head.ground, location.origin).href).then((r) => r.arrayBuffer()).then((b) => packing.unpack(b)).catch(() => null);
    const [{ StillShapes }, ground, parts, marks, tools] = await others;
    const renderer = new StillShapes({ padding: 0.15, tolerance: 4 });
    const channel = new BroadcastChannel(channelName);
    const send = (m) => channel.postMessage(m);
    const language = head.language;
    document.documentElement.lang = language;
    map.attributionControl.setPrefix(false);
    tools.shortCredits(map, head.texts.credits);
    map.attributionControl.addAttribution(head.texts.attribution);
    document.title = head.texts.map;
    if (window.frameElement) window.frameElement.title = head.texts.map;
    map.getContainer().setAttribute("aria-label", head.texts.map);
    for (const [name, words] of [["in", head.texts.zoom_in], ["out", head.texts.zoom_out]]) {
      const b = map.getContainer().querySelector(".leaflet-control-zoom-" + name);
      if (b) { b.title = words; b.setAttribute("aria-label", words); }
    }
    const block = (k) => packing.shapes(head.blocks.slice(5 * k, 5 * k + 5));
    const land = block(0);
    const gm = parts.municipalities(map, head, land, renderer);
    // the map takes its size and place before anything is drawn, which would else be drawn anew
    map.invalidateSize({ animate: false });
    if (home && !head.fit) map.fitBounds(gm.bounds(), { animate: false, padding: [4, 4] });
    let tiles = [false, false], laid = () => {};
    const bases = parts.tiles(map, head, { onShown: (...now) => { tiles = now; laid(); } });
    gm.paint(head.shade || "none"); gm.group.addTo(map);
    const groups = parts.locations(map, head, renderer), states = parts.states(head);
    groups.forEach((group) => group.addTo(map));
    states.forEach(({ layer, shown }) => { if (shown) layer.addTo(map); });
    const whole = (n) => n.toLocaleString(language);
    const card = (i, code, state) => {
      const p = head.plots, lines = [p.names[i]];
      if (code !== 255 && state.low) {
        const low = Math.round(state.low[i]), high = Math.round(state.high[i]);
        lines.push((low === high ? head.texts.score_one : head.texts.score_range).replace("{low}", low).replace("{high}", high));
        const rank = state.best ? { best: state.best[i], worst: state.worst[i], ranked: state.ranked } : state.told && state.told.i === i ? state.told : null;
        if (rank) lines.push((rank.best === rank.worst ? head.texts.rank_one : head.texts.rank_range).replace("{best}", whole(rank.best)).replace("{worst}", whole(rank.worst)).replace("{count}", whole(rank.ranked)));
      } else if (code !== 255) lines.push(head.texts.classes[code & marks.BITS.klass]);
      if (p.where) lines.push(p.where[i]);
      const limits = code === 255 ? [] : head.texts.limits.filter((_, k) => code & marks.LIMIT_BITS[k]);
      if (limits.length) lines.push(limits.join(", "));
      return parts.tip(lines);
    };
    const gathered = (count, best) => {
      const box = parts.tip([head.texts.cell.replace("{count}", whole(count)), head.texts.cell_best]);
      box.appendChild(best);
      return box;
    };
    const sites = marks.plotLayer(map, head, head.blocks.slice(5, 10), { send, card, gathered });
    sites.layer.addTo(map);
    if (head.before) {
      // the shapes as they came, under those that were mended
      block(2).forEach((latlngs) => L.polygon(latlngs, { renderer, color: "#b00020", weight: 2, dashArray: "6 4", fill: false }).bindTooltip(() => parts.tip([head.texts.before]), { className: "lw-tip" }).addTo(map));
    }
    if (head.fit) { const box = sites.bounds(); if (box) map.fitBounds(box.pad(0.3), { maxZoom: 16, animate: false }); }
    const overlays = { [head.texts.plots]: sites.layer, [head.texts.municipalities]: gm.group };
    const apart = (names) => names.forEach(([name, layer], k) => { overlays[k ? name : `<span class="lw-apart">${name}</span>`] = layer; });
    apart([...groups]); apart(states.map(({ name, layer }) => [name, layer])); apart(Object.entries(parts.facilities(head)));
    tools.chooser(map, bases, overlays, head.texts.layers);
    const extras = tools.controls(map, head, language, {
      home: () => map.fitBounds(gm.bounds()),
      chosen: () => (sites.selected === null ? null : sites.centre(head.plots.ids.indexOf(sites.selected))),
      plot: () => sites.selected,
      want: (on) => send({ type: "walk-wanted", on }),
    });
    tools.oneStop(map);
    tools.twoFingers(map, head.texts.two_fingers);
    const inView = () => { const box = map.getBounds(); return new Set(head.plots.ids.filter((_, i) => box.contains(sites.centre(i)))); };
    map.on("moveend", () => { const c = map.getCenter(); send({ type: "extent", centre: [c.lat, c.lng], zoom: map.getZoom(), view: inView() }); extras.redraw(); });
    new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
    window.painted = 0;
    let firstPainted;
    const painted = new Promise((done) => { firstPainted = done; });
    if (head.painted) { sites.paint(Uint8Array.from(head.painted.codes), head.painted.state); window.painted++; firstPainted(); }
    if (head.together) moveAsOne(map, head.together);
    let named;
    channel.onmessage = (event) => {
      const m = event.data;
      if (!m) return;
      if (m.type === "extent-is" && m.version === head.plots.version) map.setView(m.centre, m.zoom, { animate: false });
      if (m.type === "facts" && m.version === head.plots.version) head.plots.where = m.where;
      if (m.type === "rank" && m.version === head.plots.version) sites.rank(m.plot, m);
      if (m.type === "shade") gm.paint(m.shade);
      if (m.type === "zoom-to") { const i = head.plots.ids.indexOf(m.plot); sites.zoomTo(i); }
      if (m.type === "walk" && m.version === head.plots.version) extras.walk(m.walk);
      if (m.type === "fly") map.flyTo(m.at, m.zoom || 14, { duration: 0.6 });
      if (m.type !== "paint" || m.version !== head.plots.version) return;
      if (m.shade !== undefined) gm.paint(m.shade);
      sites.paint(m.codes, m.state);
      if (m.selected !== undefined) { sites.select(head.plots.ids.indexOf(m.selected), m.pan); extras.redraw(); }
      if (m.zoom && m.selected) sites.zoomTo(head.plots.ids.indexOf(m.selected));
      clearTimeout(named);
      named = setTimeout(() => renderer.again(), 250);
      window.painted++; firstPainted();
    };
    delete map.getContainer().dataset.waiting;
    send({ type: "hello", version: head.plots.version, view: inView() });
    window.locatiewijzer = { map, sites, channel };
    const [under] = await Promise.all([coming, Promise.race([painted, new Promise((late) => setTimeout(late, PAINTED_MS))])]);
    if (!under) return;
    const part = (k) => packing.shapes(under.blocks.slice(5 * k, 5 * k + 5));
    const [built_up, nature_areas, water_areas, waterways, railways] = [0, 1, 2, 3, 4].map(part);
    const bed = ground.drawGround(map, { built_up, nature_areas, water_areas, waterways, railways, ranks: under.ranks }, land, renderer);
    map.attributionControl.addAttribution(under.credit);
    const [written, few] = [false, true].map((tiled) => ground.naming(map, under, gm.centres, sites.occupied, tiled));
    laid = () => {
      const [tiled, covered] = tiles;
      bed.underTiles(tiled, covered);
      renderer.name(tiled ? few : written);
    };
    laid();
  };

  /* Maps beside each other show the same part of the province at the same scale. */
  function moveAsOne(map, name) {
    const others = new BroadcastChannel(name);
    let following = false;
    map.on("move", () => { if (following) return; const c = map.getCenter(); others.postMessage([c.lat, c.lng, map.getZoom()]); });
    others.onmessage = ({ data: [lat, lng, zoom] }) => {
      following = true;
      map.setView([lat, lng], zoom, { animate: false });
      following = false;
    };
  }

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
