//! What to do instead, for an agent: short, and the way that works.

/// Keys of the table, and what they say. `{tool}` is the tool that was called.
pub(super) const WAYS: &[(&str, &str)] = &[
    (
        "plan",
        "Run `{tool} plan -out=tfplan`, then `{tool} apply tfplan` as a command of its own: blastgate judges that plan there.",
    ),
    (
        "alone",
        "Run `{tool} apply PLANFILE` alone: nothing before it but `cd`, no variables, no pipe but into `tail`, `head`, `grep` or `tee`.",
    ),
    (
        "destroy",
        "Do not destroy. If something must go, take it out of the configuration and make a plan that shows what goes with it; a whole \
         environment is torn down by a person.",
    ),
    ("units", "Go to one unit, run `{tool} plan -out=tfplan` there, then `{tool} apply tfplan` alone."),
    ("refresh", "Run `{tool} plan -refresh-only -out=tfplan`, read it, then `{tool} apply tfplan` alone."),
    (
        "blocks",
        "Use `moved`, `removed` or `import` blocks, which a plan shows before they take effect, or ask a person.",
    ),
    ("replace", "Plan it with `{tool} plan -replace=ADDRESS -out=tfplan`, then `{tool} apply tfplan` alone."),
    ("unlock", "Ask a person: only they can tell whether another run still holds the lock."),
    (
        "atmos",
        "Run `atmos terraform plan COMPONENT -s STACK -out=tfplan`, then `terraform -chdir=COMPONENT_DIR apply tfplan` alone.",
    ),
    (
        "cdk",
        "Run `cdk deploy --method=prepare-change-set`, have `blastgate check` judge what `aws cloudformation describe-change-set` prints, and \
         let a person execute it.",
    ),
    (
        "cdktf",
        "Run `cdktf synth`, then `terraform plan -out=tfplan` in the stack's folder, then `terraform apply tfplan` alone.",
    ),
    (
        "sam",
        "Run `sam deploy --no-execute-changeset`, have `blastgate check` judge what `aws cloudformation describe-change-set` prints, and let \
         a person execute it.",
    ),
    (
        "changeset",
        "Make a change set without executing it (`aws cloudformation create-change-set`, or `deploy --no-execute-changeset`), have \
         `blastgate check` judge what `describe-change-set` prints, and let a person execute it.",
    ),
    ("execute", "Have `blastgate check` judge what `describe-change-set` prints, and let a person execute it."),
    (
        "stack",
        "Do not delete stacks. Make a change set that takes out what must go; a whole stack is deleted by a person.",
    ),
    ("pulumi", "Run `pulumi preview --diff`, show it to a person, and let them run `pulumi up`."),
    ("sls", "Run `serverless package`, and let a person or the pipeline deploy it."),
    ("azd", "Run `azd provision --preview`, show it to a person, and let them run it."),
    ("code", "Take it out of the configuration, so that a plan shows what goes with it, or ask a person to run this."),
    ("sync", "Run it without deleting first, or with its dry run, and let a person delete."),
    ("kapply", "Run `kubectl diff` and a plain `kubectl apply`, or ask a person."),
    ("person", "Ask a person to run this, and say why it is needed."),
    ("hook", "Leave it as it is. If it is in the way, say so to a person."),
    ("approve", "Show a person what blastgate says, and let them approve it."),
    ("run", "Start a run that only plans, show it to a person, and let them apply it."),
    ("read", "Write the command out plainly, or run its parts one by one, so that it can be read before it runs."),
];

/// Those that code uses and no row.
#[cfg(test)]
pub(super) const ELSEWHERE: &[&str] = &["plan", "alone", "read"];

/// What to do in place of a command of this tool.
pub(in super::super) fn way(key: &str, tool: &str) -> String {
    let tool = if matches!(tool, "tf" | "opentofu") { "terraform" } else { tool };
    let text = WAYS.iter().find(|(known, _)| *known == key).map_or("Ask a person.", |(_, text)| text);
    text.replace("{tool}", if tool == "tg" { "terragrunt" } else { tool })
}
