//! The properties of both sides of a change, with what is unknown and what nobody may see.
//!
//! Where the change set has contexts, they are the properties. Where it was made without property values, only the names
//! of what changes are known: that is unknown on both sides then, and the rest is as the deployed template writes it, where
//! that was given.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use super::context::Context;
use super::response::{Detail, ResourceChange, text};
use crate::plan::Attributes;

/// How a change set writes what only its execution will tell.
const UNKNOWN: &str = "{{changeSet:";

/// How it writes a reference that is resolved elsewhere: to a parameter store, or to a store of secrets.
const RESOLVED: &str = "{{resolve:";

/// One side, as it is put together.
#[derive(Debug, Clone, Default)]
struct Side {
    properties: Json,
    unknown: Json,
    /// What nobody may see.
    secret: Json,
    /// What is no value yet, and can only be compared.
    unread: Json,
}

/// The values before and after; none on a side where there is no object.
pub(super) fn sides(
    row: &ResourceChange<'_>,
    (before, after): (&Context, &Context),
    deployed: Option<&Json>,
    ids: &[String],
) -> (Attributes<'static>, Attributes<'static>) {
    let empty = || Json::Object(Map::new());
    let given = before.properties.as_ref();
    let mut was = Side { properties: given.or(deployed).cloned().unwrap_or_else(empty), ..Side::default() };
    let mut will = match &after.properties {
        Some(properties) => Side { properties: properties.clone(), ..Side::default() },
        None => was.clone(),
    };
    let settled = settled(row);
    for detail in row.details.iter().flatten().map(|detail| &detail.0).filter(|detail| detail.changes_something()) {
        let is_settled = settled.get(&steps(detail)).copied().unwrap_or(false);
        if given.is_none() {
            was.take(detail, Taken::Before { is_written: deployed.is_some() });
        }
        if after.properties.is_none() {
            will.take(detail, Taken::After { is_settled });
        }
    }
    let (was, will) = (was.marked(), will.marked());
    // The former value of what is a secret now is one, and the other way round.
    let secret = both(was.secret.clone(), &will.secret);
    (was.finish(&secret, ids.to_vec()), will.finish(&secret, Vec::new()))
}

/// Which of the properties that change have a new value already, shown or not: those that somebody edited here or in a
/// parameter. What follows from another object is known only once that is there.
fn settled(row: &ResourceChange<'_>) -> HashMap<Vec<String>, bool> {
    let mut found: HashMap<Vec<String>, (bool, bool)> = HashMap::new();
    for detail in row.details.iter().flatten().map(|detail| &detail.0).filter(|detail| detail.changes_something()) {
        let (edited, follows) = found.entry(steps(detail)).or_default();
        match text(detail.change_source.as_ref()) {
            "ResourceReference" | "ResourceAttribute" | "Automatic" => *follows = true,
            _ => *edited |= text(detail.evaluation.as_ref()) != "Dynamic",
        }
    }
    found.into_iter().map(|(steps, (edited, follows))| (steps, edited && !follows)).collect()
}

/// Which side of a change a detail is taken for.
#[derive(Debug, Clone, Copy)]
enum Taken {
    /// With what a template says of it already, where one was given.
    Before { is_written: bool },
    /// The new value is there already, shown or not.
    After { is_settled: bool },
}

/// The values of an object that a template or a context alone tells of.
pub(super) fn of_properties(properties: Option<&Json>, ids: Vec<String>) -> Attributes<'static> {
    let properties = properties.cloned().unwrap_or_else(|| Json::Object(Map::new()));
    let side = Side { properties, ..Side::default() }.marked();
    let secret = side.secret.clone();
    side.finish(&secret, ids)
}

impl Side {
    /// Takes what a detail says of one property.
    fn take(&mut self, detail: &Detail<'_>, side: Taken) {
        let Some(target) = detail.target.as_ref().map(|target| &target.0) else { return };
        let steps = steps(detail);
        if steps.is_empty() {
            return;
        }
        let (value, absent) = match side {
            Taken::Before { .. } => (target.before_value, "Add"),
            Taken::After { .. } => (target.after_value, "Remove"),
        };
        let value =
            value.and_then(|value| serde_json::from_str::<Json>(value.get()).ok()).filter(|value| !value.is_null());
        let is_absent = text(target.attribute_change_type.as_ref()) == absent;
        match (value.map(opened), side) {
            (Some(Some(value)), _) => put(&mut self.properties, &steps, value),
            (None, _) if is_absent => put(&mut self.properties, &steps, Json::Null),
            (None, Taken::Before { is_written: true }) => {}
            // Of tags that nobody sees, nothing is known.
            (None, _) if detail.attribute() == "Tags" => {}
            (None, Taken::After { is_settled: false }) => put(&mut self.unknown, &steps, Json::Bool(true)),
            // There is a value, which is not shown, or was cut off: it is another one than on the other side.
            (_, side) => {
                let stand_in = if matches!(side, Taken::Before { .. }) { "a value before" } else { "a value after" };
                put(&mut self.properties, &steps, Json::from(stand_in));
                put(&mut self.unread, &steps, Json::Bool(true));
            }
        }
    }

    /// With marks on everything that is no plain value.
    fn marked(mut self) -> Self {
        let properties = std::mem::take(&mut self.properties);
        self.mark(&properties, &mut Vec::new());
        Self { properties, ..self }
    }

    fn mark(&mut self, value: &Json, path: &mut Vec<String>) {
        let on = Json::Bool(true);
        match value {
            Json::String(text) if text.contains(UNKNOWN) => put(&mut self.unknown, path, on),
            Json::String(text) if is_masked(text) || text.contains(RESOLVED) => put(&mut self.secret, path, on),
            Json::Object(members) if is_function(members) => put(&mut self.unread, path, on),
            Json::Object(members) => members.iter().for_each(|(name, member)| self.mark_at(member, path, name.clone())),
            Json::Array(items) => {
                items.iter().enumerate().for_each(|(place, item)| self.mark_at(item, path, place.to_string()));
            }
            _ => {}
        }
    }

    fn mark_at(&mut self, value: &Json, path: &mut Vec<String>, step: String) {
        path.push(step);
        self.mark(value, path);
        path.pop();
    }

    fn finish(self, secret: &Json, ids: Vec<String>) -> Attributes<'static> {
        let mask = |mask: Json| (!mask.is_null()).then(|| mask.to_string());
        let hidden = both(self.unread, secret);
        Attributes::made(self.properties.to_string(), mask(self.unknown), mask(hidden), ids)
    }
}

/// Where a detail points: through the properties, by its path or by the name of the property alone.
pub(super) fn steps(detail: &Detail<'_>) -> Vec<String> {
    let target = detail.target.as_ref().map(|target| &target.0);
    let path = text(target.and_then(|target| target.path.as_ref()));
    if let Some(inside) = path.strip_prefix("/Properties/") {
        return inside.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
    }
    Some(detail.property()).filter(|name| !name.is_empty()).map(|name| vec![name.to_owned()]).unwrap_or_default()
}

/// A detail's value: text may be JSON. `None` for what begins like JSON and was cut off.
fn opened(value: Json) -> Option<Json> {
    match value {
        Json::String(text) if text.starts_with(['{', '[']) && !text.starts_with("{{") => {
            serde_json::from_str(&text).ok()
        }
        other => Some(other),
    }
}

/// So long may a list be that a path leads into.
const LONGEST: usize = 1_000;

/// Puts a value at a path, making what is not there yet. What cannot be on the way is left alone.
fn put(tree: &mut Json, steps: &[String], value: Json) {
    let Some((first, rest)) = steps.split_first() else {
        *tree = value;
        return;
    };
    if tree.is_null() {
        let is_list = first.parse::<usize>().is_ok();
        *tree = if is_list { Json::Array(Vec::new()) } else { Json::Object(Map::new()) };
    }
    match tree {
        Json::Object(members) => put(members.entry(first.clone()).or_insert(Json::Null), rest, value),
        Json::Array(items) => {
            let Some(place) = first.parse::<usize>().ok().filter(|place| *place < LONGEST) else { return };
            if items.len() <= place {
                items.resize(place.saturating_add(1), Json::Null);
            }
            if let Some(item) = items.get_mut(place) {
                put(item, rest, value);
            }
        }
        _ => {}
    }
}

/// What stands in the place of the value of a parameter with `NoEcho`.
fn is_masked(text: &str) -> bool {
    text.len() > 3 && text.bytes().all(|byte| byte == b'*')
}

/// A function of a template that was not carried out: its value can be compared and not be read.
fn is_function(members: &Map<String, Json>) -> bool {
    members.len() == 1 && members.keys().all(|name| name == "Ref" || name == "Condition" || name.starts_with("Fn::"))
}

/// What either of two masks hides.
fn both(one: Json, other: &Json) -> Json {
    match (one, other) {
        (Json::Null, other) => other.clone(),
        (one, Json::Null) => one,
        (Json::Object(mut members), Json::Object(others)) => {
            for (name, other) in others {
                let mine = members.remove(name).unwrap_or(Json::Null);
                members.insert(name.clone(), both(mine, other));
            }
            Json::Object(members)
        }
        (Json::Array(mut items), Json::Array(others)) => {
            for (place, other) in others.iter().enumerate() {
                match items.get_mut(place) {
                    Some(item) => *item = both(item.take(), other),
                    None => items.push(other.clone()),
                }
            }
            Json::Array(items)
        }
        _ => Json::Bool(true),
    }
}

#[cfg(test)]
mod tests {
    use super::super::context;
    use crate::input::cloudformation::response::ResourceChange;
    use crate::plan::Value;

    fn sides(row: &str, deployed: Option<&str>) -> (Value<'static>, Value<'static>) {
        let row: ResourceChange<'_> = serde_json::from_str(row).unwrap();
        let (before, after) = (context::read(row.before_context).unwrap(), context::read(row.after_context).unwrap());
        let deployed = deployed.map(|text| serde_json::from_str(text).unwrap());
        let (was, will) = super::sides(&row, (&before, &after), deployed.as_ref(), &[]);
        (was.view(), will.view())
    }

    #[test]
    fn contexts_are_the_values_and_marks_are_laid_over() {
        let (was, will) = sides(
            r#"{"BeforeContext":{"Properties":{"A":"a","P":"hunter2","N":"old"}},
                "AfterContext":{"Properties":{"A":"{{changeSet:KNOWN_AFTER_APPLY}}","P":"****","N":"new"}}}"#,
            None,
        );
        assert_eq!((was.get("N"), will.get("N")), (&Value::Text("old".into()), &Value::Text("new".into())));
        assert_eq!(*will.get("A"), Value::Unknown);
        assert!(!format!("{was:?}").contains("hunter2"));
    }

    fn status(side: &Value<'static>) -> Value<'static> {
        side.get("V").get("Status").clone()
    }

    #[test]
    fn details_stand_in_for_contexts() {
        let detail = |rest: &str| {
            format!(
                r#"{{"Details":[{{"Target":{{"Attribute":"Properties","Name":"V","Path":"/Properties/V/Status"{rest}}}}}]}}"#
            )
        };
        let (was, will) = sides(&detail(r#","BeforeValue":"Enabled","AfterValue":"Suspended""#), None);
        assert_eq!((status(&was), status(&will)), (Value::Text("Enabled".into()), Value::Text("Suspended".into())));
        let (was, will) = sides(&detail(r#","BeforeValue":"Enabled","AttributeChangeType":"Remove""#), None);
        assert_eq!((status(&was), status(&will)), (Value::Text("Enabled".into()), Value::Null));
        let (was, will) = sides(&detail(""), None);
        assert!(matches!((status(&was), status(&will)), (Value::Sensitive(a), Value::Sensitive(b)) if a != b));
        let dynamic = detail("").replace("}}]}", r#"},"Evaluation":"Dynamic"}]}"#);
        let (was, will) = sides(&dynamic, None);
        assert!(matches!((status(&was), status(&will)), (Value::Sensitive(_), Value::Unknown)));
        let (was, will) = sides(&detail(""), Some(r#"{"V":{"Status":"Enabled"},"W":{"Ref":"X"}}"#));
        assert!(matches!((status(&was), status(&will)), (Value::Text(_), Value::Sensitive(_))));
        assert_eq!(was.get("W"), will.get("W"));
        assert!(matches!(was.get("W"), Value::Sensitive(_)));
    }

    #[test]
    fn a_value_that_was_cut_off_is_unknown() {
        let (was, will) = sides(
            r#"{"Details":[{"Target":{"Attribute":"Properties","Name":"V","BeforeValue":"{\"a\":1,\"b","AfterValue":"{\"a\":1}"}}]}"#,
            None,
        );
        assert!(matches!(was.get("V"), Value::Sensitive(_)));
        assert_eq!(*will.get("V").get("a"), Value::Number(1.0));
    }
}
