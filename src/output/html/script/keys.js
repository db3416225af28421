// Keys: `/` searches, Escape takes back, arrows walk through the list and the drawing.
function place(node) {
  const { e: x, f: y } = node.transform.baseVal[0].matrix;
  return { x, y };
}

// The nearest box in a direction: what lies straight ahead counts more than what is near.
function beside(node, key) {
  const at = place(node);
  const [dx, dy] = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[key];
  let best = null;
  let least = Infinity;
  for (const other of boxes) {
    const to = place(other);
    const ahead = (to.x - at.x) * dx + (to.y - at.y) * dy;
    const aside = Math.abs((to.x - at.x) * dy) + Math.abs((to.y - at.y) * dx);
    const cost = ahead + 3 * aside;
    if (ahead > 1 && cost < least) [best, least] = [other, cost];
  }
  return best;
}

function inDrawing(event, node) {
  if (event.key === "Enter" || event.key === " ") {
    choose(Number(node.dataset.box), { quiet: true });
  } else {
    const next = beside(node, event.key);
    if (!next) return;
    focusBox(next);
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  event.preventDefault();
}

function inList(event, summary) {
  const details = summary.parentElement;
  if (event.key === "ArrowRight") details.open = true;
  else if (event.key === "ArrowLeft") {
    if (details.open) details.open = false;
    else details.parentElement.closest("details")?.querySelector("summary").focus();
  } else {
    const all = Array.from(byId("list").querySelectorAll("summary")).filter((one) => one.checkVisibility());
    const at = all.indexOf(summary);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to < 0) byId("search").focus();
    all[to]?.focus();
  }
  event.preventDefault();
}

function escape() {
  if (state.box) unchoose();
  else if (isFiltered()) clearFilter();
}

const ARROWS = ["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight"];

function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.target;
    const typing = at.matches("input[type=search], select, textarea");
    if (event.key === "/" && !typing && byId("search")) {
      event.preventDefault();
      byId("search").focus();
      byId("search").select();
    } else if (event.key === "Escape") {
      escape();
    } else if (event.key === "ArrowDown" && at.id === "search") {
      event.preventDefault();
      Array.from(document.querySelectorAll("#list summary")).find((one) => one.checkVisibility())?.focus();
    } else if (at.matches("#list summary") && [...ARROWS, "Home", "End"].includes(event.key)) {
      inList(event, at);
    } else if (at.matches("[data-box]") && [...ARROWS, "Enter", " "].includes(event.key)) {
      inDrawing(event, at);
    }
  });
}
