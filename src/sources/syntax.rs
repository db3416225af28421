//! The common form of both syntaxes: named entries, each an expression or a body with entries of its own.

use std::sync::Arc;

use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Body, Structure};

use crate::plan::Place;

/// An attribute, or a block with its labels.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) labels: Vec<String>,
    pub(super) place: Place,
    pub(super) value: Value,
    lines: Option<Arc<Lines>>,
}

/// What stands behind a name.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Expression(Expression),
    Body(Vec<Entry>),
}

impl Entry {
    /// An entry whose expressions do not know where they stand: they were made and not parsed.
    pub(super) fn made(name: &str, labels: Vec<String>, place: Place, value: Value) -> Self {
        Self { name: name.to_owned(), labels, place, value, lines: None }
    }

    /// Where an expression inside begins, as far as that is known.
    pub(super) fn place_of(&self, expression: &Expression) -> Place {
        let known = self.lines.as_ref().zip(expression.span());
        known.map_or_else(|| self.place.clone(), |(lines, span)| lines.place(span.start))
    }

    pub(super) fn expression(&self) -> Option<&Expression> {
        match &self.value {
            Value::Expression(expression) => Some(expression),
            Value::Body(_) => None,
        }
    }

    /// The entries of a body; none for an expression.
    pub(super) fn body(&self) -> &[Entry] {
        match &self.value {
            Value::Expression(_) => &[],
            Value::Body(entries) => entries,
        }
    }

    /// What it makes: a `dynamic` block makes blocks of the name on its label.
    pub(super) fn makes(&self) -> &str {
        if self.name == "dynamic" { self.labels.first().map_or("", String::as_str) } else { &self.name }
    }
}

/// A file's name, and where its lines begin.
#[derive(Debug)]
pub(super) struct Lines {
    file: Arc<str>,
    starts: Vec<usize>,
}

impl Lines {
    pub(super) fn of(file: &str, text: &str) -> Self {
        let starts = text.match_indices('\n').map(|(at, _)| at.saturating_add(1)).collect();
        Self { file: file.into(), starts }
    }

    /// The place of a byte.
    pub(super) fn place(&self, offset: usize) -> Place {
        let before = self.starts.partition_point(|start| *start <= offset);
        Place { file: Arc::clone(&self.file), line: u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1) }
    }
}

/// Reads the native syntax. The parser refuses what is nested so deep that its own recursion would be in danger.
///
/// # Errors
/// Where the text is not HCL: the place.
pub(super) fn native(file: &str, text: &str) -> Result<Vec<Entry>, Place> {
    let lines = Arc::new(Lines::of(file, text));
    let body = hcl_edit::parser::parse_body(text).map_err(|error| lines.place(error.location().offset()))?;
    Ok(entries(body, &lines))
}

fn entries(body: Body, lines: &Arc<Lines>) -> Vec<Entry> {
    let one = |structure: Structure| {
        let place = lines.place(structure.span().map_or(0, |span| span.start));
        match structure {
            Structure::Attribute(attribute) => Entry {
                name: attribute.key.as_str().to_owned(),
                labels: Vec::new(),
                place,
                value: Value::Expression(attribute.value),
                lines: Some(Arc::clone(lines)),
            },
            Structure::Block(block) => Entry {
                name: block.ident.as_str().to_owned(),
                labels: block.labels.iter().map(|label| label.as_str().to_owned()).collect(),
                place,
                value: Value::Body(entries(block.body, lines)),
                lines: None,
            },
        }
    };
    body.into_iter().map(one).collect()
}

/// Lays the blocks of an override file over those of the same kind and labels.
///
/// After <https://developer.hashicorp.com/terraform/language/files/override>: an argument takes the place of the argument
/// of its name, nested blocks take the place of all blocks of theirs, `lifecycle` and `locals` go argument by argument.
pub(super) fn lay_over(base: &mut Vec<Entry>, over: Vec<Entry>) {
    for entry in over {
        if entry.name == "locals" {
            lay_over_locals(base, entry);
            continue;
        }
        let is_same = |known: &&mut Entry| known.name == entry.name && known.labels == entry.labels;
        let named = !entry.labels.is_empty();
        match base.iter_mut().filter(|_| named).find(is_same) {
            Some(Entry { value: Value::Body(known), .. }) => lay_over_body(known, entry.body()),
            _ => base.push(entry),
        }
    }
}

fn lay_over_locals(base: &mut Vec<Entry>, over: Entry) {
    for known in base.iter_mut().filter(|entry| entry.name == "locals") {
        if let Value::Body(known) = &mut known.value {
            known.retain(|local| over.body().iter().all(|new| new.name != local.name));
        }
    }
    base.push(over);
}

fn lay_over_body(known: &mut Vec<Entry>, over: &[Entry]) {
    let (lifecycles, others): (Vec<&Entry>, Vec<&Entry>) = over.iter().partition(|entry| entry.name == "lifecycle");
    known.retain(|entry| others.iter().all(|new| new.makes() != entry.makes()));
    known.extend(others.into_iter().cloned());
    for new in lifecycles {
        match known.iter_mut().find(|entry| entry.name == "lifecycle") {
            Some(Entry { value: Value::Body(arguments), .. }) => {
                arguments.retain(|argument| new.body().iter().all(|other| other.name != argument.name));
                arguments.extend(new.body().iter().cloned());
            }
            _ => known.push(new.clone()),
        }
    }
}
