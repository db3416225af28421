//! Answers have a size that an agent can take. What is left out is counted, and said.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::data::line;
use crate::output::{clean, shorten};

/// A list that was cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Cut {
    /// Which list, as a path in this answer.
    pub list: String,
    /// How many of its entries are left out.
    pub left_out: usize,
}

/// How long lists and strings may be. The first that makes a value small enough is used.
const STEPS: [(usize, usize); 6] = [(40, 1500), (20, 700), (10, 300), (5, 150), (2, 80), (1, 40)];

/// Text to paste is left out rather than cut: half of it does something else.
const PASTE: usize = 6;

/// Makes a value fit into so many bytes of its line, as far as cutting lists and strings goes, and makes what strings hide
/// visible. `at` is where it stands in the answer.
pub(super) fn fit(value: &Value, bytes: usize, at: &str, cuts: &mut Vec<Cut>) -> Value {
    let mut last = (Value::Null, Vec::new());
    for (list, string) in STEPS {
        let mut bounds = Bounds { list, string, cuts: Vec::new() };
        let cut = bounds.value(value, at);
        last = (cut, bounds.cuts);
        if line(&last.0).len() <= bytes {
            break;
        }
    }
    cuts.append(&mut last.1);
    last.0
}

struct Bounds {
    list: usize,
    string: usize,
    cuts: Vec<Cut>,
}

impl Bounds {
    fn value(&mut self, value: &Value, at: &str) -> Value {
        match value {
            Value::String(text) => Value::String(shorten(&clean(text), self.string)),
            Value::Array(items) => self.items(items, at),
            Value::Object(fields) => {
                let kept = fields.iter().map(|(name, value)| {
                    let value =
                        if name == "paste" { self.paste(value) } else { self.value(value, &format!("{at}.{name}")) };
                    (name.clone(), value)
                });
                Value::Object(kept.collect())
            }
            other => other.clone(),
        }
    }

    fn items(&mut self, items: &[Value], at: &str) -> Value {
        let left_out = items.len().saturating_sub(self.list);
        if left_out > 0 {
            self.cuts.push(Cut { list: at.to_owned(), left_out });
        }
        let kept = items.iter().take(self.list).enumerate();
        Value::Array(kept.map(|(place, item)| self.value(item, &format!("{at}[{place}]"))).collect())
    }

    /// Text to paste keeps its lines.
    fn paste(&self, paste: &Value) -> Value {
        let lines = |text: &str| text.split('\n').map(clean).collect::<Vec<_>>().join("\n");
        let text = paste.get("text").and_then(Value::as_str).map(lines);
        let fits = text.filter(|text| text.len() <= self.string.saturating_mul(PASTE));
        match (fits, paste.get("language")) {
            (Some(text), Some(language)) => serde_json::json!({ "language": language, "text": text }),
            _ => Value::Null,
        }
    }
}
