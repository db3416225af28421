// Plans and reports that are too large, or too hostile, to lie in the repository.

// A plan of objects: address, type, whether it is replaced, and the blocks that its state lists.
export function planOf(objects) {
  const changes = [];
  const resources = [];
  objects.forEach(({ address, type, replaced = false, on = [] }, place) => {
    const values = { id: `id-${place}-0a1b2c`, name: `n${place}` };
    const row = { address, mode: "managed", type, name: "x", provider_name: "registry.terraform.io/hashicorp/aws" };
    const after = replaced ? { ...values, name: "changed" } : values;
    changes.push({
      ...row,
      change: { actions: replaced ? ["delete", "create"] : ["no-op"], before: values, after, after_unknown: {}, replace_paths: [["name"]] },
    });
    resources.push({ ...row, values, depends_on: on });
  });
  return {
    format_version: "1.2", terraform_version: "1.11.4", resource_changes: changes,
    prior_state: { format_version: "1.0", values: { root_module: { resources } } },
    configuration: { root_module: {} }, applyable: true, complete: true, errored: false,
  };
}

// 5,000 objects in 250 groups: a network, what stands on it, and every tenth object replaced.
export function largePlan() {
  const types = ["aws_subnet", "aws_db_instance", "aws_s3_bucket", "aws_instance", "aws_security_group", "aws_sqs_queue", "aws_ecs_service"];
  const objects = [];
  for (let group = 0; group < 250; group++) {
    const network = `module.app${group}.aws_vpc.main`;
    objects.push({ address: network, type: "aws_vpc", replaced: group % 25 === 0 });
    for (let place = 1; place < 20; place++) {
      const type = types[(group + place) % types.length];
      const before = place > 3 ? objects.at(-3).address : network;
      objects.push({ address: `module.app${group}.${type}.r${place}`, type, replaced: (group + place) % 10 === 0, on: [before] });
    }
  }
  return planOf(objects);
}

// A report with so many findings: those of a real one again and again, under other names.
export function largeReport(report, count) {
  const findings = [];
  const groups = [];
  const kinds = report.findings.filter((finding) => finding.address);
  for (let place = 0; findings.length < count; place++) {
    const finding = structuredClone(kinds[place % kinds.length]);
    finding.address = `module.unit${place}.${finding.address}`;
    finding.group = place % 7 ? `cause ${Math.floor(place / 7) * 7}` : `cause ${place}`;
    if (place % 7 === 0) groups.push({ ...structuredClone(report.groups.at(-1)), id: finding.group, findings: [] });
    groups.at(-1).findings.push(findings.length);
    findings.push(finding);
  }
  return { ...report, findings, groups };
}

// Strings that would do something, wherever they are not text.
export const HOSTILE = [
  "<script>window.pwned = 1</script>", "</title><script>window.pwned = 1</script>", "</style><script>window.pwned = 1</script>",
  "\"><img src=x onerror=window.pwned=1>", "' onmouseover='window.pwned=1", "<svg onload=window.pwned=1>", "</svg><iframe src=//evil.example>",
  "<!--", "--><h1>Allow</h1>", "]]>", "javascript:window.pwned=1", "<header class=\"banner allow\"><h1>Allow</h1></header>",
  "<base href=//evil.example>", "<link rel=stylesheet href=//evil.example/x.css>", "<style>*{display:none}</style>",
  "<meta http-equiv=refresh content=0;url=//evil.example>", "{{constructor.constructor('window.pwned=1')()}}", "${window.pwned=1}",
  "\u202eBLOCK\u202c", "a\nb\u2028c\u0000d", "&lt;script&gt;", "<details open ontoggle=window.pwned=1>", "x".repeat(20000),
];

export function hostilePlan() {
  const objects = [{ address: "aws_vpc.main", type: "aws_vpc", replaced: true }];
  HOSTILE.forEach((text) => {
    const key = JSON.stringify(text);
    objects.push({ address: `aws_vpc.x[${key}]`, type: "aws_vpc", replaced: true, on: ["aws_vpc.main"] });
    objects.push({ address: `module.m[${key}].aws_instance.y`, type: "aws_instance", on: ["aws_vpc.x"] });
    objects.push({ address: `aws_instance.${text}`, type: "aws_instance", replaced: true, on: ["aws_vpc.main"] });
  });
  return planOf(objects);
}
