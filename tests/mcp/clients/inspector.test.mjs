// The server under the inspector, in its command-line mode and in both eras of the protocol.
// Run by `node --test`, with the program in BLASTGATE.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const INSPECTOR = fileURLToPath(
  new URL("node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js", import.meta.url),
);
const PLANS = fileURLToPath(new URL("../../../testdata", import.meta.url));
const PLAN = "labelled/aws-core-renumbered-modules.json";

function inspect(era, ...wanted) {
  const server = [process.env.BLASTGATE, "mcp", "--root", PLANS];
  const options = ["--protocol-era", era, "--format", "json", "--quiet", ...wanted];
  const done = spawnSync(process.execPath, [INSPECTOR, "--cli", ...server, ...options], { encoding: "utf8", timeout: 120_000 });
  return { code: done.status, told: done.stdout.trim() ? JSON.parse(done.stdout) : undefined, stderr: done.stderr };
}

function call(era, tool, args) {
  return inspect(era, "--method", "tools/call", "--tool-name", tool, "--tool-args-json", JSON.stringify(args));
}

for (const era of ["legacy", "modern"]) {
  test(`${era}: the tools are shown, and their schemas are portable`, () => {
    const { code, told, stderr } = inspect(era, "--method", "tools/list", "--strict");
    assert.equal(code, 0, stderr);
    const result = told.result ?? told;
    assert.deepEqual(result.tools.map((tool) => tool.name), ["check_plan", "explain_change", "lookup_resource_type"]);
    assert.ok(result.tools.every((tool) => tool.annotations.readOnlyHint && !tool.annotations.destructiveHint));
  });

  test(`${era}: a plan is judged`, () => {
    const { code, told, stderr } = call(era, "check_plan", { path: PLAN, limit: 1 });
    assert.equal(code, 0, stderr);
    const result = told.result ?? told;
    assert.equal(result.structuredContent.verdict, "block");
    assert.match(result.content[0].text, /^Verdict: block\./);
  });

  test(`${era}: what cannot be judged is an error of the tool`, () => {
    const { code, told, stderr } = call(era, "check_plan", { path: "/etc/passwd" });
    assert.equal(code, 5, stderr);
    assert.equal((told.result ?? told).isError, true);
  });
}
