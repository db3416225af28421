//! What an agent writes to a hook's standard input: one JSON object, in one of two spellings.

use serde_json::{Map, Value};

use super::strict;

/// So many bytes are read at most. No call that a model writes is near that.
pub const MOST_BYTES: usize = 4 << 20;

/// Why a payload cannot be judged, in a sentence about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable(pub String);

impl Unreadable {
    pub(super) fn new(why: &str) -> Self {
        Self(why.to_owned())
    }
}

/// A payload that is an object.
#[derive(Debug)]
pub struct Payload(Map<String, Value>);

impl Payload {
    /// Reads what came from standard input. Whatever is not exactly one object in UTF-8 is refused.
    ///
    /// # Errors
    ///
    /// Says what is wrong with it.
    pub fn read(bytes: &[u8]) -> Result<Self, Unreadable> {
        if bytes.len() > MOST_BYTES {
            return Err(Unreadable(format!("the payload has more than {} MiB", MOST_BYTES >> 20)));
        }
        // Some agents write the mark of UTF-8 before it on Windows.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if bytes.trim_ascii().is_empty() {
            return Err(Unreadable::new("the payload is empty"));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| Unreadable::new("the payload is not UTF-8"))?;
        match strict::read(text) {
            Ok(Value::Object(object)) => Ok(Self(object)),
            Ok(_) => Err(Unreadable::new("the payload is JSON, but not an object")),
            Err(error) if error.is_data() => Err(Unreadable::new("the payload has a key twice")),
            Err(_) => Err(Unreadable::new("the payload is not JSON")),
        }
    }

    /// What stands under the first of these keys that is there.
    #[must_use]
    pub fn get(&self, keys: &[&str]) -> Option<&Value> {
        keys.iter().find_map(|key| self.0.get(*key))
    }

    /// The text under a key; none where there is none or something else.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(Value::as_str)
    }

    /// There is something under this key.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// The event's name, in small letters and without what parts its words: `PreToolUse` and `pre_tool_use` are one.
    #[must_use]
    pub fn event(&self) -> Option<String> {
        let name = self.get(&["hook_event_name", "hookEventName"]).and_then(Value::as_str).map(plain);
        name.filter(|name| !name.is_empty())
    }

    /// The name of the tool that is called.
    #[must_use]
    pub fn tool(&self) -> Option<&str> {
        self.get(&["tool_name", "toolName"]).and_then(Value::as_str)
    }
}

/// A name as it is compared: in small letters, without what parts its words.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::{MOST_BYTES, Payload};

    #[test]
    fn what_is_no_object_is_refused() {
        let huge = format!(r#"{{"hook_event_name":"PreToolUse","padding":"{}"}}"#, "a".repeat(MOST_BYTES));
        let deep = format!("{}{}", r#"{"a":"#.repeat(5000), "}".repeat(5000));
        for bytes in [&b""[..], b"  \n", b"\xff\xfe\x00", b"hello", b"[]", b"null", b"{", b"{}{}", b"\x00\x01\x02"] {
            assert!(Payload::read(bytes).is_err(), "{bytes:?}");
        }
        assert!(Payload::read(huge.as_bytes()).is_err());
        assert!(Payload::read(deep.as_bytes()).is_err());
        assert!(Payload::read(br#"{"tool_input":{"command":"ls","command":"rm"}}"#).is_err());
        assert!(Payload::read(b"\xef\xbb\xbf{\"a\":1}\r\n").is_ok());
    }
}
