//! Documents that people hand in for a plan, told by their keys, each with what to do.
//!
//! A document is a plan when it names its `format_version` and has at least one of a plan's own sections. Whatever else
//! it is gets its own words here: a row for each kind, the first that fits.

/// A kind of document that is not a plan.
pub(super) struct Other {
    /// All of these keys are there.
    all: &'static [&'static str],
    /// And one of these, where any is named.
    any: &'static [&'static str],
    /// Tools put this beside a plan in one document.
    beside_a_plan: bool,
    /// What it is.
    pub(super) what: &'static str,
    /// What to do.
    pub(super) help: &'static str,
}

const MAKE_A_PLAN: &str = "a plan is made by `terraform plan -out=tfplan` and printed by `terraform show -json tfplan`";

const MAKE_A_CHANGE_SET: &str = "a change set is printed by \
    `aws cloudformation describe-change-set --change-set-name NAME --stack-name STACK --include-property-values`";

const GIVE_BESIDE: &str = "give the change set to judge, and what tells of its stack beside it: --template, --stack-resources, \
    --stack, --stack-policy";

/// Everything that is told apart from a plan.
pub(super) const OTHERS: &[Other] = &[
    Other {
        all: &["@level", "@message"],
        any: &[],
        beside_a_plan: false,
        what: "this is the message stream of `terraform plan -json`, which leaves out most of the plan",
        help: "save the plan with `-out=tfplan` and give what `terraform show -json tfplan` prints",
    },
    Other {
        all: &["values"],
        any: &["format_version", "terraform_version"],
        beside_a_plan: false,
        what: "this is a state, not a plan",
        help: MAKE_A_PLAN,
    },
    Other {
        all: &["version"],
        any: &["lineage", "serial"],
        beside_a_plan: false,
        what: "this is a raw state file, not a plan",
        help: MAKE_A_PLAN,
    },
    Other {
        all: &["plan_format_version"],
        any: &[],
        beside_a_plan: false,
        what: "this is HCP Terraform's redacted plan, which leaves out the configuration and the prior state",
        help: "give the full JSON plan: the API's `json-output`, or `terraform show -json` of the saved plan",
    },
    Other {
        all: &["remote_plan_format"],
        any: &[],
        beside_a_plan: false,
        what: "this is a bookmark of a plan that HCP Terraform keeps",
        help: "print the plan itself with `terraform show -json` where you are logged in",
    },
    Other {
        all: &["encrypted_data"],
        any: &[],
        beside_a_plan: false,
        what: "this is an encrypted OpenTofu plan or state",
        help: "print it with `tofu show -json` where its key is known",
    },
    Other {
        all: &["Changes"],
        any: &["ChangeSetName", "ChangeSetId", "StackId", "StackName"],
        beside_a_plan: false,
        what: "this has keys of a CloudFormation change set and of a plan, so nobody can say what it is",
        help: MAKE_A_CHANGE_SET,
    },
    Other {
        all: &["Changes"],
        any: &[],
        beside_a_plan: false,
        what: "this is a part of a CloudFormation change set: it does not say which stack it is for",
        help: MAKE_A_CHANGE_SET,
    },
    Other {
        all: &["Summaries"],
        any: &[],
        beside_a_plan: false,
        what: "this is what `aws cloudformation list-change-sets` prints: it names change sets and does not show them",
        help: MAKE_A_CHANGE_SET,
    },
    Other {
        all: &["Id", "StackId"],
        any: &[],
        beside_a_plan: false,
        what: "this is what `aws cloudformation create-change-set` prints: it names a change set and does not show it",
        help: MAKE_A_CHANGE_SET,
    },
    Other {
        all: &["Hooks"],
        any: &[],
        beside_a_plan: false,
        what: "these are the hooks of a change set, and not the change set itself",
        help: MAKE_A_CHANGE_SET,
    },
    Other {
        all: &["Stacks"],
        any: &[],
        beside_a_plan: false,
        what: "this is what `aws cloudformation describe-stacks` prints: it says what a stack is, not what changes",
        help: GIVE_BESIDE,
    },
    Other {
        all: &["StackSummaries"],
        any: &[],
        beside_a_plan: false,
        what: "this is what `aws cloudformation list-stacks` prints: it names stacks",
        help: MAKE_A_CHANGE_SET,
    },
    Other {
        all: &["StackResources"],
        any: &[],
        beside_a_plan: false,
        what: "this is what `aws cloudformation describe-stack-resources` prints: it says what there is, not what changes",
        help: GIVE_BESIDE,
    },
    Other {
        all: &["StackResourceSummaries"],
        any: &[],
        beside_a_plan: false,
        what: "this is what `aws cloudformation list-stack-resources` prints: it says what there is, not what changes",
        help: GIVE_BESIDE,
    },
    Other {
        all: &["StackResourceDrifts"],
        any: &[],
        beside_a_plan: false,
        what: "this is what `aws cloudformation describe-stack-resource-drifts` prints: it says what has drifted, not what changes",
        help: MAKE_A_CHANGE_SET,
    },
    Other {
        all: &["StackEvents"],
        any: &[],
        beside_a_plan: false,
        what: "this is what `aws cloudformation describe-stack-events` prints: it says what has happened",
        help: MAKE_A_CHANGE_SET,
    },
    Other {
        all: &["StackPolicyBody"],
        any: &[],
        beside_a_plan: false,
        what: "this is what `aws cloudformation get-stack-policy` prints: it says what a stack refuses, not what changes",
        help: GIVE_BESIDE,
    },
    Other {
        all: &["TemplateBody"],
        any: &[],
        beside_a_plan: false,
        what: "this is what `aws cloudformation get-template` prints: it says what shall exist, not what changes",
        help: GIVE_BESIDE,
    },
    Other {
        all: &["ResourceTypes"],
        any: &[],
        beside_a_plan: false,
        what: "this is what `aws cloudformation get-template-summary` prints",
        help: MAKE_A_CHANGE_SET,
    },
    Other {
        all: &["Resources"],
        any: &[],
        beside_a_plan: false,
        what: "this is a CloudFormation template; it says what shall exist, not what changes",
        help: GIVE_BESIDE,
    },
    Other {
        all: &["AWSTemplateFormatVersion"],
        any: &[],
        beside_a_plan: false,
        what: "this is a CloudFormation template",
        help: GIVE_BESIDE,
    },
    Other {
        all: &["steps"],
        any: &["config", "changeSummary"],
        beside_a_plan: false,
        what: "this is a Pulumi preview; this version judges Terraform and OpenTofu plans",
        help: MAKE_A_PLAN,
    },
    Other {
        all: &[],
        any: &["deployment", "checkpoint"],
        beside_a_plan: false,
        what: "this is a Pulumi checkpoint, a state",
        help: MAKE_A_PLAN,
    },
    Other {
        all: &["sequence", "timestamp"],
        any: &[],
        beside_a_plan: false,
        what: "this is Pulumi's engine event log",
        help: MAKE_A_PLAN,
    },
    Other {
        all: &["changes"],
        any: &["status", "properties", "error"],
        beside_a_plan: false,
        what: "this is an Azure what-if result",
        help: MAKE_A_PLAN,
    },
    Other {
        all: &["contentVersion"],
        any: &[],
        beside_a_plan: false,
        what: "this is an Azure Resource Manager template",
        help: MAKE_A_PLAN,
    },
    Other {
        all: &["valid", "error_count"],
        any: &[],
        beside_a_plan: false,
        what: "this is what `terraform validate -json` prints",
        help: MAKE_A_PLAN,
    },
    Other {
        all: &["provider_schemas"],
        any: &[],
        beside_a_plan: true,
        what: "these are provider schemas, not a plan",
        help: MAKE_A_PLAN,
    },
    Other {
        all: &["runs"],
        any: &["$schema", "version"],
        beside_a_plan: false,
        what: "this is a SARIF report of some scanner",
        help: MAKE_A_PLAN,
    },
];

/// Tells by its top-level keys a change set, or a page of one. One that has lost its list of changes is one, too.
pub(super) fn is_change_set(keys: &[&str]) -> bool {
    let has = |key: &str| keys.contains(&key);
    let is_plan = PLAN_KEYS.iter().any(|key| has(key)) || has("format_version");
    let named = ["ChangeSetName", "ChangeSetId"].iter().any(|key| has(key));
    let of_stack = ["StackId", "StackName"].iter().any(|key| has(key));
    !is_plan && !has("Hooks") && ((has("Changes") && (named || of_stack)) || (named && has("Status")))
}

/// Sections that only a plan has.
const PLAN_KEYS: &[&str] = &[
    "resource_changes",
    "planned_values",
    "configuration",
    "resource_drift",
    "output_changes",
    "errored",
    "applyable",
];

/// Tells by its top-level keys why a document is not a plan; `None` for a plan.
pub(super) fn refusal(keys: &[&str]) -> Option<(String, String)> {
    let has = |key: &&str| keys.contains(key);
    if keys.is_empty() {
        return Some(("this is an empty object, not a plan".to_owned(), MAKE_A_PLAN.to_owned()));
    }
    let is_plan = PLAN_KEYS.iter().any(has);
    let fits = |other: &&Other| other.all.iter().all(has) && (other.any.is_empty() || other.any.iter().any(has));
    // A document of another kind does not become a plan by a key more; some tools put schemas beside a plan.
    let other = OTHERS.iter().filter(|other| !is_plan || !other.beside_a_plan).find(fits);
    if let Some(other) = other {
        return Some((other.what.to_owned(), other.help.to_owned()));
    }
    if is_plan && has(&"format_version") {
        return None;
    }
    if is_plan {
        return Some((
            "it looks like a plan but has no `format_version`, so nobody can say how to read it".to_owned(),
            "give the plan as `terraform show -json tfplan` prints it, untrimmed".to_owned(),
        ));
    }
    if keys.iter().all(|key| matches!(*key, "format_version" | "terraform_version" | "checks")) {
        return Some(("this is the state of an empty workspace, not a plan".to_owned(), MAKE_A_PLAN.to_owned()));
    }
    Some((NO_PLAN.to_owned(), MAKE_A_PLAN.to_owned()))
}

/// What a document of another kind is, by its top-level keys; `None` for one that nobody knows.
pub(super) fn named(keys: &[&str]) -> Option<String> {
    if is_change_set(keys) {
        return Some("this is a CloudFormation change set".to_owned());
    }
    let (what, _) = refusal(keys).unwrap_or_else(|| ("this is a plan".to_owned(), String::new()));
    (what != NO_PLAN).then_some(what)
}

/// What a text that is no JSON is, by its first line, and what to do about it.
pub(super) fn text(line: &str) -> Option<(&'static str, &'static str)> {
    let begins = |start: &str| line.starts_with(start);
    if begins("Waiting for changeset") || begins("Changeset created successfully") || begins("No changes to deploy") {
        return Some((
            "this is what `aws cloudformation deploy` says, and not the change set itself",
            MAKE_A_CHANGE_SET,
        ));
    }
    let is_key = |key: &str| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':'));
    if ["Changes", "ChangeSetId", "ChangeSetName", "Capabilities", "CreationTime"].iter().any(|key| is_key(key)) {
        return Some(("this is a change set in YAML, and only JSON is read", "print it with `--output json`"));
    }
    if begins("CHANGES\t") || begins("---------") && !begins("--- ") || line.contains("DescribeChangeSet") {
        return Some((
            "this is a change set as text for people, and only JSON is read",
            "print it with `--output json`",
        ));
    }
    if ["AWSTemplateFormatVersion", "Resources", "Transform"].iter().any(|key| is_key(key)) {
        return Some(("this is a CloudFormation template; it says what shall exist, not what changes", GIVE_BESIDE));
    }
    None
}

const NO_PLAN: &str = "this is a JSON document, but not a plan";

/// What is read for its context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A plan.
    Plan,
    /// A state as `show -json` prints it.
    State,
    /// A raw state.
    StateFile,
    /// A CloudFormation template.
    Template,
}

/// What to do about a document that is no context.
const GIVE_CONTEXT: &str = "context is what exists elsewhere: states (`terraform show -json`, or raw ones of version 4), \
                            plans, and CloudFormation templates";

/// Tells by its top-level keys what a document is that is given for its context, or why it is none.
pub(super) fn context(keys: &[&str]) -> Result<Kind, (String, String)> {
    let has = |key: &&str| keys.contains(key);
    let is_plan = PLAN_KEYS.iter().any(has) && has(&"format_version");
    let empty_state = keys.iter().all(|key| matches!(*key, "format_version" | "terraform_version" | "checks"));
    if has(&"version") && (has(&"lineage") || has(&"serial")) {
        return Ok(Kind::StateFile);
    }
    if has(&"format_version") && !is_plan && (has(&"values") || empty_state) {
        return Ok(Kind::State);
    }
    if (has(&"Resources") || has(&"TemplateBody")) && !has(&"Changes") {
        return Ok(Kind::Template);
    }
    if is_change_set(keys) {
        let what = "this is a CloudFormation change set: it says what changes in a stack, not what there is";
        return Err((what.to_owned(), "give the template of that stack".to_owned()));
    }
    match refusal(keys) {
        None => Ok(Kind::Plan),
        Some((what, _)) if OTHERS.iter().any(|other| other.what == what) => Err((what, GIVE_CONTEXT.to_owned())),
        Some(_) => Err((NO_CONTEXT.to_owned(), GIVE_CONTEXT.to_owned())),
    }
}

const NO_CONTEXT: &str = "this is neither a state, nor a plan, nor a CloudFormation template";

/// The refusal of what is not even an object.
pub(super) fn no_context() -> (&'static str, &'static str) {
    (NO_CONTEXT, GIVE_CONTEXT)
}

#[cfg(test)]
mod tests {
    use super::refusal;

    #[test]
    fn a_plan_is_told_by_its_version_and_a_section_of_its_own() {
        assert_eq!(refusal(&["format_version", "planned_values"]), None);
        assert!(refusal(&["resource_changes"]).unwrap().0.contains("no `format_version`"));
        assert!(refusal(&[]).unwrap().0.contains("empty object"));
    }

    #[test]
    fn others_are_called_by_their_names() {
        for (keys, word) in [
            (&["format_version", "terraform_version", "values"][..], "a state"),
            (&["version", "terraform_version", "serial", "lineage", "outputs", "resources"], "raw state"),
            (&["@level", "@message", "@module"], "message stream"),
            (&["Changes"], "change set"),
            (&["format_version"], "empty workspace"),
            (&["hello"], "not a plan"),
        ] {
            assert!(refusal(keys).unwrap().0.contains(word), "{keys:?}");
        }
    }
}
