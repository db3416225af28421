// Plans are written by strangers: on the page their strings are text and nothing else.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { open, pageOf, pageOfReport } from "./pages.mjs";
import { HOSTILE, hostilePlan } from "./plans.mjs";

async function isOnlyText(made, options) {
  const { page, complaints, refused, close } = await open(made.url, options);
  await page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true }));
  for (const place of [0, 1]) {
    const node = page.locator("#drawing [data-box]").nth(place);
    if (await node.count()) await node.dispatchEvent("click");
  }
  await page.waitForTimeout(100);
  const seen = await page.evaluate(() => ({
    pwned: window.pwned,
    scripts: document.scripts.length,
    strangers: document.querySelectorAll("img, iframe, object, embed, base, link, form:not(#filters), video, audio, foreignObject").length,
    styles: document.querySelectorAll("style").length,
    handlers: Array.from(document.querySelectorAll("*")).filter((one) => one.getAttributeNames().some((name) => name.startsWith("on") || name === "style")).length,
    links: Array.from(document.querySelectorAll("[href]"), (one) => one.getAttribute("href")).filter((href) => !/^#[\w-]+$/.test(href)),
    banners: Array.from(document.querySelectorAll("h1, .banner"), (one) => one.matches("h1") ? one.textContent : one.className),
    direction: /[\u202a-\u202e\u2066-\u2069\u2028\u0000]/.test(document.documentElement.outerHTML),
  }));
  assert.deepEqual(seen, { pwned: undefined, scripts: 1, strangers: 0, styles: 1, handlers: 0, links: [], banners: ["banner block", "Block"], direction: false });
  assert.deepEqual([complaints, refused], [[], []], "the policy had nothing to refuse");
  assert.ok(await page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth), "nothing breaks the page's width");
  await close();
}

test("a hostile plan", async () => {
  const made = pageOf("hostile", hostilePlan());
  assert.ok(made.report.findings.length > HOSTILE.length);
  await isOnlyText(made);
  await isOnlyText(made, { viewport: { width: 390, height: 800 } });
});

test("a hostile report: every string in it is hostile, whatever it should be", async () => {
  const real = pageOf("real", "labelled/aws-core-renumbered-modules.json").report;
  let next = 0;
  const keep = new Set(["schema_version", "verdict", "from", "role", "shows", "id", "from", "to", "roots"]);
  const poison = (value, name) => {
    if (Array.isArray(value)) return value.map((one) => poison(one, name));
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, key === "tool" || keep.has(key) ? one : poison(one, key)]));
    return typeof value === "string" && !keep.has(name) ? HOSTILE[next++ % HOSTILE.length] : value;
  };
  const report = { ...poison(real), tool: { ...real.tool, version: HOSTILE[0], catalog: HOSTILE[3] }, roots: real.roots };
  report.inputs.forEach((input) => { input.role = "plan" });
  report.findings.forEach((finding) => { finding.rule = HOSTILE[2]; finding.loss = HOSTILE[1] });
  await isOnlyText(pageOfReport("poisoned", report));
});

test("an address with markup behind # does nothing", async () => {
  const made = pageOf("core", "labelled/aws-core-renumbered-modules.json");
  const evil = encodeURIComponent("<img src=x onerror=window.pwned=1>");
  const { page, complaints, close } = await open(`${made.url}#q=${evil}&verdict=${evil}&rule=__proto__&plan=${evil}&box=__proto__`);
  assert.equal(await page.inputValue("#search"), "<img src=x onerror=window.pwned=1>");
  assert.equal(await page.evaluate(() => window.pwned), undefined);
  assert.deepEqual(complaints, []);
  await close();
});

test("the raw bytes hold no tag of a stranger", () => {
  const text = readFileSync(pageOf("raw", hostilePlan()).path, "utf8");
  const outside = text.replace(/<script[^>]*>.*?<\/script>/s, "").replace(/<style>.*?<\/style>/s, "");
  for (const tag of ["<script", "<img", "<iframe", "<base", "<link", "<!--", "<h1>Allow"]) {
    assert.ok(!outside.toLowerCase().includes(tag.toLowerCase()), tag);
  }
});
