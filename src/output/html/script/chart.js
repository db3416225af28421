// Choosing a box lights what goes down with it, and dims the rest.
const drawing = byId("drawing");
const boxes = drawing ? Array.from(drawing.querySelectorAll("[data-box]")) : [];
const lines = drawing ? Array.from(drawing.querySelectorAll(".line")) : [];
const MOST = 60;

function neighbours(forward) {
  const table = new Map();
  for (const line of lines) {
    const [from, to] = forward ? [line.dataset.from, line.dataset.to] : [line.dataset.to, line.dataset.from];
    if (!table.has(from)) table.set(from, []);
    table.get(from).push(to);
  }
  return table;
}
const onIt = neighbours(true);
const under = neighbours(false);

// Everything that can be come to, the nearest first, each with the one before it.
function reach(from, next) {
  const before = new Map([[from, null]]);
  for (const at of before.keys()) {
    for (const to of next.get(at) || []) if (!before.has(to)) before.set(to, at);
  }
  return before;
}

const nameOf = (box) => boxes[box].querySelector("title").textContent;
const isJoint = (box) => boxes[box].classList.contains("joint");

function choose(box, { quiet = false } = {}) {
  const node = boxes[box];
  if (!node) return;
  state.box = String(box);
  // What is destroyed takes down what stands on it; anything else is taken down by what it stands on.
  const down = node.classList.contains("root") || !under.has(state.box);
  const before = reach(state.box, down ? onIt : under);
  drawing.classList.add("chosen");
  boxes.forEach((one, place) => {
    one.classList.toggle("lit", before.has(String(place)));
    one.classList.toggle("source", one === node);
    one.setAttribute("aria-current", String(one === node));
  });
  for (const line of lines) {
    line.classList.toggle("lit", before.has(line.dataset.from) && before.has(line.dataset.to));
  }
  tell(node, before, down);
  if (!quiet) node.scrollIntoView({ block: "nearest", inline: "nearest" });
  makeRoom(node);
  writeState();
}

// Where what is lit goes on at the right of what can be seen, the box moves to the left.
function makeRoom(node) {
  const canvas = drawing.parentElement;
  const { left, right } = canvas.getBoundingClientRect();
  const lit = boxes.filter((box) => box.classList.contains("lit")).map((box) => box.getBoundingClientRect().right);
  if (Math.max(...lit) > right) canvas.scrollLeft += Math.max(0, node.getBoundingClientRect().left - left - 24);
}

function unchoose() {
  if (!state.box) return;
  state.box = "";
  drawing.classList.remove("chosen");
  for (const one of [...boxes, ...lines]) one.classList.remove("lit", "source");
  for (const one of boxes) one.removeAttribute("aria-current");
  byId("panel").hidden = true;
  refit();
  writeState();
}

// The panel beside the drawing: what was chosen, what goes down with it and by which way, and its story.
function tell(node, before, down) {
  const panel = byId("panel");
  const others = [...before.keys()].filter((box) => box !== node.dataset.box && !isJoint(box));
  const close = make("button", "close", "✕");
  close.type = "button";
  close.setAttribute("aria-label", "Close");
  close.addEventListener("click", () => { unchoose(); node.focus() });
  const names = nameOf(node.dataset.box).split("\n");
  const title = make("h3", "", make("code", "", names[0]));
  const parts = [close, title];
  if (names.length > 1) parts.push(list(names.slice(1).map((name) => make("li", "", make("code", "", name)))));
  const sum = sumOf(node, others, down);
  parts.push(make("p", "sum", sum));
  if (others.length) parts.push(list(others.slice(0, MOST).map((box) => wayTo(box, before, node.dataset.box, down))));
  if (others.length > MOST) parts.push(make("p", "sum", `and ${others.length - MOST} more`));
  parts.push(...storyOf(node));
  panel.replaceChildren(...parts);
  panel.hidden = false;
  panel.scrollTop = 0;
  refit();
  say(`${names[0]}: ${sum}`);
}

function list(items) {
  return make("ul", "ways-there", ...items);
}

// How many stand on what was chosen, as far as they are drawn, and how many count in all.
function sumOf(node, others, down) {
  if (!down) return `It goes down with ${others.length === 1 ? "this" : "one of these"}:`;
  const drawn = others.reduce((sum, box) => sum + Number(boxes[box].dataset.count), 0);
  const counted = Number(node.dataset.on);
  const all = counted > drawn ? `, of ${counted} in all` : "";
  return drawn ? `${drawn} ${drawn === 1 ? "stands" : "stand"} on it in this drawing${all}:` : "Nothing in this drawing stands on it.";
}

function wayTo(box, before, from, down) {
  const names = nameOf(box).split("\n");
  const button = make("button", "", names[0]);
  button.type = "button";
  button.addEventListener("click", () => { choose(Number(box)); byId("panel").focus() });
  const item = make("li", "", button);
  if (names.length > 1) item.append(make("small", "", ` and ${boxes[box].dataset.size - 1} more alike`));
  let way = before.get(box);
  while (way && way !== from && isJoint(way)) way = before.get(way);
  if (way && way !== from) {
    item.append(make("small", "", down ? " by way of " : " through ", make("code", "", nameOf(way).split("\n")[0])));
  }
  return item;
}

// A copy of its finding's text.
function storyOf(node) {
  const finding = node.dataset.finding && findingById(`f${node.dataset.finding}`);
  if (!finding) return [];
  const link = make("a", "", "Open in the list");
  link.href = `#${finding.id}`;
  const badge = finding.querySelector(".badge").cloneNode(true);
  const body = finding.querySelector(".body").cloneNode(true);
  for (const one of body.querySelectorAll(".show")) one.remove();
  const parts = [make("p", "story-head", badge, link), body];
  const story = finding.parentElement.closest(".story");
  if (story) {
    const [cause, ways] = [".cause", ".ways"].map((part) => story.querySelector(`:scope > .body > ${part}`));
    if (cause) parts.splice(1, 0, cause.cloneNode(true));
    if (ways) parts.push(ways.cloneNode(true));
  }
  return parts;
}

let zoomed = false;

function scaleTo(scale) {
  const { width, height } = drawing.viewBox.baseVal;
  drawing.setAttribute("width", Math.floor(width * scale));
  drawing.setAttribute("height", Math.floor(height * scale));
}

function fitting() {
  return Math.min(1, (drawing.parentElement.clientWidth - 2) / drawing.viewBox.baseVal.width);
}

function zoom(how) {
  const now = drawing.width.baseVal.value / drawing.viewBox.baseVal.width;
  zoomed = how !== "fit";
  scaleTo({ in: Math.min(2.5, now * 1.25), out: Math.max(0.15, now / 1.25), fit: fitting() }[how]);
}

// Until somebody says how large it shall be, the drawing fits, as long as it can be read.
function refit() {
  if (!zoomed) scaleTo(fitting() < 0.72 ? 1 : fitting());
}

// A finding that is opened in the list is lit in the drawing, and gets a button that leads there.
function opened(event) {
  const finding = event.target;
  if (!finding.open || !finding.classList?.contains("finding") || !drawing) return;
  const node = drawing.querySelector(`[data-finding="${finding.dataset.verdict && finding.id.slice(1)}"]`);
  if (!node) return;
  if (!finding.querySelector(":scope > .body > .show")) {
    const button = make("button", "show", "Show in the drawing");
    button.type = "button";
    button.addEventListener("click", () => { choose(Number(node.dataset.box)); node.focus() });
    finding.querySelector(":scope > .body").append(button);
  }
}

function startChart() {
  document.addEventListener("toggle", opened, true);
  for (const finding of document.querySelectorAll(".finding[open]")) opened({ target: finding });
  if (!drawing) return;
  boxes.forEach((box, place) => {
    box.setAttribute("tabindex", place ? "-1" : "0");
    if (box.tagName === "g") box.setAttribute("role", "button");
  });
  drawing.addEventListener("click", (event) => {
    const node = event.target.closest("[data-box]");
    if (!node) return unchoose();
    event.preventDefault();
    focusBox(node);
    choose(Number(node.dataset.box), { quiet: true });
  });
  document.querySelector(".tools").addEventListener("click", (event) => {
    if (event.target.dataset.zoom) zoom(event.target.dataset.zoom);
  });
  refit();
  addEventListener("resize", refit);
}

// One box at a time is a stop of the tabulator; arrows lead to the others.
function focusBox(node) {
  for (const one of boxes) one.setAttribute("tabindex", one === node ? "0" : "-1");
  node.focus({ preventScroll: true });
}
