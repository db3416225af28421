//! Templates in YAML, as the JSON that means the same.
//!
//! CloudFormation reads YAML 1.1 without aliases, merges and the tags for times, sets and binary data
//! (<https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html>), and has a short form of each
//! function: `!Ref X` is `{"Ref": X}`, `!Sub X` is `{"Fn::Sub": X}`. Scalars keep their exact text wherever a number or a
//! flag would lose something of it: `0123` is an account number.

use granit_parser::{Event, Parser, ScalarStyle, Tag};
use serde_json::{Map, Value as Json};

/// So deep may a template be nested: what reads the JSON after this goes no deeper.
const DEEPEST: usize = 100;

/// Why a text was not read, and where: line and column, counted from one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct YamlError {
    pub(super) what: &'static str,
    pub(super) place: (usize, usize),
}

/// Reads a text that is one YAML document.
pub(super) fn read(text: &str) -> Result<Json, YamlError> {
    let mut tree = Tree::default();
    for next in Parser::new_from_str(text) {
        let (event, span) = next.map_err(|error| {
            let mark = error.marker();
            YamlError { what: "this is no valid YAML", place: (mark.line(), mark.col().saturating_add(1)) }
        })?;
        let place = (span.start.line(), span.start.col().saturating_add(1));
        tree.take(event).map_err(|what| YamlError { what, place })?;
    }
    tree.root.ok_or(YamlError { what: "there is nothing in it", place: (1, 1) })
}

/// A tree while it grows.
#[derive(Default)]
struct Tree {
    root: Option<Json>,
    open: Vec<Open>,
}

/// A collection that is not closed yet.
struct Open {
    function: Option<String>,
    kind: Kind,
}

enum Kind {
    List(Vec<Json>),
    /// With the key whose value comes next.
    Object(Map<String, Json>, Option<String>),
}

impl Tree {
    fn take(&mut self, event: Event<'_>) -> Result<(), &'static str> {
        match event {
            Event::Scalar(text, style, _, tag) => self.scalar(&text, style, tag.as_deref()),
            Event::SequenceStart(_, _, tag) => self.enter(Kind::List(Vec::new()), tag.as_deref()),
            Event::MappingStart(_, _, tag) => self.enter(Kind::Object(Map::new(), None), tag.as_deref()),
            Event::SequenceEnd | Event::MappingEnd => self.leave(),
            Event::Alias(_) | Event::UnresolvedAlias(_) => Err("it has an alias, which CloudFormation does not read"),
            Event::DocumentStart(..) if self.root.is_some() => Err("there is a second document in it"),
            _ => Ok(()),
        }
    }

    fn enter(&mut self, kind: Kind, tag: Option<&Tag>) -> Result<(), &'static str> {
        if self.open.len() >= DEEPEST {
            return Err("it is nested too deeply");
        }
        if matches!(self.open.last(), Some(Open { kind: Kind::Object(_, None), .. })) {
            return Err("a key in it is no text");
        }
        self.open.push(Open { function: function(tag), kind });
        Ok(())
    }

    fn leave(&mut self) -> Result<(), &'static str> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let value = match open.kind {
            Kind::List(items) => Json::Array(items),
            Kind::Object(members, _) => Json::Object(members),
        };
        self.put(called(open.function, value))
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Result<(), &'static str> {
        if let Some(Open { kind: Kind::Object(members, key @ None), .. }) = self.open.last_mut() {
            if text == "<<" && style == ScalarStyle::Plain {
                return Err("it has a merge key, which CloudFormation does not read");
            }
            if members.contains_key(text) {
                return Err("a key stands twice in one mapping");
            }
            *key = Some(text.to_owned());
            return Ok(());
        }
        let function = function(tag);
        let is_text = function.is_some() || tag.is_some_and(|tag| tag.is_yaml_core_schema_tag("str"));
        let value = if is_text || style != ScalarStyle::Plain { Json::from(text) } else { plain(text) };
        self.put(called(function, value))
    }

    fn put(&mut self, value: Json) -> Result<(), &'static str> {
        match self.open.last_mut().map(|open| &mut open.kind) {
            None => self.root = Some(value),
            Some(Kind::List(items)) => items.push(value),
            Some(Kind::Object(members, key)) => {
                let key = key.take().ok_or("a key in it is no text")?;
                members.insert(key, value);
            }
        }
        Ok(())
    }
}

/// The full name of a function that a tag is short for.
fn function(tag: Option<&Tag>) -> Option<String> {
    let tag = tag.filter(|tag| tag.is_custom())?;
    Some(match tag.suffix() {
        name @ ("Ref" | "Condition") => name.to_owned(),
        name => format!("Fn::{name}"),
    })
}

fn called(function: Option<String>, value: Json) -> Json {
    match function {
        Some(name) => Json::Object(Map::from_iter([(name, value)])),
        None => value,
    }
}

/// A scalar without quotes: null, a flag, a number where that has the same text, else text.
fn plain(text: &str) -> Json {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Json::Null,
        "true" | "True" | "TRUE" => return Json::Bool(true),
        "false" | "False" | "FALSE" => return Json::Bool(false),
        _ => {}
    }
    let number: Option<serde_json::Number> = text.parse().ok();
    number.filter(|number| number.to_string() == text).map_or_else(|| Json::from(text), Json::Number)
}

#[cfg(test)]
mod tests {
    use super::read;
    use serde_json::json;

    #[test]
    fn short_forms_are_the_long_ones() {
        let yaml = "
Resources:
  Queue:
    Type: AWS::SQS::Queue
    DependsOn: [A, B]
    Properties:
      Name: !Sub '${Stage}-q'
      Arn: !GetAtt Other.Arn
      Two: !Join ['-', [!Ref A, b]]
      If: !If
        - Prod
        - !Ref X
        - Fn::ImportValue: !Sub ${Net}-Vpc
";
        assert_eq!(
            read(yaml).unwrap(),
            json!({"Resources": {"Queue": {"Type": "AWS::SQS::Queue", "DependsOn": ["A", "B"], "Properties": {
                "Name": {"Fn::Sub": "${Stage}-q"},
                "Arn": {"Fn::GetAtt": "Other.Arn"},
                "Two": {"Fn::Join": ["-", [{"Ref": "A"}, "b"]]},
                "If": {"Fn::If": ["Prod", {"Ref": "X"}, {"Fn::ImportValue": {"Fn::Sub": "${Net}-Vpc"}}]}
            }}}})
        );
    }

    #[test]
    fn scalars_keep_their_text() {
        let yaml = "a: 0123\nb: 7\nc: 1.10\nd: '7'\ne: true\nf: yes\ng: ~\nh: 2010-09-09\ni: !!str 8\nj: 1.5\nk: 12345678901234567890123\n";
        assert_eq!(
            read(yaml).unwrap(),
            json!({"a": "0123", "b": 7, "c": "1.10", "d": "7", "e": true, "f": "yes", "g": null, "h": "2010-09-09",
                "i": "8", "j": 1.5, "k": "12345678901234567890123"})
        );
    }

    #[test]
    fn what_cloudformation_does_not_read_is_refused() {
        for (yaml, what, line) in [
            ("a: 1\nb: 2\na: 3\n", "twice", 3),
            ("a: &x 1\nb: *x\n", "alias", 2),
            ("a: {b: 1}\nc:\n  <<: {b: 1}\n", "merge key", 3),
            ("? [a]\n: 1\n", "no text", 1),
            ("a: 1\nb: [\n", "no valid YAML", 2),
            ("a: 1\n---\nb: 2\n", "second document", 2),
            ("", "nothing", 1),
        ] {
            let error = read(yaml).unwrap_err();
            assert!(error.what.contains(what), "{yaml}: {error:?}");
            assert_eq!(error.place.0, line, "{yaml}: {error:?}");
        }
        let deep = "[".repeat(5_000);
        assert!(read(&deep).is_err());
    }
}
