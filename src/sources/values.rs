//! Files that give the root module's variables their values.
//!
//! `terraform.tfvars` and `*.auto.tfvars`, each also as JSON, are read without being asked for, in that order, the last one
//! to give a value wins; any other is named with `-var-file` and wins over these
//! (<https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence>).

use std::collections::BTreeMap;

use hcl_edit::expr::Expression;

use super::json;
use super::syntax::{self, Entry};
use crate::plan::Place;

/// A value of a variable. The value itself is kept to be compared only: it may be a secret.
struct Given {
    place: Place,
    /// The value, where it is a single literal.
    literal: Option<String>,
    /// The tool reads the file without being asked to.
    by_itself: bool,
}

/// What files say of each variable, in the order in which the tools read them.
#[derive(Default)]
pub(super) struct Values(BTreeMap<String, Vec<Given>>);

impl std::fmt::Debug for Values {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "(values of {} variables)", self.0.len())
    }
}

/// Whether a file of this name holds values of variables.
#[must_use]
pub fn is_values(name: &str) -> bool {
    [".tfvars", ".tfvars.json"].iter().any(|ending| name.ends_with(ending) && name.len() > ending.len())
}

/// In which order the tools read the files of the root module's folder by themselves; `None` for those that they do not.
fn order(path: &str) -> Option<u8> {
    let is_auto = path.ends_with(".auto.tfvars") || path.ends_with(".auto.tfvars.json");
    match path {
        _ if path.contains('/') => None,
        "terraform.tfvars" => Some(0),
        "terraform.tfvars.json" => Some(1),
        _ if is_auto => Some(2),
        _ => None,
    }
}

impl Values {
    /// Reads the files, given by their paths from the root module's folder, with the names that places call them by.
    pub(super) fn read(mut files: Vec<(String, String, &str)>) -> Self {
        files.sort_by_cached_key(|(path, _, _)| (order(path).unwrap_or(u8::MAX), path.clone()));
        let mut values = Self::default();
        for (path, called, text) in &files {
            let text = text.strip_prefix('\u{feff}').unwrap_or(text);
            let is_json = path.rsplit_once('.').is_some_and(|(_, ending)| ending == "json");
            let read = if is_json { json::plain(called, text) } else { syntax::native(called, text) };
            let by_itself = order(path).is_some();
            for entry in read.into_iter().flatten() {
                let given = Given { literal: literal(&entry), place: entry.place, by_itself };
                values.0.entry(entry.name).or_default().push(given);
            }
        }
        values
    }

    /// Where a variable is given the value that it has. `is` tells whether a literal is that value, `None` where nobody can
    /// say: a file that the tool reads by itself is believed then; of the others it must be the only one that fits.
    pub(super) fn of(&self, variable: &str, is: impl Fn(&str) -> Option<bool>) -> Option<&Place> {
        let fits = |given: &Given| given.literal.as_deref().and_then(&is);
        let (known, others): (Vec<&Given>, Vec<&Given>) =
            self.0.get(variable)?.iter().partition(|given| given.by_itself);
        if let Some(last) = known.last().filter(|given| fits(given) != Some(false)) {
            return Some(&last.place);
        }
        let mut fitting = others.into_iter().filter(|given| fits(given) == Some(true));
        fitting.next().filter(|_| fitting.next().is_none()).map(|given| &given.place)
    }
}

/// A value that is a single literal, as text.
fn literal(entry: &Entry) -> Option<String> {
    match entry.expression()? {
        Expression::String(text) => Some(text.as_str().to_owned()),
        Expression::Number(number) => Some(number.value().to_string()),
        Expression::Bool(flag) => Some(flag.value().to_string()),
        _ => None,
    }
}
