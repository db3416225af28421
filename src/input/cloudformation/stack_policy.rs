//! Stack policies: what a stack refuses to do to its resources.
//!
//! Everything is denied that no statement allows, and a deny beats every allow
//! (<https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html>). A stack without a policy
//! refuses nothing. Actions are `Update:Modify`, `Update:Replace`, `Update:Delete` and `Update:*`; resources are
//! `LogicalResourceId/NAME`, where `*` stands for anything, or types, in a condition.

use serde_json::Value as Json;

use crate::plan::Attributes;

/// A stack's policy; the default is none, which refuses nothing.
#[derive(Debug, Default)]
pub(super) struct StackPolicy {
    statements: Option<Vec<Statement>>,
}

#[derive(Debug)]
struct Statement {
    allows: bool,
    actions: Patterns,
    resources: Patterns,
    types: Option<Vec<String>>,
    /// It has a condition that is not understood.
    is_unclear: bool,
}

#[derive(Debug)]
enum Patterns {
    Any(Vec<String>),
    /// Everything but these: `NotAction`, `NotResource`.
    AllBut(Vec<String>),
}

/// What may be done to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Update {
    Replace,
    Delete,
}

impl Update {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Replace => "Update:Replace",
            Self::Delete => "Update:Delete",
        }
    }
}

/// Reads a policy's text.
pub(super) fn read(text: &str) -> Result<StackPolicy, &'static str> {
    Attributes::new(Some(text), None, None).check().map_err(|_| "a key stands in it twice, or it is no valid JSON")?;
    let policy: Json = serde_json::from_str(text).map_err(|_| "it is no JSON")?;
    let statements = match policy.get("Statement") {
        Some(Json::Array(statements)) => statements.iter().map(statement).collect::<Result<_, _>>()?,
        Some(one @ Json::Object(_)) => vec![statement(one)?],
        _ => return Err("it has no Statement"),
    };
    Ok(StackPolicy { statements: Some(statements) })
}

fn statement(statement: &Json) -> Result<Statement, &'static str> {
    let allows = match statement.get("Effect").and_then(Json::as_str) {
        Some("Allow") => true,
        Some("Deny") => false,
        _ => return Err("a statement neither allows nor denies"),
    };
    let patterns = |name: &str, not: &str| match (statement.get(name), statement.get(not)) {
        (Some(some), None) => Some(Patterns::Any(texts(some)?)),
        (None, Some(but)) => Some(Patterns::AllBut(texts(but)?)),
        _ => None,
    };
    let condition = statement.get("Condition").filter(|condition| !condition.is_null());
    let types = condition.and_then(types);
    Ok(Statement {
        allows,
        actions: patterns("Action", "NotAction").ok_or("a statement has no Action")?,
        resources: patterns("Resource", "NotResource").ok_or("a statement has no Resource")?,
        is_unclear: condition.is_some() && types.is_none(),
        types,
    })
}

/// The types of a condition that is about nothing else.
fn types(condition: &Json) -> Option<Vec<String>> {
    let members = condition.as_object().filter(|members| members.len() == 1)?;
    let (operator, keys) = members.iter().next()?;
    let keys = keys.as_object().filter(|keys| keys.len() == 1)?;
    let is_known = matches!(operator.as_str(), "StringEquals" | "StringLike");
    keys.get("ResourceType").filter(|_| is_known).and_then(texts)
}

fn texts(value: &Json) -> Option<Vec<String>> {
    match value {
        Json::String(text) => Some(vec![text.clone()]),
        Json::Array(items) => items.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
        _ => None,
    }
}

impl StackPolicy {
    /// The policy refuses to do this to a resource.
    pub(super) fn denies(&self, update: Update, id: &str, kind: &str) -> bool {
        let Some(statements) = &self.statements else { return false };
        let fits = |statement: &&Statement| statement.fits(update, id, kind);
        let denied = statements.iter().filter(|one| !one.allows && !one.is_unclear).any(|one| fits(&one));
        denied || !statements.iter().filter(|one| one.allows).any(|one| one.is_unclear || fits(&one))
    }

    /// It names a resource by its logical id.
    pub(super) fn names(&self, id: &str) -> bool {
        let name = format!("LogicalResourceId/{id}");
        let statements = self.statements.iter().flatten();
        let mut all = statements.flat_map(|statement| match &statement.resources {
            Patterns::Any(patterns) | Patterns::AllBut(patterns) => patterns,
        });
        all.any(|pattern| *pattern == name)
    }
}

impl Statement {
    fn fits(&self, update: Update, id: &str, kind: &str) -> bool {
        let resource = format!("LogicalResourceId/{id}");
        let of_type = self.types.as_ref().is_none_or(|types| types.iter().any(|pattern| like(pattern, kind)));
        of_type && self.actions.has(update.word()) && self.resources.has(&resource)
    }
}

impl Patterns {
    fn has(&self, text: &str) -> bool {
        match self {
            Self::Any(patterns) => patterns.iter().any(|pattern| like(pattern, text)),
            Self::AllBut(patterns) => !patterns.iter().any(|pattern| like(pattern, text)),
        }
    }
}

/// A text is of a pattern, in which `*` stands for any run of characters.
fn like(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.split_once(part) {
            Some((_, tail)) => rest = tail,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::{Update, read};

    #[test]
    fn a_deny_beats_an_allow_and_silence_denies() {
        let policy = read(
            r#"{"Statement":[
                {"Effect":"Allow","Action":"Update:*","Principal":"*","Resource":"*"},
                {"Effect":"Deny","Action":["Update:Replace","Update:Delete"],"Principal":"*","Resource":"LogicalResourceId/Orders*"},
                {"Effect":"Deny","Action":"Update:*","Principal":"*","Resource":"*",
                 "Condition":{"StringEquals":{"ResourceType":["AWS::RDS::DBInstance"]}}}]}"#,
        )
        .unwrap();
        assert!(policy.denies(Update::Delete, "OrdersTable", "AWS::DynamoDB::Table"));
        assert!(policy.denies(Update::Replace, "Db", "AWS::RDS::DBInstance"));
        assert!(!policy.denies(Update::Delete, "Queue", "AWS::SQS::Queue"));
        let silent =
            read(r#"{"Statement":{"Effect":"Allow","NotAction":"Update:Delete","Principal":"*","Resource":"*"}}"#)
                .unwrap();
        assert!(silent.denies(Update::Delete, "A", "T") && !silent.denies(Update::Replace, "A", "T"));
        assert!(!super::StackPolicy::default().denies(Update::Delete, "A", "T"));
    }

    #[test]
    fn what_is_no_policy_is_refused() {
        for text in [
            "{}",
            r#"{"Statement":7}"#,
            r#"{"Statement":[{"Effect":"Perhaps"}]}"#,
            r#"{"Statement":[{"Effect":"Deny"}]}"#,
            "[",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, text, fits) in [
            ("*", "", true),
            ("a*", "abc", true),
            ("*c", "abc", true),
            ("a*c", "ac", true),
            ("a*b*c", "axbyc", true),
            ("abc", "abcd", false),
            ("a*b*c", "acb", false),
            ("ab*ba", "aba", false),
        ] {
            assert_eq!(super::like(pattern, text), fits, "{pattern} {text}");
        }
    }
}
