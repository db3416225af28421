// A comment as a platform shows it: Markdown rendered by another renderer than that of the tests in Rust, and its picture
// drawn by the real Mermaid.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { marked } from "marked";
import { chromium } from "playwright-core";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const built = ["target/installed/bin/blastgate", "target/debug/blastgate"].map((path) => join(repository, path));
const blastgate = process.env.BLASTGATE || built.find((path) => existsSync(path));
const mermaid = fileURLToPath(new URL("node_modules/@mermaid-js/tiny/dist/mermaid.tiny.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "blastgate-comments-"));

let browser = null;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

// The comment on fixtures, or on plans that are written as files first.
function commentOn(...plans) {
  const files = plans.map((plan, place) => {
    if (typeof plan === "string") return join("testdata/labelled", `${plan}.json`);
    writeFileSync(join(folder, `${place}.json`), JSON.stringify(plan));
    return join(folder, `${place}.json`);
  });
  const run = spawnSync(blastgate, ["check", ...files, "--format", "markdown"], { cwd: repository, encoding: "utf8", maxBuffer: 1 << 28 });
  assert.ok([0, 1, 3].includes(run.status), run.stderr);
  return run.stdout;
}

// What a comment looks like: its elements, and what Mermaid made of its picture.
async function shown(comment) {
  const page = await browser.newPage({ viewport: { width: 900, height: 900 } });
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => complaints.push(`asks for ${request.url()}`));
  await page.setContent(`<body>${marked.parse(comment, { gfm: true })}</body>`);
  const elements = await page.evaluate(() => [...new Set([...document.body.querySelectorAll("*")].map((one) => one.localName))].sort());
  await page.addScriptTag({ path: mermaid });
  const drawn = await page.evaluate(async () => {
    window.mermaid.initialize({ startOnLoad: false });
    const drawn = [];
    for (const code of document.querySelectorAll("code.language-mermaid")) {
      const { svg } = await window.mermaid.render(`m${drawn.length}`, code.textContent);
      const place = document.createElement("div");
      place.innerHTML = svg;
      code.closest("pre").replaceWith(place);
      const labels = [...place.querySelectorAll(".node")].map((one) => one.textContent.trim());
      const { width, height } = place.querySelector("svg").getBoundingClientRect();
      const foreign = [...place.querySelectorAll("a, img, script, iframe, [onclick], [onerror]")].map((one) => one.outerHTML);
      drawn.push({ labels, edges: place.querySelectorAll("path.flowchart-link").length, width, height, foreign });
    }
    return drawn;
  });
  const pwned = await page.evaluate(() => window.pwned);
  await page.close();
  return { elements, drawn, complaints, pwned };
}

const OWN = ["code", "details", "em", "h3", "h4", "li", "p", "pre", "strong", "summary", "ul"];

function assertOwn({ elements, drawn, complaints, pwned }) {
  assert.deepEqual(elements.filter((name) => !OWN.includes(name)), []);
  assert.deepEqual(complaints, []);
  assert.equal(pwned, undefined);
  for (const { foreign, width, height } of drawn) {
    assert.deepEqual(foreign, []);
    assert.ok(width > 100 && height > 50, `the picture has ${width} by ${height}`);
  }
}

test("a picture shows who stands on what", async () => {
  const result = await shown(commentOn("aws-core-renumbered-modules"));
  assertOwn(result);
  const [{ labels, edges }] = result.drawn;
  assert.equal(labels.length, 10);
  assert.equal(edges, 24);
  assert.ok(labels.some((label) => label.includes("module.network.aws_vpc.main") && label.includes("8 on it")), labels.join("\n"));
});

test("every fixture's picture is drawn", async () => {
  const names = ["aws-core-renumbered-count", "aws-core-renumbered-for-each", "aws-network-behind-a-data-source", "aws-group-under-twenty-six",
    "aws-id-copied-by-hand", "google-network-vanished", "azure-dev-destroyed"];
  for (const name of names.filter((name) => existsSync(join(repository, "testdata/labelled", `${name}.json`)))) {
    assertOwn(await shown(commentOn(name)));
  }
  const several = await shown(commentOn(...names.slice(0, 3)));
  assertOwn(several);
  assert.equal(several.drawn.length, 1);
});

const HOSTILE = [
  "<script>window.pwned = 1</script>", "</details></summary><img src=x onerror=window.pwned=1>", "[x](javascript:window.pwned=1)", "![x](//evil.example/x.png)",
  "\"]; click n0 call window.pwned()", "```\n<b>x</b>", "<!-- x -->", "# h", "a|b", "https://evil.example www.evil.example", "@octocat #123",
  "%%{init: {\"securityLevel\": \"loose\"}}%%", "fa:fa-bomb $$x$$ `_b_`", "end", "&lt;b&gt;#quot;", "\u202egnp", "x".repeat(5000),
];

// So many objects, of which every tenth carries the nine behind it and every third is replaced; the first ones have hostile
// names.
function plan(count) {
  const changes = [];
  const resources = [];
  for (let place = 0; place < count; place++) {
    const key = HOSTILE[place] === undefined ? `${place}` : JSON.stringify(HOSTILE[place]);
    const [before, after] = [{ id: `id-${place}-0a1b2c`, name: HOSTILE[place] || "a" }, { name: "b" }];
    const row = { address: `aws_s3_bucket.x[${key}]`, mode: "managed", type: "aws_s3_bucket", name: "x" };
    const actions = place < HOSTILE.length || place % 3 === 0 ? ["delete", "create"] : ["no-op"];
    changes.push({ ...row, change: { actions, before, after, after_unknown: {}, replace_paths: [["name"]] } });
    resources.push({ ...row, values: { ...before, on: place % 10 ? `id-${place - (place % 10)}-0a1b2c` : "" } });
  }
  return {
    format_version: "1.2", terraform_version: "1.11.4", resource_changes: changes, configuration: { root_module: {} },
    prior_state: { format_version: "1.0", values: { root_module: { resources } } }, applyable: true, complete: true, errored: false,
  };
}

test("a hostile plan is only text", async () => {
  const result = await shown(commentOn(plan(HOSTILE.length)));
  assertOwn(result);
  const text = result.drawn[0].labels.join("\n");
  assert.ok(text.includes("<script>window.pwned = 1</script>") && text.includes("click n0 call"), text);
});

test("a large plan has a picture that can be looked at", async () => {
  const comment = commentOn(plan(600));
  assert.ok(Buffer.byteLength(comment) <= 65_536);
  const result = await shown(comment);
  assertOwn(result);
  const [{ labels }] = result.drawn;
  assert.ok(labels.length > 20 && labels.length <= 41 && labels.some((label) => /^… \d+ more/.test(label)), labels.join("\n"));
});
