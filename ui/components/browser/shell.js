/* Takes the shell away once a page is there, and says when the server is at work for long. */

/* Calendars and numbers of Streamlit speak the language of the browser; here they speak that of the
   page. Streamlit asks each time that it draws the whole page: this stands before the first. */
window.lwSpeak = (language) => {
  const full = language === "en" ? "en-GB" : "nl-NL";
  for (const [name, value] of [["language", full], ["languages", [full]]]) Object.defineProperty(navigator, name, { get: () => value, configurable: true });
  window.dispatchEvent(new Event("languagechange"));
};
window.lwSpeak(document.documentElement.lang);

const LONG_MS = 450;   // whoever waits for half a second is told so
const shell = document.getElementById("lw-shell");
const busy = document.getElementById("lw-busy");

/* The map covers the shell as it comes; another page is there with its first heading or message. */
function arrived() {
  const main = document.querySelector('[data-testid="stMain"]');
  if (!main) return false;
  if (document.querySelector('[data-testid="stDialog"], [data-testid="stException"]')) return true;
  const frame = main.querySelector(".st-key-explore-map iframe");
  if (frame) return frame.contentWindow && frame.contentWindow.painted > 0;
  if (main.querySelector(".st-key-explore-title, .st-key-explore-map")) return false;
  return Boolean(main.querySelector('h1, h2, [data-testid="stAlert"], [data-testid="stButton"]'));
}
const LONGEST_S = 60;
const begun = performance.now();
const watch = setInterval(() => {
  let there = true;
  try { there = arrived(); } catch { /* a frame that may not be read is there */ }
  if (!there && performance.now() - begun < LONGEST_S * 1000) return;
  clearInterval(watch);
  shell.remove();
}, 50);

let since = null;
setInterval(() => {
  const app = document.querySelector('[data-testid="stApp"]');
  const runs = app && app.dataset.testScriptState === "running" && !document.getElementById("lw-shell");
  since = runs ? since ?? performance.now() : null;
  const said = since !== null && performance.now() - since > LONG_MS ? busy.dataset[document.documentElement.lang] || busy.dataset.nl : "";
  if (busy.textContent !== said) busy.textContent = said;
}, 100);

/* A page that still comes, or unfolds, moves a button between press and release, and the browser then
   takes it for no press at all. Who holds still presses what was under the hand: once, wherever it is
   by then. Who slides away from it has changed their mind. */
const PRESSABLE = "button, summary, a[href]";
const HELD_PX = 6;
let held = null;
const namedBlock = (one) => {
  const block = one.closest('[class*="st-key-"]');
  return block && [...block.classList].find((name) => name.startsWith("st-key-"));
};
/* The page may have put a new one in its place. */
function placeTaken({ button, block, words }) {
  if (button.isConnected || !block) return button;
  const there = [...document.querySelectorAll(`.${CSS.escape(block)} :is(${PRESSABLE})`)];
  return there.find((one) => one.innerText === words) ?? button;
}
document.addEventListener("pointerdown", (event) => {
  const button = event.isPrimary && event.button === 0 && event.target.closest?.(PRESSABLE);
  held = button ? { button, block: namedBlock(button), words: button.innerText, x: event.clientX, y: event.clientY } : null;
}, true);
document.addEventListener("pointercancel", () => { held = null; }, true);   // a finger that scrolls
document.addEventListener("pointerup", (event) => {
  const pressed = held;
  held = null;
  if (!pressed || pressed.button.contains(event.target)) return;
  if (Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) > HELD_PX) return;
  let came = false;
  const heard = (click) => { came ||= Boolean(click.target.closest?.(PRESSABLE)); };
  document.addEventListener("click", heard, true);
  // the browser's own click, where there is one, comes before this
  setTimeout(() => {
    document.removeEventListener("click", heard, true);
    const button = placeTaken(pressed);
    if (!came && button.isConnected && !button.disabled) button.click();
  });
}, true);

/* A step of the story begins at its head, wherever the button was that led to it. */
let step = null;
setInterval(() => {
  const there = document.querySelector('[class*="st-key-story-step-"]');
  const now = there && [...there.classList].find((name) => name.startsWith("st-key-story-step-"));
  if (step && now && now !== step) document.querySelector('[data-testid="stMain"]').scrollTo(0, 0);
  step = now;
}, 100);

/* Head of a paper: the app, the page, the day, and on Verkennen how was weighed. */
function head() {
  const told = (what) => [...document.querySelectorAll(what)].map((e) => e.innerText.replace(/\s+/g, " ").trim());
  const weighed = told(".lw-segment:not(.lw-none)").join(", "), badge = told(".lw-weights .lw-badge");
  const day = new Date().toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "long", year: "numeric" });
  const title = document.querySelector(".st-key-explore-title h1"); // other pages print theirs
  return ["Locatiewijzer", title ? title.textContent.trim() : "", day, ...badge, weighed].filter(Boolean).join(" · ");
}

/* On paper the map is the picture that was on the screen, made smaller: a map that was made narrower
   at the last moment would show another place. */
function forPaper() {
  const map = document.querySelector(".st-key-explore-map"), paper = document.getElementById("lw-paper");
  if (paper) paper.textContent = head();
  if (!map || matchMedia("print").matches) return;
  const { width, height } = map.getBoundingClientRect();
  document.documentElement.style.setProperty("--lw-print-w", Math.round(width));
  document.documentElement.style.setProperty("--lw-print-h", Math.round(height));
}
window.addEventListener("beforeprint", forPaper);
window.addEventListener("resize", forPaper);
