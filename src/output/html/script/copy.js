// Text to paste goes to the clipboard; where that is not allowed, it is selected.
async function copy(button) {
  const text = button.parentElement.querySelector("pre");
  let done = "Copied";
  try {
    await navigator.clipboard.writeText(text.textContent);
  } catch {
    getSelection().selectAllChildren(text);
    if (!document.execCommand("copy")) done = "Selected: press Ctrl+C or ⌘C";
  }
  button.textContent = done;
  say(done);
  setTimeout(() => { button.textContent = "Copy" }, 2500);
}

// Read out by a screen reader.
function say(text) {
  byId("said").textContent = text;
}

function startCopy() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".copy");
    if (button) copy(button);
  });
}
