// What is looked at. It stands in the address behind `#`, so that a link shows the same; whatever stands there is only
// compared with what is on the page, never written into it as markup.
const byId = (id) => document.getElementById(id);
const root = document.documentElement;
const state = { q: "", verdict: [], rule: [], plan: "", box: "" };

function readState() {
  const given = new URLSearchParams(location.hash.slice(1));
  const list = (name) => (given.get(name) || "").split(",").filter(Boolean);
  state.q = given.get("q") || "";
  state.verdict = list("verdict");
  state.rule = list("rule");
  state.plan = given.get("plan") || "";
  state.box = given.get("box") || "";
}

function writeState() {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) {
    if (value.length) given.set(name, Array.isArray(value) ? value.join(",") : value);
  }
  const hash = given.toString().replaceAll("%2C", ",");
  // A page in a frame without an origin may not change its address: then there is no link to share.
  try { history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search) } catch {}
}

// An element with text in it.
function make(tag, className, ...inside) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...inside);
  return element;
}
