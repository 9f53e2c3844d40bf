/* The ranked list. It shows the rows it is given, passes the suitability code of every plot on to
   the map in the next frame, and tells the server which plot was chosen, in the list or on the map.

   Arguments: channel (name shared with the map), codes (base64, one byte a plot in map order),
   rows ([index, rank, ranks, name, where, low, high, colour, flag, blocked]; index is the plot's
   place in the map's order), selected (index, -1 for none), shade, height, language, texts {label,
   empty, more, score}, more (boolean), zoom (counter: a higher one zooms to the selected plot). */
(function () {
  "use strict";
  const list = document.getElementById("list");
  let channel = null, paint = null, args = null, count = 0, zoomed = 0, chosen = -1, lastMarked = -1, extent = null;

  const toServer = (type, data) => parent.postMessage({ isStreamlitMessage: true, type, ...data }, "*");
  const answer = (value) => { count = Math.max(count, Date.now()); count++; toServer("streamlit:setComponentValue", { value: { ...value, extent, count }, dataType: "json" }); };

  function open(name) {
    channel = new BroadcastChannel(name);
    channel.onmessage = (event) => {
      const m = event.data;
      if (m.type === "hello" && paint) channel.postMessage({ ...paint, pan: false, zoom: false });
      if (m.type === "extent") { extent = { centre: m.centre, zoom: m.zoom }; address(); }
      if (m.type === "click") choose(m.index, false);
    };
  }

  // The extent of the map goes into the address of the page, so that a link restores it; no rerun.
  function address() {
    const url = new URL(parent.location.href);
    url.searchParams.set("view", [extent.centre[0].toFixed(5), extent.centre[1].toFixed(5), extent.zoom].join(","));
    if (url.href !== parent.location.href) parent.history.replaceState(parent.history.state, "", url);
  }

  function mark(index, scroll) {
    chosen = index;
    for (const row of list.querySelectorAll("button.row")) row.setAttribute("aria-selected", String(Number(row.dataset.index) === index));
    const row = list.querySelector('button.row[aria-selected="true"]');
    if (row && scroll) {
      // not scrollIntoView: that would scroll the page around this frame as well
      const above = row.offsetTop - list.offsetTop, below = above + row.offsetHeight - list.clientHeight;
      if (list.scrollTop > above) list.scrollTop = above; else if (list.scrollTop < below) list.scrollTop = below;
    }
  }

  function choose(index, pan) {
    mark(index, true);
    paint = { ...paint, selected: index };
    if (pan) channel.postMessage({ ...paint, pan: true, zoom: false });
    answer({ index });
  }

  function element(tag, className, text) {
    const e = document.createElement(tag);
    if (className) e.className = className;
    if (text !== undefined) e.textContent = text;
    return e;
  }

  function row([index, rank, ranks, name, where, low, high, colour, flag, blocked]) {
    const button = element("button", "row");
    button.type = "button"; button.setAttribute("role", "option"); button.dataset.index = index;
    const place = element("span", "rank", rank);
    if (ranks) place.appendChild(element("small", "", ranks));
    const middle = element("span");
    middle.style.minWidth = 0;
    const title = element("span", "name", name);
    title.style.display = "block"; title.title = name;
    const below = element("span", "where");
    if (flag) below.appendChild(element("span", blocked ? "flag blocked" : "flag", flag));
    below.appendChild(document.createTextNode(where));
    middle.append(title, below);
    const right = element("span");
    const bar = element("span", "bar"); bar.style.display = "block";
    const sure = element("span", "sure"); sure.style.width = low + "%"; sure.style.background = colour;
    const open = element("span", "open"); open.style.left = low + "%"; open.style.width = Math.max(0, high - low) + "%";
    bar.append(sure); if (high > low) bar.append(open);
    const value = element("span", "value", args.texts.score.replace("{low}", low).replace("{high}", high));
    if (high <= low) value.textContent = low;
    value.style.display = "block";
    right.append(value, bar);
    button.append(place, middle, right);
    button.addEventListener("click", () => choose(index, true));
    return button;
  }

  addEventListener("message", (event) => {
    if (event.data.type !== "streamlit:render") return;
    args = event.data.args;
    document.documentElement.lang = args.language;
    if (!channel) open(args.channel);
    list.style.height = args.height + "px";
    list.setAttribute("aria-label", args.texts.label);
    toServer("streamlit:setFrameHeight", { height: args.height });
    chosen = args.selected;
    const zoom = args.zoom > zoomed; zoomed = args.zoom;
    paint = { type: "paint", codes: args.codes, shade: args.shade, selected: args.selected, pan: false, zoom };
    channel.postMessage(paint);
    const top = list.scrollTop;
    list.replaceChildren(...args.rows.map(row));
    if (!args.rows.length) list.appendChild(element("div", "empty", args.texts.empty));
    if (args.more) { const more = element("button", "more", args.texts.more); more.type = "button"; more.addEventListener("click", () => answer({ more: args.rows.length })); list.appendChild(more); }
    list.scrollTop = top;
    mark(chosen, args.selected !== lastMarked); lastMarked = args.selected;
    window.rendered = (window.rendered || 0) + 1;
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const rows = [...list.querySelectorAll("button.row")];
    const next = rows[rows.indexOf(document.activeElement) + step];
    if (next) { next.focus(); event.preventDefault(); }
  });
  toServer("streamlit:componentReady", { apiVersion: 1 });
})();
