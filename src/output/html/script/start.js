// On paper everything is open.
function startPrint() {
  let closed = [];
  addEventListener("beforeprint", () => {
    unfoldAll();
    closed = Array.from(document.querySelectorAll("details:not([open])"));
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of closed) one.open = false;
    closed = [];
  });
}

// Shows what the address says: a finding by its name, or a state.
function follow() {
  const named = /^#f\d+$/.test(location.hash) && findingById(location.hash.slice(1));
  if (named) {
    reveal(named);
    const node = drawing?.querySelector(`[data-finding="${named.id.slice(1)}"]`);
    if (node) choose(Number(node.dataset.box), { quiet: true });
    return;
  }
  if (location.hash && !location.hash.includes("=")) return;
  readState();
  showFilter();
  if (isFiltered() || findings) applyFilter();
  if (state.box) choose(Number(state.box), { quiet: true }); else unchoose();
}

root.classList.add("js");
startTheme();
startCopy();
startFilter();
startChart();
startKeys();
startPrint();
addEventListener("hashchange", follow);
follow();
unfoldLater();
