// The page in a browser: what it shows, how it is worked with, and that it does nothing else.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { open, pageOf } from "./pages.mjs";

let core;
let several;

before(async () => {
  core = pageOf("core", "labelled/aws-core-renumbered-modules.json");
  several = pageOf("several", "labelled/aws-core-renumbered-modules.json", "labelled/aws-secret-with-recovery-window.json", "refused/null.json");
});

// Opens a page, does something with it, and sees that it has not complained.
async function on(url, work, options) {
  const opened = await open(url, options);
  await work(opened.page, opened);
  assert.deepEqual(opened.complaints, []);
  await opened.close();
}

const lit = (page, kind) => page.$$eval(`#drawing ${kind}.lit`, (all) => all.map((one) => one.dataset.box ?? `${one.dataset.from}>${one.dataset.to}`));
const visible = (page) => page.$$eval("#list .finding", (all) => all.filter((one) => !one.closest("[hidden]")).length);
const box = (page, name) => page.locator(`#drawing [data-box]:has(title:text-is("${name}"))`);
const finding = (page, name) => page.locator(`.finding:has(> summary code:text-is("${name}"))`);
const focused = (page) => page.evaluate(() => document.activeElement.querySelector("code, title")?.textContent);

test("the verdict, what is lost and what goes down with it come first", () => on(core.url, async (page) => {
  assert.equal(await page.title(), "Block · testdata/labelled/aws-core-renumbered-modules.json · blastgate");
  assert.equal(await page.locator("h1").innerText(), "Block");
  assert.match(await page.locator(".lead").innerText(), /5 of the 10 objects/);
  const [lost, down] = [await page.locator(".lost").innerText(), await page.locator(".with-it").innerText()];
  assert.match(lost, /3\s+Others lose what they stand on/);
  assert.match(down, /4 things that stay stand on what goes/);
  assert.match(await page.locator(".first").innerText(), /cidr = "10.0.0.0\/16"/);
  const order = await page.$$eval("h1, h2", (all) => all.map((one) => one.textContent));
  assert.deepEqual(order, ["Block", "What is lost", "What goes down with it", "What to do first", "The blast radius", "Findings", "Score 93", "What was read"]);
  const { y, height } = await page.locator(".glance").boundingBox();
  assert.ok(y + height < 900, "all of that is seen without scrolling");
}));

test("nothing runs but the page's own script, and nothing is loaded", () => on(core.url, async (page, opened) => {
  const policy = await page.getAttribute("meta[http-equiv=Content-Security-Policy]", "content");
  assert.match(policy, /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'$/);
  const ran = await page.evaluate(async () => {
    const script = document.createElement("script");
    script.textContent = "window.injected = 1";
    document.body.append(script);
    document.body.insertAdjacentHTML("beforeend", "<img src='https://evil.example/x' onerror='window.injected = 2'><p style='color: red' onclick='window.injected = 3' id=bad>x</p>");
    document.getElementById("bad").click();
    await new Promise((done) => setTimeout(done, 300));
    return [window.injected, getComputedStyle(document.getElementById("bad")).color === "rgb(255, 0, 0)"];
  });
  assert.deepEqual(ran, [undefined, false]);
  assert.ok(opened.refused.length >= 3, "the browser refused what was injected");
}));

test("a search narrows the list and the address says so", () => on(several.url, async (page) => {
  const all = several.report.findings.length;
  assert.equal(await page.locator("#count").innerText(), `${all} in all`);
  await page.fill("#search", "SUBNET.a foundation");
  assert.equal(await visible(page), await page.evaluate(() => Number(document.querySelector("#count").textContent.split(" ")[0])));
  assert.match(await page.locator("#count").innerText(), new RegExp(`^\\d+ of ${all}$`));
  assert.match(page.url(), /#q=SUBNET\.a\+foundation$/);
  await page.fill("#search", "no such thing");
  assert.equal(await visible(page), 0);
  assert.ok(await page.locator("#none").isVisible());
  await page.locator("#none button").click();
  assert.equal(await visible(page), all);
  assert.equal(new URL(page.url()).hash, "");
}));

test("verdict, rule and plan are choices with counts, and a link restores them", async () => {
  const count = (wanted) => several.report.findings.filter(wanted).length;
  let link;
  await on(several.url, async (page) => {
    await page.locator("label.choice", { hasText: "review" }).click();
    assert.equal(await visible(page), count((one) => one.verdict === "review"));
    assert.match(await page.locator("label.choice", { hasText: "service-interrupted" }).innerText(), /2/);
    await page.locator("label.choice", { hasText: "service-interrupted" }).click();
    assert.equal(await visible(page), count((one) => one.verdict === "review" && one.rule === "service-interrupted"));
    await page.selectOption("select[name=plan]", "1");
    assert.equal(await visible(page), 0, "all choices hold at once");
    await page.selectOption("select[name=plan]", "0");
    link = page.url();
  });
  await on(link, async (page) => {
    assert.equal(await visible(page), 2);
    assert.ok(await page.isChecked("input[value=review]"));
    await page.locator("#clear").click();
    assert.equal(await visible(page), several.report.findings.length);
  });
});

test("choosing a box lights its blast radius and the ways there, and dims the rest", () => on(core.url, async (page) => {
  await box(page, "module.network.aws_subnet.a").click();
  const { nodes, edges } = core.report.picture;
  const root = nodes.find((node) => node.address === "module.network.aws_subnet.a");
  const reached = new Set([root.id]);
  for (const id of reached) edges.filter((edge) => edge.from === id).forEach((edge) => reached.add(edge.to));
  const names = await page.$$eval("#drawing .node.lit title", (all) => all.map((one) => one.textContent));
  assert.deepEqual(names.sort(), [...reached].map((id) => nodes.find((node) => node.id === id).address).sort());
  assert.equal((await lit(page, ".line")).length, edges.filter((edge) => reached.has(edge.from)).length);
  const opacity = (name) => box(page, name).evaluate((one) => Promise.all(one.getAnimations().map((run) => run.finished)).then(() => Number(getComputedStyle(one).opacity)));
  assert.ok(await opacity("module.network.aws_vpc.main") < 0.3 && await opacity("module.web.aws_lb.this") === 1);
  const panel = await page.locator("#panel").innerText();
  assert.match(panel, /6 stand on it in this drawing/);
  assert.match(panel, /module\.worker\.aws_ecs_service\.this/);
  assert.match(panel, /It is destroyed and made again, and 6 things stand on it/);
  assert.match(panel, /cidr = "10.0.0.0\/16"/, "its story has its way out");
  assert.match(page.url(), /#box=\d+$/);
  const link = page.url();
  await page.keyboard.press("Escape");
  assert.deepEqual(await lit(page, ".node"), []);
  assert.ok(await page.locator("#panel").isHidden());
  await page.goto(link);
  await page.reload();
  assert.equal((await lit(page, ".node")).length, reached.size, "a link shows the same");
}));

test("what is no root shows what takes it down", () => on(core.url, async (page) => {
  await box(page, "module.web.aws_lb.this").click();
  const names = await page.$$eval("#drawing .node.lit title", (all) => all.map((one) => one.textContent));
  assert.ok(names.includes("module.network.aws_vpc.main") && !names.includes("module.worker.aws_lb.this"), names.join());
  assert.match(await page.locator("#panel").innerText(), /It goes down with one of these/);
}));

test("a finding leads to its box, a box to its finding, and a name to its story", () => on(core.url, async (page) => {
  await page.locator(".lost a", { hasText: "aws_subnet.a" }).click();
  const subnet = finding(page, "module.network.aws_subnet.a");
  assert.ok(await subnet.evaluate((one) => one.open && one === document.activeElement.parentElement));
  assert.ok((await lit(page, ".node")).length > 1, "it is lit as well");
  await page.keyboard.press("Escape");
  await subnet.locator(".show").click();
  assert.equal((await lit(page, ".node")).length, 7);
  await page.locator("#panel a", { hasText: "Open in the list" }).click();
  assert.ok(await subnet.locator("summary").evaluate((one) => one === document.activeElement));
  await page.locator("#panel .close").click();
  assert.ok(await page.locator("#panel").isHidden());
}));

test("everything can be done with keys", () => on(core.url, async (page) => {
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.id), "search");
  await page.keyboard.type("service-interrupted");
  assert.equal(await visible(page), 2);
  await page.keyboard.press("Escape");
  assert.equal(await visible(page), 6);
  await page.keyboard.press("ArrowDown");
  assert.match(await focused(page), / as a whole$/);
  await page.keyboard.press("ArrowDown");
  assert.equal(await focused(page), "module.network.aws_vpc.main");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  assert.ok(await page.evaluate(() => document.activeElement.parentElement.open));
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  assert.match(await page.evaluate(() => document.activeElement.parentElement.className), /story/);
  await page.keyboard.press("End");
  assert.equal(await focused(page), "module.worker.aws_security_group.this");
  await box(page, "module.network.aws_vpc.main").focus();
  await page.keyboard.press("ArrowRight");
  assert.match(await focused(page), /aws_subnet/);
  await page.keyboard.press("Enter");
  assert.equal((await lit(page, ".node")).length, 7);
  assert.equal(await page.$$eval("#drawing [tabindex='0']", (all) => all.length), 1, "the drawing is one stop");
}));

test("a screen reader finds its way", () => on(several.url, async (page) => {
  for (const landmark of ["banner", "main", "search", "contentinfo"]) {
    assert.equal(await page.getByRole(landmark).count(), 1, landmark);
  }
  assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1);
  assert.ok(await page.getByRole("heading", { name: "What could not be read" }).isVisible());
  assert.ok(await page.getByRole("link", { name: /module\.network\.aws_vpc\.main.*block.*8 stand on it/ }).isVisible());
  assert.ok(await page.getByRole("status").count() >= 2);
  const nameless = await page.$$eval("button, input, select, a[href]", (all) => all.filter((one) => {
    const label = one.labels?.[0]?.textContent || one.getAttribute("aria-label") || one.textContent;
    return !label.trim();
  }).length);
  assert.equal(nameless, 0);
  await page.locator("#told summary").click();
  assert.match(await page.locator("#told").innerText(), /On\s+module\.network\.aws_vpc\.main.*stand/s);
  await page.locator("label.choice", { hasText: "review" }).click();
  assert.match(await page.locator("#count[aria-live]").innerText(), /^3 of 7$/);
}));

test("dark and light follow the system, or the button, and stay", () => on(core.url, async (page) => {
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await paper();
  await page.locator("#theme").click();
  const light = await paper();
  assert.notEqual(dark, light);
  await page.reload();
  assert.equal(await paper(), light);
  await page.locator("#theme").click();
  assert.equal(await paper(), dark);
  assert.match(await page.getAttribute("#theme", "aria-label"), /dark/);
}, { colorScheme: "dark" }));

test("on paper everything is open, and black on white", () => on(several.url, async (page) => {
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  const seen = await page.evaluate(() => {
    const style = (name) => getComputedStyle(document.querySelector(name));
    const bodies = Array.from(document.querySelectorAll("#list .finding > .body"));
    return {
      shown: bodies.every((body) => body.checkVisibility() && body.getBoundingClientRect().height > 40),
      controls: ["#filters", "#theme", ".tools", ".copy", ".skip"].every((name) => !document.querySelector(name).checkVisibility()),
      colours: [style("body").backgroundColor, style("body").color, style(".banner").backgroundColor, style("h1").color],
    };
  });
  const [white, black] = ["rgb(255, 255, 255)", "rgb(0, 0, 0)"];
  assert.deepEqual(seen, { shown: true, controls: true, colours: [white, black, white, black] });
}));

test("without a script everything is there, and no control that does nothing", () => on(several.url, async (page) => {
  for (const control of ["#filters", "#theme", ".copy", ".tools"]) assert.ok(await page.locator(control).first().isHidden(), control);
  const closed = finding(page, "module.web.aws_security_group.this");
  assert.ok(await closed.evaluate((one) => !one.open));
  await closed.locator("summary").click();
  assert.match(await closed.innerText(), /On it stand\s+2/);
  assert.ok(await page.locator("#drawing").isVisible());
}, { javaScriptEnabled: false }));

test("text to paste is copied", () => on(core.url, async (page) => {
  await page.locator(".first .copy").click();
  await page.locator(".first .copy", { hasText: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'cidr = "10.0.0.0/16"');
}, { permissions: ["clipboard-read", "clipboard-write"] }));

test("where the clipboard is closed, text to paste is selected", () => on(core.url, async (page) => {
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error("closed"));
    document.execCommand = () => false;
  });
  await page.locator(".first .copy").click();
  await page.locator(".first .copy", { hasText: "Ctrl+C" }).waitFor();
  assert.equal(await page.evaluate(() => getSelection().toString()), 'cidr = "10.0.0.0/16"');
}));

test("a narrow screen scrolls in one direction", () => on(several.url, async (page) => {
  await page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true }));
  await box(page, "module.network.aws_vpc.main in testdata/labelled/aws-core-renumbered-modules.json").dispatchEvent("click");
  assert.ok(await page.locator("#panel").isVisible());
  assert.ok(await page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth));
}, { viewport: { width: 390, height: 844 } }));
