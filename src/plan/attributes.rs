//! An object's attribute values with their masks: what is unknown, and what nobody may see.
//!
//! A plan holds secrets in clear text beside a mask that says so. [`Attributes`] never hands out a masked value: it is
//! turned into a [`Secret`], which can be compared and asked whether it is empty, and nothing else. Values are parsed
//! only when somebody asks, so a row that no rule looks into costs nothing.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::parse::{Checked, parse_some};
use super::paths;
use super::secret_name::says_secret;
use super::value::{Secret, Value};

/// One object's attribute values with their masks, unparsed. The texts are JSON; `None` is null or absent.
#[derive(Debug, Clone, Default)]
pub struct Attributes<'a> {
    raw: Option<&'a str>,
    unknown: Option<&'a str>,
    /// Of the shape of the values, or a list of paths: the values of an object are no list, so a list cannot be its shape.
    sensitive: Option<&'a str>,
    /// A second mask of what is sensitive, of the shape of the values: what the other side of a change hides.
    also: Option<&'a str>,
    /// Texts that a reader made, where the input has them in another form. They stand in the place of all the others.
    made: Option<Arc<Made>>,
}

/// Texts of one object that do not stand in the input as they are.
#[derive(Debug)]
struct Made {
    raw: Box<str>,
    unknown: Option<Box<str>>,
    sensitive: Option<Box<str>>,
    /// What others call the object, beside what its values say.
    ids: Box<[String]>,
}

/// An object in the values has the same key twice, so two readers may see two things.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct DuplicateKey(String);

impl<'a> Attributes<'a> {
    /// Takes JSON texts: the values, the mask of what is unknown, the mask of what is sensitive.
    #[must_use]
    pub fn new(raw: Option<&'a str>, unknown: Option<&'a str>, sensitive: Option<&'a str>) -> Self {
        Self { raw, unknown, sensitive, also: None, made: None }
    }

    /// Takes JSON texts as raw states have them: the values, and the list of the paths of what is sensitive.
    #[must_use]
    pub fn with_paths(raw: Option<&'a str>, sensitive: Option<&'a str>) -> Self {
        // What should be a list and is none hides everything.
        let sensitive = sensitive.map(|list| if is_list(list) { list } else { "true" });
        Self { raw, unknown: None, sensitive, also: None, made: None }
    }

    /// Takes texts that were made while reading: the values, and masks of their shape. `ids` is what others call the
    /// object, where that does not stand among its values.
    #[must_use]
    pub fn made(raw: String, unknown: Option<String>, sensitive: Option<String>, ids: Vec<String>) -> Self {
        let [unknown, sensitive] = [unknown, sensitive].map(|mask| mask.map(String::into_boxed_str));
        let made = Made { raw: raw.into(), unknown, sensitive, ids: ids.into() };
        Self { made: Some(Arc::new(made)), ..Self::default() }
    }

    /// What others call the object, beside what its values say: a physical id, an ARN.
    #[must_use]
    pub fn ids(&self) -> &[String] {
        self.made.as_ref().map(|made| &*made.ids).unwrap_or_default()
    }

    /// It says which of its values are sensitive.
    #[must_use]
    pub fn has_mask(&self) -> bool {
        self.sensitive.is_some()
    }

    /// The same values under another's mask of what is sensitive.
    #[must_use]
    pub fn masked_like(&self, other: &Self) -> Self {
        Self { sensitive: other.sensitive, also: other.also, ..self.clone() }
    }

    /// The same values with a second mask laid over: what is sensitive on one side of a change is so on both, as the
    /// tools print it. A second mask that hides nothing, or what the first one hides, is left out.
    #[must_use]
    pub fn hidden_like(&self, other: &Self) -> Self {
        let hides = |text: &&str| text.contains("true") && !is_list(text) && self.sensitive != Some(*text);
        Self { also: other.sensitive.filter(hides).or(self.also), ..self.clone() }
    }

    /// The texts of values of which nothing is unknown, with the mask that counts: half the room, for those of which there
    /// are a great many.
    pub(crate) fn texts(&self) -> (Option<&'a str>, Option<&'a str>) {
        (self.raw, self.sensitive.or(self.also))
    }

    /// The same values with another's second mask laid over.
    pub(crate) fn hidden_as_well(&self, other: &Self) -> Self {
        Self { also: other.also.or(self.also), ..self.clone() }
    }

    /// It has a second mask.
    pub(crate) fn hides_more(&self) -> bool {
        self.also.is_some()
    }

    /// Its mask hides something.
    pub(crate) fn hides_any(&self) -> bool {
        self.sensitive.is_some_and(|text| text.contains("true"))
    }

    /// There is no object on this side of the change.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.made.is_none() && self.raw.is_none() && !self.unknown.is_some_and(|mask| mask.contains("true"))
    }

    /// Reads all values once, so that later readings cannot fail.
    ///
    /// # Errors
    /// Where a value is nested too deeply, or an object has the same key twice.
    pub fn check(&self) -> Result<(), DuplicateKey> {
        let made = self.made.as_ref().map(|made| &*made.raw);
        for text in [made, self.raw, self.unknown, self.sensitive, self.also].into_iter().flatten() {
            serde_json::from_str::<Checked>(text).map_err(|error| DuplicateKey(error.to_string()))?;
        }
        Ok(())
    }

    /// All values, with what is unknown and what is sensitive in its place.
    #[must_use]
    pub fn view(&self) -> Value<'a> {
        self.pick(|_| true)
    }

    /// The values of the attributes that `wanted` names, in the order of the file, the rest skipped unread. Values that
    /// cannot be read are unknown, and under a mask that cannot be read everything is sensitive.
    #[must_use]
    pub fn pick(&self, wanted: impl Fn(&str) -> bool + Copy) -> Value<'a> {
        match &self.made {
            None => {
                Texts { raw: self.raw, unknown: self.unknown, sensitive: self.sensitive, also: self.also }.pick(wanted)
            }
            Some(made) => {
                let (unknown, sensitive) = (made.unknown.as_deref(), made.sensitive.as_deref());
                Texts { raw: Some(&made.raw), unknown, sensitive, also: None }.pick(wanted).into_owned()
            }
        }
    }

    /// Tells values apart without handing them out: equal values have equal digests, sensitive or not.
    pub(crate) fn digest(&self) -> Option<u64> {
        let raw = self.made.as_ref().map(|made| &*made.raw).or(self.raw);
        parse_some(raw?, |_| true).map(|value| Secret::of(&value).digest())
    }

    /// Whether a byte text stands among the values: for finding known identities, sensitive or not.
    pub(crate) fn search(&self) -> &str {
        self.made.as_ref().map(|made| &*made.raw).or(self.raw).unwrap_or_default()
    }

    /// The same as it stands in the input; nothing where it was made.
    pub(crate) fn in_input(&self) -> &'a str {
        self.raw.unwrap_or_default()
    }
}

/// The texts of one object, wherever they lie.
struct Texts<'t> {
    raw: Option<&'t str>,
    unknown: Option<&'t str>,
    sensitive: Option<&'t str>,
    also: Option<&'t str>,
}

impl<'t> Texts<'t> {
    /// The wanted values under their masks.
    fn pick(&self, wanted: impl Fn(&str) -> bool + Copy) -> Value<'t> {
        let read = |text: Option<&'t str>, otherwise: Value<'t>| match text {
            None => Value::Null,
            Some(text) => parse_some(text, wanted).unwrap_or(otherwise),
        };
        let unknown = read(self.unknown, Value::Bool(true));
        let sensitive = match self.sensitive {
            Some(list) if is_list(list) => paths::mask(list),
            shape => read(shape, Value::Bool(true)),
        };
        let sensitive = match self.also {
            None => sensitive,
            also => both(sensitive, read(also, Value::Bool(true))),
        };
        mask("", read(self.raw, Value::Unknown), &unknown, &sensitive)
    }
}

/// A mask that is written as a list of paths.
fn is_list(mask: &str) -> bool {
    mask.trim_start().starts_with('[')
}

/// What either of two masks hides. Where their shapes differ they hide everything that one of them hides something of.
fn both<'a>(one: Value<'a>, other: Value<'a>) -> Value<'a> {
    match (one, other) {
        (Value::Null | Value::Bool(false), mask) | (mask, Value::Null | Value::Bool(false)) => mask,
        (Value::Object(mut members), Value::Object(others)) => {
            let places: HashMap<String, usize> =
                members.iter().enumerate().map(|(at, (name, _))| (name.to_string(), at)).collect();
            for (name, other) in others {
                match places.get(name.as_ref()).and_then(|at| members.get_mut(*at)) {
                    Some((_, mask)) => *mask = both(std::mem::replace(mask, Value::Null), other),
                    None => members.push((name, other)),
                }
            }
            Value::Object(members)
        }
        (Value::List(mut items), Value::List(others)) => {
            for (at, other) in others.into_iter().enumerate() {
                match items.get_mut(at) {
                    Some(mask) => *mask = both(std::mem::replace(mask, Value::Null), other),
                    None => items.push(other),
                }
            }
            Value::List(items)
        }
        (one, other) => match (hides(&one), hides(&other)) {
            (false, false) => Value::Null,
            (true, false) => one,
            (false, true) => other,
            (true, true) => Value::Bool(true),
        },
    }
}

/// A mask hides something.
fn hides(mask: &Value<'_>) -> bool {
    match mask {
        Value::Null | Value::Bool(false) => false,
        Value::Object(members) => members.iter().any(|(_, inner)| hides(inner)),
        Value::List(items) => items.iter().any(hides),
        _ => true,
    }
}

/// Lays the masks over the values.
fn mask<'a>(name: &str, value: Value<'a>, unknown: &Value<'_>, sensitive: &Value<'_>) -> Value<'a> {
    if *unknown == Value::Bool(true) {
        return Value::Unknown;
    }
    // A mask is a flag or has the shape of the values; what is neither hides them.
    let hidden = match (&value, sensitive) {
        (_, Value::Null | Value::Bool(false))
        | (Value::Object(_), Value::Object(_))
        | (Value::List(_), Value::List(_)) => false,
        // The mask of the other side may have another shape.
        (_, mask) => hides(mask),
    };
    if hidden || (says_secret(name) && matches!(value, Value::Text(_))) {
        return if value == Value::Null { value } else { Value::Sensitive(Secret::of(&value)) };
    }
    match value {
        Value::Object(members) => mask_object(members, unknown, sensitive),
        Value::List(items) => Value::List(
            items
                .into_iter()
                .enumerate()
                .map(|(at, item)| mask(name, item, element(unknown, at), element(sensitive, at)))
                .collect(),
        ),
        // An object that is wholly unknown is absent in the values; its mask tells its shape.
        Value::Null if matches!(unknown, Value::Object(_)) => mask_object(Vec::new(), unknown, sensitive),
        Value::Null if matches!(unknown, Value::List(items) if !items.is_empty()) => Value::Unknown,
        other => other,
    }
}

fn mask_object<'a>(members: Vec<(Cow<'a, str>, Value<'a>)>, unknown: &Value<'_>, sensitive: &Value<'_>) -> Value<'a> {
    let (unknown, sensitive) = (members_of(unknown), members_of(sensitive));
    let mut open: Vec<&str> = unknown.keys().copied().collect();
    let mut masked = Vec::with_capacity(members.len());
    if !open.is_empty() {
        let known: HashSet<&str> = members.iter().map(|(name, _)| name.as_ref()).collect();
        open.retain(|name| !known.contains(name));
        open.sort_unstable();
    }
    for (name, value) in members {
        let value = mask(&name, value, of(&unknown, &name), of(&sensitive, &name));
        masked.push((name, value));
    }
    // What is wholly unknown is absent in the values; the mask names it.
    for name in open {
        let value = mask(name, Value::Null, of(&unknown, name), of(&sensitive, name));
        if value != Value::Null && value != Value::Object(Vec::new()) {
            masked.push((Cow::Owned(name.to_owned()), value));
        }
    }
    Value::Object(masked)
}

/// A member of a mask.
fn of<'v, 'a>(mask: &HashMap<&str, &'v Value<'a>>, name: &str) -> &'v Value<'a> {
    mask.get(name).copied().unwrap_or(&Value::Null)
}

/// The members of a mask, where it is an object.
fn members_of<'v, 'a>(mask: &'v Value<'a>) -> HashMap<&'v str, &'v Value<'a>> {
    match mask {
        Value::Object(members) => members.iter().map(|(name, value)| (name.as_ref(), value)).collect(),
        _ => HashMap::new(),
    }
}

fn element<'v, 'a>(mask: &'v Value<'a>, at: usize) -> &'v Value<'a> {
    match mask {
        Value::List(items) => items.get(at).unwrap_or(&Value::Null),
        _ => &Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::Attributes;
    use crate::plan::Value;

    #[test]
    fn a_masked_value_is_never_handed_out() {
        let secret = Attributes::new(Some(r#"{"user":"root","key":"hunter2"}"#), None, Some(r#"{"key":true}"#));
        let view = format!("{:?}", secret.view());
        assert!(view.contains("root") && !view.contains("hunter2"), "{view}");
    }

    #[test]
    fn a_name_that_says_secret_hides_the_value() {
        let view = Attributes::new(Some(r#"{"master_password":"hunter2","api_key":"k"}"#), None, None).view();
        assert!(!format!("{view:?}").contains("hunter2"));
        assert!(matches!(view.get("api_key"), Value::Sensitive(_)));
    }

    #[test]
    fn what_the_other_side_hides_is_hidden() {
        let with = |raw, mask, other| {
            let other = Attributes::new(None, None, Some(other));
            format!("{:?}", Attributes::new(Some(raw), None, Some(mask)).hidden_like(&other).view())
        };
        for (raw, mask, other) in [
            (r#"{"a":"hunter2","b":"seen"}"#, "{}", r#"{"a":true}"#),
            (r#"{"a":"hunter2","b":"seen"}"#, r#"{"a":false}"#, r#"{"a":true}"#),
            (r#"{"a":"hunter2","c":"hunter2","b":"seen"}"#, r#"{"c":true}"#, r#"{"a":true}"#),
            (r#"{"a":["x","hunter2"],"b":"seen"}"#, r#"{"a":[]}"#, r#"{"a":[false,true]}"#),
            (r#"{"a":"hunter2","b":"seen"}"#, "false", r#"{"a":{"in":true}}"#),
            (r#"{"a":{"in":"hunter2"},"b":"seen"}"#, r#"{"a":{}}"#, r#"{"a":[true]}"#),
            (r#"{"a":{"in":"hunter2"},"b":"seen"}"#, r#"{"a":{"in":true}}"#, r#"{"a":[true]}"#),
        ] {
            let view = with(raw, mask, other);
            assert!(!view.contains("hunter2") && view.contains("seen"), "{view}");
        }
        assert!(!with(r#"{"a":"hunter2"}"#, "{}", "true").contains("hunter2"));
    }

    #[test]
    fn secrets_compare_and_tell_emptiness() {
        let with = |raw| Attributes::new(Some(raw), None, Some(r#"{"env":true}"#)).view();
        assert_eq!(with(r#"{"env":["a"]}"#), with(r#"{"env":["a"]}"#));
        assert_ne!(with(r#"{"env":["a"]}"#), with(r#"{"env":["b"]}"#));
        assert!(with(r#"{"env":[]}"#).get("env").is_empty());
    }

    #[test]
    fn unknown_leaves_come_from_the_mask() {
        let after = Attributes::new(Some(r#"{"a":1,"l":[null,"x"]}"#), Some(r#"{"id":true,"l":[true,false]}"#), None);
        let view = after.view();
        assert_eq!(*view.get("id"), Value::Unknown);
        assert_eq!(*view.get("l"), Value::List(vec![Value::Unknown, Value::Text("x".into())]));
    }

    #[test]
    fn texts_that_were_made_are_read_like_those_of_the_input() {
        let made = Attributes::made(r#"{"a":"seen","b":"hunter2"}"#.into(), None, Some(r#"{"b":true}"#.into()), vec![]);
        let given = Attributes::new(Some(r#"{"a":"seen","b":"hunter2"}"#), None, Some(r#"{"b":true}"#));
        assert_eq!((made.view(), made.digest(), made.search()), (given.view(), given.digest(), given.search()));
        assert!(!made.is_null() && made.check().is_ok());
    }

    #[test]
    fn a_key_that_comes_twice_is_an_error() {
        let twice = Attributes::new(Some(r#"{"tags":{"env":"prod","env":"dev"}}"#), None, None);
        assert!(twice.check().unwrap_err().to_string().contains("stands twice"));
    }

    #[test]
    fn a_path_goes_through_nested_blocks() {
        let view = Attributes::new(Some(r#"{"b":[{"on":true},{"on":false}]}"#), None, None).view();
        assert_eq!(view.at(&["b", "on"]), [&Value::Bool(true), &Value::Bool(false)]);
    }
}
