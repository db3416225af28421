//! `BeforeContext` and `AfterContext`: one side of a change, as JSON or as JSON in a string.

use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::policies::{DELETION, Policies, REPLACEMENT, policy};
use crate::plan::{Attributes, PolicySaid};

/// One side of a change.
#[derive(Debug, Default)]
pub(super) struct Context {
    /// The properties; `None` where this side was not given.
    pub(super) properties: Option<Json>,
    /// The policies.
    pub(super) policies: Policies,
}

/// Reads a context; an absent one is empty.
pub(super) fn read(raw: Option<&RawValue>) -> Result<Context, &'static str> {
    const ODD: &str = "it is no JSON object, nor one in a string";
    let Some(raw) = raw.filter(|raw| raw.get() != "null") else { return Ok(Context::default()) };
    let decoded: Option<String> = serde_json::from_str(raw.get()).ok();
    let text = decoded.as_deref().unwrap_or(raw.get());
    Attributes::new(Some(text), None, None).check().map_err(|_| "a key stands in it twice, or it is no valid JSON")?;
    let Json::Object(mut members) = serde_json::from_str(text).map_err(|_| ODD)? else { return Err(ODD) };
    let properties = match members.remove("Properties") {
        None | Some(Json::Null) => Json::Object(serde_json::Map::new()),
        Some(properties @ Json::Object(_)) => properties,
        Some(_) => return Err("its Properties are no object"),
    };
    let said = |name: &str| match members.get(name) {
        None | Some(Json::Null) => PolicySaid::TypeDefault,
        Some(word) => PolicySaid::Is(policy(word.as_str())),
    };
    let policies = Policies { deletion: Some(said(DELETION)), replacement: Some(said(REPLACEMENT)) };
    Ok(Context { properties: Some(properties), policies })
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::plan::{Policy, PolicySaid};

    fn of(json: &str) -> Result<super::Context, &'static str> {
        let raw: Box<serde_json::value::RawValue> = serde_json::from_str(json).unwrap();
        read(Some(&raw))
    }

    #[test]
    fn a_string_and_an_object_are_the_same() {
        let text = r#"{"Properties":{"A":"b"},"DeletionPolicy":"Retain"}"#;
        for json in [text.to_owned(), serde_json::to_string(text).unwrap()] {
            let context = of(&json).unwrap();
            assert_eq!(context.properties.unwrap()["A"], "b");
            assert_eq!(context.policies.deletion, Some(PolicySaid::Is(Policy::Retain)));
            assert_eq!(context.policies.replacement, Some(PolicySaid::TypeDefault));
        }
    }

    #[test]
    fn what_is_no_context_is_refused() {
        assert!(of("null").unwrap().properties.is_none());
        for odd in [
            "7",
            r#""{""#,
            r#""[]""#,
            r#"{"Properties":[]}"#,
            r#"{"A":1,"A":2}"#,
            r#"{"Properties":{"A":{"b":1,"b":2}}}"#,
        ] {
            assert!(of(odd).is_err(), "{odd}");
        }
    }
}
