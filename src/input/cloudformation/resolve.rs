//! What a template's values are, as far as that is known without carrying it out: names that the stack itself gives
//! (`AWS::StackName`, `AWS::Region` and so on) and the parameters that it was deployed with.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::change_set::StackName;
use super::ids::Place;

/// Texts by the names that `Ref` and `Fn::Sub` use.
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<String, String>);

impl Names {
    /// What a stack gives, and the parameters whose values are known and shown.
    pub(super) fn of<'p>(stack: &StackName, parameters: impl Iterator<Item = &'p (String, String)>) -> Self {
        let shown = parameters.filter(|(_, value)| !value.is_empty() && !value.bytes().all(|byte| byte == b'*'));
        let mut names: HashMap<String, String> = shown.cloned().collect();
        let mut add = |name: &str, value: &str| names.insert(name.to_owned(), value.to_owned());
        add("AWS::StackName", &stack.name);
        if let Some(id) = &stack.id {
            add("AWS::StackId", id);
            if let Some(place) = Place::of(id) {
                add("AWS::Partition", &place.partition);
                add("AWS::Region", &place.region);
                add("AWS::AccountId", &place.account);
            }
        }
        Self(names)
    }

    /// The value with everything put in that is known; functions that need more stay as they are.
    pub(super) fn put_in(&self, value: &Json) -> Json {
        match value {
            Json::Array(items) => Json::Array(items.iter().map(|item| self.put_in(item)).collect()),
            Json::Object(members) => {
                let only = members.iter().next().filter(|_| members.len() == 1);
                let known = only.and_then(|(name, value)| match (name.as_str(), value) {
                    ("Ref", Json::String(name)) => self.0.get(name).cloned(),
                    ("Fn::Sub", Json::String(text)) => self.substituted(text),
                    _ => None,
                });
                let inside = || members.iter().map(|(name, value)| (name.clone(), self.put_in(value))).collect();
                known.map_or_else(|| Json::Object(inside()), Json::String)
            }
            other => other.clone(),
        }
    }

    /// A text for `Fn::Sub` with its variables put in; `None` where one is not known.
    fn substituted(&self, text: &str) -> Option<String> {
        let mut parts = text.split("${");
        let mut filled = parts.next()?.to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}')?;
            match name.strip_prefix('!') {
                Some(literal) => filled.extend(["${", literal, "}"]),
                None => filled.push_str(self.0.get(name.trim())?),
            }
            filled.push_str(rest);
        }
        Some(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::{Names, StackName};
    use serde_json::json;

    #[test]
    fn what_is_known_is_put_in() {
        let id = Some("arn:aws:cloudformation:eu-west-1:111122223333:stack/orders/1".to_owned());
        let stack = StackName { name: "orders".to_owned(), id };
        let parameters = [("Stage".to_owned(), "prod".to_owned()), ("Secret".to_owned(), "****".to_owned())];
        let names = Names::of(&stack, parameters.iter());
        let value = json!({"A": {"Ref": "Stage"}, "B": {"Fn::Sub": "${AWS::StackName}-${Stage}-${!x}"}, "C": {"Ref": "Secret"},
            "D": [{"Fn::Sub": "${Table.Arn}"}], "E": {"Fn::Join": ["-", ["a", {"Ref": "AWS::AccountId"}]]}});
        assert_eq!(
            names.put_in(&value),
            json!({"A": "prod", "B": "orders-prod-${x}", "C": {"Ref": "Secret"}, "D": [{"Fn::Sub": "${Table.Arn}"}],
                "E": {"Fn::Join": ["-", ["a", "111122223333"]]}})
        );
    }
}
