//! Places as SARIF names them: relative to the repository's root, and never outside of it.

use serde_json::{Value, json};

use super::message;
use crate::output::clean;
use crate::report::{Input, Place};
use crate::sources::normal;

/// The name of the repository's root, as many tools and services know it. Where it lies on this machine is nobody's business.
pub(super) const ROOT: &str = "%SRCROOT%";

/// A file as a relative URI; `None` where it lies outside of the root.
pub(super) fn uri(file: &str) -> Option<String> {
    let has_drive =
        file.as_bytes().get(1) == Some(&b':') && file.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    let path = normal(file);
    let outside = path.starts_with('/') || path == ".." || path.starts_with("../") || has_drive;
    Some(encode(&path)).filter(|uri| !outside && !uri.is_empty())
}

/// A path or a name in which nothing has a meaning but the `/` between steps.
pub(super) fn encode(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let one = |byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    path.bytes().map(one).collect()
}

/// The file of an input as a relative URI. One that lies in no repository is called by its name alone.
pub(super) fn of_input(input: &Input) -> String {
    if let Some(uri) = input.file.as_deref().and_then(uri) {
        return uri;
    }
    if input.name == "-" {
        return "standard-input".to_owned();
    }
    let path = match input.name.rsplit_once('#') {
        // Another document in the same file.
        Some((path, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => path,
        _ => &input.name,
    };
    let name = || path.rsplit(['/', '\\']).find(|step| !["", ".", ".."].contains(step)).map(encode);
    uri(path).or_else(name).unwrap_or_else(|| "plan".to_owned())
}

/// A line of a file.
pub(super) fn physical(uri: &str, line: u32) -> Value {
    json!({
        "artifactLocation": {"uri": uri, "uriBaseId": ROOT},
        "region": {"startLine": line.max(1)},
    })
}

/// Another place that a result names, with what is there. `None` where it lies outside of the root.
pub(super) fn related(place: &Place, id: usize, what: &str) -> Option<Value> {
    let uri = uri(&place.file)?;
    let what = message::of(&[message::plain(what)]);
    Some(json!({"id": id, "physicalLocation": physical(&uri, place.line), "message": what}))
}

/// What is there, whatever file it is written in.
pub(super) fn logical(name: &str, kind: &str) -> Value {
    let name = clean(name);
    json!({"name": name, "fullyQualifiedName": name, "kind": kind})
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn files_are_named_from_the_root() {
        for (file, expected) in [
            ("main.tf", "main.tf"),
            ("envs/prod/../../modules/net/main.tf", "modules/net/main.tf"),
            ("./a//b.tf", "a/b.tf"),
            ("a b/ü#?%[1].tf", "a%20b/%C3%BC%23%3F%25%5B1%5D.tf"),
            ("http://x/y.tf", "http%3A/x/y.tf"),
            ("a\\b.tf", "a%5Cb.tf"),
            ("a\n\u{202e}.tf", "a%0A%E2%80%AE.tf"),
        ] {
            assert_eq!(uri(file).as_deref(), Some(expected), "{file:?}");
        }
        for file in ["", ".", "..", "../a.tf", "a/../../b.tf", "/etc/passwd", "//host/a.tf", "C:/a.tf", "c:a.tf"] {
            assert_eq!(uri(file), None, "{file:?}");
        }
    }
}
