// Pages as the program writes them, opened in a Chromium that may reach nothing.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { chromium } from "playwright-core";

export const repository = fileURLToPath(new URL("../..", import.meta.url));
const built = ["target/installed/bin/blastgate", "target/debug/blastgate"].map((path) => join(repository, path));
const blastgate = process.env.BLASTGATE || built.find((path) => existsSync(path));
const folder = mkdtempSync(join(tmpdir(), "blastgate-pages-"));

// The page of plans: names of fixtures, or objects that are written as files first.
export function pageOf(name, ...plans) {
  const files = plans.map((plan, place) => {
    if (typeof plan === "string") return join("testdata", plan);
    const path = join(folder, `${name}-${place}.json`);
    writeFileSync(path, JSON.stringify(plan));
    return path;
  });
  const page = join(folder, `${name}.html`);
  const run = spawnSync(blastgate, ["check", ...files, "--fail-on", "never", "--format", "json", "--output", `html=${page}`], {
    cwd: repository, maxBuffer: 1 << 29,
  });
  if (!existsSync(page)) throw new Error(`no page: ${run.stderr} ${run.error || ""}`);
  return { url: pathToFileURL(page).href, path: page, report: JSON.parse(run.stdout) };
}

// The page of a report.
export function pageOfReport(name, report) {
  const [file, page] = [join(folder, `${name}.json`), join(folder, `${name}.html`)];
  writeFileSync(file, JSON.stringify(report));
  execFileSync(blastgate, ["report", file, "--fail-on", "never", "--output", `html=${page}`], { stdio: ["ignore", "ignore", "inherit"] });
  return { url: pathToFileURL(page).href, path: page };
}

let browser = null;

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

// Opens a page and fails on whatever it complains of or asks for. What the policy refuses is kept apart.
export async function open(url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints = [];
  const refused = [];
  page.on("console", (message) => {
    const text = message.text();
    if (/Content Security Policy/i.test(text)) refused.push(text);
    else if (["error", "warning"].includes(message.type())) complaints.push(text);
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  const asked = (request) => {
    const isPage = request.url().split("#")[0] === url.split("#")[0];
    if (!isPage && request.failure()?.errorText !== "csp") complaints.push(`asks for ${request.url().slice(0, 200)}`);
  };
  page.on("requestfinished", asked);
  page.on("requestfailed", asked);
  await page.goto(url);
  return { page, complaints, refused, close: () => context.close() };
}
