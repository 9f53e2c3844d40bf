/* A histogram of scores that is the filter: two handles, live while a weight is dragged; and "only
   what is in view" and "only favourites". They stay in the browser and in the address of the page, so
   that a link keeps them; the server's own filters come first. */
import { el, mark, tell } from "./dom.js";
import { keepInAddress } from "./address.js";

const BINS = 20, STEPS = 32; // of the score, and of a height
const MOST_STARRED = 40; // they stand in the address, which has an end

export function narrowing(known) {
  const box = el("div", "lw-narrow"), chart = el("div", "lw-bins"), bars = Array.from({ length: BINS }, () => chart.appendChild(el("i")));
  const low = el("input", "lw-from"), high = el("input", "lw-to"), told = el("span", "lw-small lw-told");
  const label = el("label", "lw-in-view"), only = el("input"), onlyWord = el("span"), clear = el("button", "lw-link");
  chart.setAttribute("role", "img"); clear.type = "button"; only.type = "checkbox";
  label.append(only, onlyWord);
  const starLabel = el("label", "lw-in-view"), starred = el("input"), starWord = el("span");
  starred.type = "checkbox"; starLabel.append(starred, starWord);
  const range = el("div", "lw-between"), foot = el("div", "lw-narrow-foot");
  [low, high].forEach((input) => { input.type = "range"; input.min = 0; input.max = 100; input.step = 5; });
  range.append(chart, low, high); foot.append(told, label, starLabel, clear); box.append(range, foot);
  low.value = 0; high.value = 100;
  let started = false, say = {};

  function keep() {
    const { engine } = known;
    keepInAddress({
      score: engine.between ? engine.between.join("-") : null,
      in: engine.onlyInView ? "view" : null,
      fav: engine.favourites.size ? [...engine.favourites].join(",") : null,
      only: engine.onlyStarred ? "fav" : null,
    });
  }
  function change() {
    const { engine } = known, a = Number(low.value), b = Number(high.value);
    engine.between = a > 0 || b < 100 ? [a, b] : null;
    engine.onlyInView = only.checked; engine.onlyStarred = starred.checked;
    engine.refilter(); keep();
  }
  starred.addEventListener("change", change);
  low.addEventListener("input", () => { if (Number(low.value) > Number(high.value) - 5) low.value = Number(high.value) - 5; change(); });
  high.addEventListener("input", () => { if (Number(high.value) < Number(low.value) + 5) high.value = Number(low.value) + 5; change(); });
  only.addEventListener("change", change);
  const reset = () => { low.value = 0; high.value = 100; only.checked = starred.checked = false; change(); };
  clear.addEventListener("click", () => { reset(); low.focus(); });

  // a link of somebody who narrowed the list shows the same list; so does coming back to it
  function begin(engine) {
    if (started || !say.score_between) return false;
    started = true;
    if (engine.between) [low.value, high.value] = engine.between;
    only.checked = Boolean(engine.onlyInView); starred.checked = Boolean(engine.onlyStarred);
    const asked = new URL(location.href).searchParams, found = /^(\d{1,3})-(\d{1,3})$/.exec(asked.get("score") || "");
    if (found && Number(found[1]) < Number(found[2])) { low.value = found[1]; high.value = found[2]; }
    only.checked ||= asked.get("in") === "view";
    (asked.get("fav") || "").split(",").filter((id) => engine.place.has(id)).slice(0, MOST_STARRED).forEach((id) => engine.favourites.add(id));
    starred.checked = (starred.checked || asked.get("only") === "fav") && engine.favourites.size > 0;
    if (!(found || engine.between || only.checked || starred.checked || engine.favourites.size)) return false;
    change();
    return true;
  }

  return {
    box, begin,
    clear: reset,
    star(plot) {
      const { favourites } = known.engine;
      if (!favourites.delete(plot) && favourites.size < MOST_STARRED) favourites.add(plot);
      if (!favourites.size) starred.checked = false;
      change();
      known.setTriggerValue("star", [...favourites]);
    },
    words(data) {
      say = data.texts;
      low.setAttribute("aria-label", say.score_from); high.setAttribute("aria-label", say.score_to);
      onlyWord.textContent = say.in_view; clear.textContent = say.clear;
    },
    draw(engine) {
      // the engine may speak before the texts of this language are there; they draw anew
      if (!say.score_between) return;
      const counts = new Array(BINS).fill(0);
      for (let i = 0; i < engine.low.length; i++) {
        if (engine.visible && !engine.visible[i]) continue;
        counts[Math.min(BINS - 1, Math.floor(((engine.low[i] + engine.high[i]) / 2) * BINS / 100))]++;
      }
      const most = Math.max(1, ...counts), [a, b] = engine.between || [0, 100], ramp = engine.matrix.ramp;
      bars.forEach((bar, k) => {
        const at = (k * 100) / BINS;
        // in steps that can be seen: others only cost a layout
        bar.style.height = counts[k] ? Math.max(8, Math.round((STEPS * counts[k]) / most) * (100 / STEPS)) + "%" : "0";
        bar.style.background = ramp[Math.min(4, Math.floor(at / 20))];
        bar.classList.toggle("lw-out", at < a || at >= b);
      });
      tell(told, say.score_between.replace("{low}", a).replace("{high}", b));
      mark(chart, "aria-label", say.histogram.replace("{count}", String(engine.list.length)));
      tell(starWord, say.only_starred.replace("{count}", String(engine.favourites.size)));
      starLabel.hidden = !engine.favourites.size;
      clear.hidden = !engine.narrowed;
      tell(clear, say.clear.replace("{count}", String(engine.narrowed)));
    },
  };
}
