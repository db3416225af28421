//! Production or ephemeral, by what exists before the change.
//!
//! Only tags and labels are strong evidence, and only those of the prior state: what a plan proposes, and what things
//! are called in the code, counts for nothing. Where no tag is, the workspace is strong evidence, as a saved plan records
//! it. Names and ids before the change are weak evidence, and so is a workspace that somebody claims.

use crate::plan::{Attributes, GivenTag, Header, Value};

/// What a value says of its environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Says {
    /// A place that may go.
    Ephemeral,
    /// Production.
    Production,
}

/// One tag or name that says something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// What it says.
    pub says: Says,
    /// The tag's key, the attribute that holds the name, or [`WORKSPACE`] or [`CLAIMED`].
    pub key: String,
    /// Its value.
    pub value: String,
}

/// What one object says of its environment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signs {
    /// Tags and labels.
    pub tags: Vec<Sign>,
    /// The workspace that its plan was made in, where a saved plan records one.
    pub workspace: Option<Sign>,
    /// Names and ids, and a workspace that the caller claims.
    pub names: Vec<Sign>,
}

/// The key of a sign that is a workspace, as a saved plan records it.
pub const WORKSPACE: &str = "workspace";
/// The key of a sign that is a workspace, as the caller claims it.
pub const CLAIMED: &str = "claimed workspace";

impl Signs {
    /// What a plan's workspace says of everything in it. One that a saved plan records wins over one that is claimed, and
    /// `default`, which every state begins with, says nothing.
    #[must_use]
    pub fn of_plan(header: &Header) -> Self {
        let claimed = header.claimed_workspace.as_deref().filter(|_| header.workspace.is_none());
        Self {
            tags: Vec::new(),
            workspace: header.workspace.as_deref().and_then(|name| sign(WORKSPACE, name)),
            names: claimed.and_then(|name| sign(CLAIMED, name)).into_iter().collect(),
        }
    }

    /// The first tag that says this.
    #[must_use]
    pub fn tag(&self, says: Says) -> Option<&Sign> {
        self.tags.iter().find(|sign| sign.says == says)
    }

    /// The first name that says this.
    #[must_use]
    pub fn name(&self, says: Says) -> Option<&Sign> {
        self.names.iter().find(|sign| sign.says == says)
    }
}

/// Attributes that hold tags or labels, directly or in a block.
const TAGS: [&str; 15] = [
    "Tags",
    "common_tags",
    "defined_tags",
    "effective_labels",
    "freeform_tags",
    "labels",
    "metadata",
    "resource_labels",
    "resource_tags",
    "settings",
    "tag",
    "tags",
    "tags_all",
    "terraform_labels",
    "user_labels",
];

/// Attributes that hold an object's own name; those of CloudFormation have capitals.
const NAMES: [&str; 25] = [
    "bucket",
    "cluster_identifier",
    "cluster_name",
    "display_name",
    "function_name",
    "id",
    "identifier",
    "name",
    "project_id",
    "BucketName",
    "ClusterIdentifier",
    "ClusterName",
    "DBClusterIdentifier",
    "DBInstanceIdentifier",
    "DisplayName",
    "DomainName",
    "FunctionName",
    "LogGroupName",
    "Name",
    "QueueName",
    "RepositoryName",
    "StreamName",
    "TableName",
    "TopicName",
    "UserPoolName",
];

/// The key of a sign that is the object's physical id.
const PHYSICAL_ID: &str = "physical id";

/// Keys of an environment tag, after the last `/` or `:`.
const KEYS: [&str; 6] = ["environment", "env", "stage", "tier", "env-type", "env_type"];

/// `pr` is a pull request's own environment.
const EPHEMERAL: [&str; 13] = [
    "ci",
    "demo",
    "dev",
    "develop",
    "development",
    "ephemeral",
    "pr",
    "preview",
    "qa",
    "sandbox",
    "sbx",
    "test",
    "testing",
];
const PRODUCTION: [&str; 4] = ["prod", "production", "prd", "live"];

/// Reads what an object says of its environment from its values before the change.
#[must_use]
pub fn signs(values: &Attributes<'_>) -> Signs {
    let mut signs = of(&values.pick(|name| holds_tags(name) || NAMES.contains(&name)));
    // The first is its own; the others are made of it.
    signs.names.extend(values.ids().first().and_then(|id| sign(PHYSICAL_ID, id)));
    signs
}

/// Tags that a tool puts on an object beside its own. Its own tag of the same key, to the letter, stands in the place of a
/// given one.
#[must_use]
pub fn with_given<'t>(mut signs: Signs, own: &Attributes<'_>, given: impl Iterator<Item = &'t GivenTag>) -> Signs {
    let keys = keys(&own.pick(holds_tags));
    let given = given.filter(|tag| is_key(&tag.key) && !keys.contains(&tag.key));
    signs.tags.extend(given.filter_map(|tag| sign(&tag.key, &tag.value)));
    signs
}

/// What the tags say that a tool puts on everything.
#[must_use]
pub fn of_given(given: &[GivenTag]) -> Signs {
    with_given(Signs::default(), &Attributes::default(), given.iter())
}

/// The keys of an object's own tags.
fn keys(values: &Value<'_>) -> Vec<String> {
    let Value::Object(members) = values else { return Vec::new() };
    let pairs = members.iter().flat_map(|(name, value)| pairs(name, value));
    pairs.map(|(key, _)| key).collect()
}

/// An attribute that holds tags or labels. Types of CloudFormation have one that is called after the type, too; where it
/// is about other objects it is called otherwise.
fn holds_tags(name: &str) -> bool {
    let capital = name.starts_with(|c: char| c.is_ascii_uppercase());
    TAGS.contains(&name) || (capital && name.ends_with("Tags") && name != "ResourceTags")
}

/// The same, from values that are parsed already.
#[must_use]
pub fn of(values: &Value<'_>) -> Signs {
    let mut signs = Signs::default();
    let Value::Object(members) = values else {
        // Values that cannot be read may say production.
        signs.tags.extend((*values == Value::Unknown).then(|| unseen("values")));
        return signs;
    };
    for (name, value) in members {
        if holds_tags(name) {
            signs.tags.extend(of_tags(name, value));
        }
        if NAMES.contains(&name.as_ref()) {
            signs.names.extend(value.text().and_then(|text| sign(name, text)));
        }
    }
    signs
}

/// What the tags of one attribute say. A tag that nobody may see is not one that says ephemeral.
fn of_tags(name: &str, value: &Value<'_>) -> Vec<Sign> {
    let is_block = matches!(name, "metadata" | "settings");
    if matches!(value, Value::Sensitive(_)) && !is_block {
        return vec![unseen(name)];
    }
    let pairs = pairs(name, value).into_iter().filter(|(key, _)| is_key(key));
    pairs.filter_map(|(key, value)| value.map_or_else(|| Some(unseen(&key)), |value| sign(&key, &value))).collect()
}

fn unseen(key: &str) -> Sign {
    Sign { says: Says::Production, key: key.to_owned(), value: "(not to be seen)".to_owned() }
}

/// The key-value pairs of a tag attribute, in each of the forms that providers give it; `None` for a masked value.
fn pairs(name: &str, value: &Value<'_>) -> Vec<(String, Option<String>)> {
    match (name, value) {
        ("metadata" | "settings", block) => {
            let maps = ["labels", "user_labels"].iter().flat_map(|inner| block.at(&[inner]));
            maps.flat_map(|map| pairs("labels", map)).collect()
        }
        (_, Value::Object(members)) => {
            members.iter().filter_map(|(key, value)| Some((key.to_string(), visible(value)?))).collect()
        }
        (_, Value::List(items)) => items.iter().filter_map(pair).collect(),
        _ => Vec::new(),
    }
}

/// `{key, value}` blocks, and `key:value` texts.
fn pair(item: &Value<'_>) -> Option<(String, Option<String>)> {
    match item {
        Value::Text(text) => text.split_once([':', '=']).map(|(key, value)| (key.to_owned(), Some(value.to_owned()))),
        object => {
            let key = ["key", "Key"].iter().find_map(|name| object.get(name).text())?;
            let value = ["value", "Value"].iter().find_map(|name| visible(object.get(name)))?;
            Some((key.to_owned(), value))
        }
    }
}

/// A value's text, `Some(None)` where it is masked, `None` where it is no text.
#[allow(clippy::option_option, reason = "no text and a masked text are two things")]
fn visible(value: &Value<'_>) -> Option<Option<String>> {
    match value {
        Value::Text(text) => Some(Some(text.to_string())),
        Value::Sensitive(_) => Some(None),
        _ => None,
    }
}

fn is_key(key: &str) -> bool {
    let key = key.rsplit(['/', ':']).next().unwrap_or(key).to_ascii_lowercase();
    // Oracle's defined tags put a namespace before a dot.
    let key = key.rsplit('.').next().unwrap_or(&key);
    KEYS.contains(&key)
}

fn sign(key: &str, value: &str) -> Option<Sign> {
    says(value).map(|says| Sign { says, key: key.to_owned(), value: value.to_owned() })
}

/// What a value says: split at what is no letter, production beats ephemeral, and `non-prod` is neither.
#[must_use]
pub fn says(value: &str) -> Option<Says> {
    let lower = value.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let negated =
        |place: usize| place.checked_sub(1).and_then(|p| words.get(p)).is_some_and(|w| matches!(*w, "non" | "pre"));
    let production = words.iter().enumerate().any(|(place, word)| PRODUCTION.contains(word) && !negated(place));
    if production {
        return Some(Says::Production);
    }
    words.iter().any(|word| EPHEMERAL.contains(word)).then_some(Says::Ephemeral)
}

#[cfg(test)]
mod tests {
    use super::{Says, says, signs};
    use crate::plan::Attributes;

    #[test]
    fn words_and_their_denials() {
        for ephemeral in ["dev", "Dev-2", "dev2", "sandbox_7", "PR-1234", "ci", "qa", "eu.test"] {
            assert_eq!(says(ephemeral), Some(Says::Ephemeral), "{ephemeral}");
        }
        for production in ["prod", "PRD", "prod-eu", "live", "production2", "test-prod"] {
            assert_eq!(says(production), Some(Says::Production), "{production}");
        }
        for neither in ["staging", "uat", "nonprod", "non-prod", "pre_prod", "preprod", "devops", "latest", ""] {
            assert_eq!(says(neither), None, "{neither}");
        }
    }

    #[test]
    fn tags_come_in_many_forms() {
        for json in [
            r#"{"tags":{"Environment":"dev"}}"#,
            r#"{"tags_all":{"acme:env":"dev"}}"#,
            r#"{"metadata":[{"labels":{"app.kubernetes.io/stage":"dev"}}]}"#,
            r#"{"tag":[{"key":"env","value":"dev","propagate_at_launch":true}]}"#,
            r#"{"tags":["env:dev","team:x"]}"#,
            r#"{"settings":[{"user_labels":{"tier":"dev"}}]}"#,
            r#"{"defined_tags":{"Ops.Env":"dev"}}"#,
            r#"{"Tags":[{"Key":"Environment","Value":"dev"}]}"#,
            r#"{"Tags":{"Stage":"dev"}}"#,
            r#"{"UserPoolTags":{"env":"dev"}}"#,
            r#"{"HostedZoneTags":[{"Key":"env","Value":"dev"}]}"#,
        ] {
            let signs = signs(&Attributes::new(Some(json), None, None));
            assert_eq!(signs.tag(Says::Ephemeral).map(|sign| sign.value.as_str()), Some("dev"), "{json}");
        }
    }

    #[test]
    fn what_is_no_tag_is_no_tag() {
        for json in [
            r#"{"tier":"dev"}"#,
            r#"{"environment":[{"variables":{"ENV":"dev"}}]}"#,
            r#"{"tags":{"owner":"dev"}}"#,
            r#"{"ResourceTags":[{"Key":"env","Value":"dev"}]}"#,
            r#"{"Environment":{"Variables":{"ENV":"dev"}}}"#,
        ] {
            assert!(signs(&Attributes::new(Some(json), None, None)).tags.is_empty(), "{json}");
        }
    }

    #[test]
    fn a_masked_tag_never_says_ephemeral() {
        for mask in [r#"{"tags":{"env":true}}"#, r#"{"tags":true}"#, "true", r#"{"tags":"odd"}"#] {
            let signs = signs(&Attributes::new(Some(r#"{"tags":{"env":"dev"}}"#), None, Some(mask)));
            assert!(signs.tag(Says::Ephemeral).is_none(), "{mask}");
            assert!(!format!("{signs:?}").contains("dev"), "{mask}");
        }
    }

    #[test]
    fn values_that_cannot_be_read_may_say_production() {
        let odd = Attributes::new(Some(r#"{"tags":{"env":"prod","\ud800":1}}"#), None, None);
        assert!(signs(&odd).tag(Says::Production).is_some());
    }
}
