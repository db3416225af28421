// Findings that match the text and the choices stay, with their stories.
let findings = null;

// What is compared is read from the page once, when somebody first asks.
function allFindings() {
  unfoldAll();
  findings ??= Array.from(document.querySelectorAll("#list .finding"), (element) => {
    const story = element.closest(".story");
    const cause = story === element ? "" : story.querySelector(":scope > .body > .cause")?.textContent || "";
    const { verdict, rule, plan } = element.dataset;
    return { element, story, verdict, rule, plan, text: `${element.textContent} ${cause}`.toLowerCase() };
  });
  return findings;
}

function isFiltered() {
  return Boolean(state.q.trim() || state.verdict.length || state.rule.length || state.plan);
}

function applyFilter() {
  if (!byId("filters")) return;
  const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
  const chosen = (list, value) => !list.length || list.includes(value);
  const all = allFindings();
  const shown = new Set();
  const stories = new Set();
  for (const one of all) {
    const matches = chosen(state.verdict, one.verdict) && chosen(state.rule, one.rule)
      && (!state.plan || state.plan === one.plan) && words.every((word) => one.text.includes(word));
    one.element.hidden = !matches;
    if (matches) {
      shown.add(one.element.id.slice(1));
      stories.add(one.story);
    }
  }
  for (const one of all) one.story.hidden = !stories.has(one.story);
  byId("count").textContent = isFiltered() ? `${shown.size} of ${all.length}` : `${all.length} in all`;
  byId("none").hidden = shown.size > 0;
  byId("clear").hidden = !isFiltered();
  for (const node of document.querySelectorAll("#drawing [data-finding]")) {
    node.classList.toggle("filtered", !shown.has(node.dataset.finding));
  }
}

function showFilter() {
  const form = byId("filters");
  if (!form) return;
  form.elements.q.value = state.q;
  for (const box of form.querySelectorAll("input[type=checkbox]")) box.checked = state[box.name].includes(box.value);
  if (form.elements.plan) form.elements.plan.value = state.plan;
}

function clearFilter() {
  Object.assign(state, { q: "", verdict: [], rule: [], plan: "" });
  showFilter();
  applyFilter();
  writeState();
}

function startFilter() {
  const form = byId("filters");
  if (!form) return;
  form.addEventListener("input", () => {
    const checked = (name) => Array.from(form.querySelectorAll(`[name=${name}]:checked`), (box) => box.value);
    state.q = form.elements.q.value;
    state.verdict = checked("verdict");
    state.rule = checked("rule");
    state.plan = form.elements.plan?.value || "";
    applyFilter();
    writeState();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  byId("clear").addEventListener("click", () => { clearFilter(); byId("search").focus() });
  byId("none").querySelector("button").addEventListener("click", clearFilter);
}

// Opens a finding, with what it stands in, and goes to it.
function reveal(element) {
  if (element.closest("[hidden]")) clearFilter();
  for (let at = element; at; at = at.parentElement.closest("details")) at.open = true;
  const summary = element.querySelector("summary");
  summary.focus({ preventScroll: true });
  summary.scrollIntoView({ block: "start" });
}
