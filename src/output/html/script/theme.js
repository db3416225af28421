// Colours: as the system says, or the other way.
const THEMES = { auto: "Auto", light: "Light", dark: "Dark" };

function setTheme(theme) {
  if (theme === "auto") delete root.dataset.theme; else root.dataset.theme = theme;
  const button = byId("theme");
  button.lastElementChild.textContent = THEMES[theme];
  button.setAttribute("aria-label", `Colours: ${theme === "auto" ? "as the system says" : theme}`);
}

function startTheme() {
  let theme = "auto";
  try { theme = localStorage.getItem("blastgate-theme") || theme } catch {}
  setTheme(theme in THEMES ? theme : "auto");
  byId("theme").addEventListener("click", () => {
    const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
    const order = isDark ? ["auto", "light", "dark"] : ["auto", "dark", "light"];
    const next = order[(order.indexOf(root.dataset.theme || "auto") + 1) % order.length];
    setTheme(next);
    try { localStorage.setItem("blastgate-theme", next) } catch {}
  });
}
