// What follows the first findings is folded: a text, as long as nobody needs it. It is unfolded while nobody waits, or at
// once when somebody asks for something that may be in it. It is the page's own markup, as it stands there without a script.
function unfold(piece) {
  const template = make("template");
  template.innerHTML = piece.textContent;
  piece.replaceWith(template.content);
  findings = null;
}

function unfoldAll() {
  document.querySelectorAll("noscript.folded").forEach(unfold);
}

function unfoldLater() {
  const whenIdle = window.requestIdleCallback || ((work) => setTimeout(() => work({ timeRemaining: () => 20 }), 30));
  whenIdle(() => {
    const piece = document.querySelector("noscript.folded");
    if (!piece) return;
    unfold(piece);
    unfoldLater();
  });
}

// A finding by its name, wherever it is.
function findingById(id) {
  if (!byId(id)) unfoldAll();
  return byId(id);
}
