// Text can be read in both themes: 4.5 to 1, or 3 to 1 where it is large (WCAG 2.2, 1.4.3); signs 3 to 1 (1.4.11).

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { open, pageOf } from "./pages.mjs";

const pages = {};
before(async () => {
  pages.block = pageOf("block", "labelled/aws-core-renumbered-modules.json", "refused/null.json");
  pages.blocked = pageOf("blocked", "labelled/aws-core-renumbered-modules.json");
  pages.review = pageOf("review", "labelled/aws-secret-with-recovery-window.json");
  pages.lowered = pageOf("lowered", "labelled/azure-dev-destroyed.json");
});

// Every text that is seen, with its contrast to what lies behind it.
function tooPale() {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const channels = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return { rgb: [r, g, b], a: a / 255 };
  };
  const over = (top, below, a) => top.map((one, place) => one * a + below[place] * (1 - a));
  const light = (rgb) => rgb.map((one) => one / 255).map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, place) => sum + one * [0.2126, 0.7152, 0.0722][place], 0);
  const behind = (element) => {
    const frame = element.closest("[data-box]")?.querySelector(".frame");
    if (frame) return channels(getComputedStyle(frame).fill).rgb;
    for (let at = element; at; at = at.parentElement) {
      const { rgb, a } = channels(getComputedStyle(at).backgroundColor);
      if (a === 1) return rgb;
      if (a > 0) return over(rgb, behind(at.parentElement), a);
    }
    return [255, 255, 255];
  };
  const contrast = (element, colour, opacity) => {
    const below = behind(element);
    const { rgb, a } = channels(colour);
    const [one, other] = [light(over(rgb, below, a * opacity)), light(below)].sort((x, y) => y - x);
    return (one + 0.05) / (other + 0.05);
  };
  const pale = [];
  const texts = Array.from(document.querySelectorAll("body *")).filter((one) => one.checkVisibility() && !one.closest(".visually-hidden, .skip")
    && Array.from(one.childNodes).some((child) => child.nodeType === 3 && child.data.trim()) && !one.matches("script, style, title"));
  for (const one of texts) {
    const style = getComputedStyle(one);
    const size = Number.parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    let opacity = 1;
    for (let at = one; at; at = at.parentElement) opacity *= Number(getComputedStyle(at).opacity);
    const is = contrast(one, one instanceof SVGElement ? style.fill : style.color, opacity);
    if (is < (large ? 3 : 4.5)) pale.push(`${one.tagName}.${one.getAttribute("class")} ${is.toFixed(2)} ${one.textContent.trim().slice(0, 30)}`);
  }
  for (const one of document.querySelectorAll("svg.sign, .badge, #drawing .sign")) {
    if (one.checkVisibility() && contrast(one, getComputedStyle(one).color, 1) < 3) pale.push(`sign ${one.getAttribute("class")}`);
  }
  return { pale, count: texts.length };
}

for (const colorScheme of ["light", "dark"]) {
  for (const name of ["block", "blocked", "review", "lowered"]) {
    test(`everything can be read: ${name}, ${colorScheme}`, async () => {
      const { page, close } = await open(pages[name].url, { colorScheme });
      await page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true }));
      const { pale, count } = await page.evaluate(tooPale);
      assert.ok(count > 20);
      assert.deepEqual(pale, []);
      await close();
    });
  }
}
