/* What the browser alone keeps in the address of the page (extent, histogram, favourites), so that a
   link restores it. The server writes the whole address anew when it keeps something of its own
   there, from what it was last told; what was kept here is put back into it. */

const kept = new Map();
let page = null;

function whole(address) {
  const next = new URL(address, location.href);
  if (next.pathname !== page) return next.href;
  for (const [name, value] of kept) if (value === null) next.searchParams.delete(name); else next.searchParams.set(name, value);
  return next.href;
}

for (const name of ["pushState", "replaceState"]) {
  const native = history[name].bind(history);
  history[name] = (state, title, address) => native(state, title, address === undefined || address === null ? address : whole(address));
}

/* Keep values by their names; null takes one out. */
export function keepInAddress(values) {
  page = location.pathname;
  for (const [name, value] of Object.entries(values)) kept.set(name, value);
  if (whole(location.href) !== location.href) history.replaceState(history.state, "", location.href);
}
