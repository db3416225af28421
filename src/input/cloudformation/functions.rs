//! Intrinsic functions, as far as they refer to something.

use std::collections::BTreeSet;

use serde_json::Value as Json;

/// What a value refers to.
#[derive(Default)]
pub(super) struct Found {
    /// Logical ids and parameters.
    pub(super) names: BTreeSet<String>,
    /// Names of exports, as they are written.
    pub(super) imports: Vec<Json>,
}

impl Found {
    /// Looks into a value, however deep.
    pub(super) fn look_into(&mut self, value: &Json) {
        match value {
            Json::Array(items) => items.iter().for_each(|item| self.look_into(item)),
            Json::Object(members) => members.iter().for_each(|(name, member)| self.member(name, member)),
            _ => {}
        }
    }

    fn member(&mut self, name: &str, value: &Json) {
        match (name, value) {
            ("Ref", Json::String(name)) => {
                self.names.insert(name.clone());
            }
            ("Fn::GetAtt", _) => self.names.extend(texts(value).first().map(|path| before_dot(path))),
            ("Fn::Sub", Json::String(text)) => self.names.extend(variables(text)),
            ("Fn::Sub", Json::Array(items)) => {
                let text = items.first().and_then(Json::as_str).unwrap_or_default();
                let own = items.get(1).unwrap_or(&Json::Null);
                self.names.extend(variables(text).into_iter().filter(|name| own.get(name).is_none()));
                self.look_into(own);
            }
            ("Fn::ImportValue", name) => {
                self.imports.push(name.clone());
                self.look_into(name);
            }
            _ => self.look_into(value),
        }
    }
}

/// A text, or the texts of a list.
pub(super) fn texts(value: &Json) -> Vec<String> {
    match value {
        Json::String(text) => vec![text.clone()],
        Json::Array(items) => items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    }
}

fn before_dot(path: &str) -> String {
    path.split('.').next().unwrap_or_default().to_owned()
}

/// The names in the variables of a text for `Fn::Sub`; `${!name}` is no variable.
fn variables(text: &str) -> Vec<String> {
    let inside = text.split("${").skip(1).filter_map(|rest| rest.split_once('}'));
    inside.filter(|(name, _)| !name.starts_with('!')).map(|(name, _)| before_dot(name.trim())).collect()
}

/// The literal pieces of a name that may hold variables; what is no text at all is known in no part.
pub(super) fn pieces(name: &Json) -> Vec<String> {
    let literal = |text: &str| vec![text.to_owned()];
    let unknown = || vec![String::new(), String::new()];
    match name {
        Json::String(text) => literal(text),
        Json::Object(members) if members.len() == 1 => match members.iter().next() {
            Some((function, Json::String(text))) if function == "Fn::Sub" => substituted(text),
            Some((function, Json::Array(items))) if function == "Fn::Sub" => {
                items.first().and_then(Json::as_str).map_or_else(unknown, substituted)
            }
            Some((function, Json::Array(items))) if function == "Fn::Join" => joined(items).unwrap_or_else(unknown),
            _ => unknown(),
        },
        _ => unknown(),
    }
}

fn substituted(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (place, part) in text.split("${").enumerate() {
        found.push(if place == 0 { part } else { part.split_once('}').map_or("", |(_, rest)| rest) }.to_owned());
    }
    found
}

fn joined(items: &[Json]) -> Option<Vec<String>> {
    let [Json::String(between), Json::Array(parts)] = items else { return None };
    let mut found = vec![String::new()];
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            found.last_mut()?.push_str(between);
        }
        let pieces = pieces(part);
        let mut pieces = pieces.into_iter();
        found.last_mut()?.push_str(&pieces.next()?);
        found.extend(pieces);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::{pieces, variables};
    use serde_json::Value as Json;

    #[test]
    fn variables_of_a_text() {
        assert_eq!(variables("a-${Vpc}-${Db.Arn}-${!Not}-${AWS::Region}"), ["Vpc", "Db", "AWS::Region"]);
    }

    #[test]
    fn names_in_pieces() {
        for (json, expected) in [
            (r#""net-VpcId""#, &["net-VpcId"][..]),
            (r#"{"Fn::Sub":"${AWS::StackName}-VpcId"}"#, &["", "-VpcId"]),
            (r#"{"Fn::Join":["-",["net",{"Ref":"Stage"},"VpcId"]]}"#, &["net-", "-VpcId"]),
            (r#"{"Ref":"Name"}"#, &["", ""]),
        ] {
            let value: Json = serde_json::from_str(json).unwrap();
            assert_eq!(pieces(&value), expected, "{json}");
        }
    }
}
