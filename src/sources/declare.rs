//! Entries to declarations: which block means what.

use std::collections::{BTreeMap, BTreeSet};

use super::expression::{is_false, is_true, list_of_references, members, reference, references, text, texts};
use super::model::{Call, Declared, Expression, Module};
use super::syntax::{Entry, Value};
use crate::plan::{Place, Provisioner};

/// Reads the declarations of one folder's files.
pub(super) fn module(folder: &str, entries: &[Entry]) -> Module {
    let mut module = Module { folder: folder.to_owned(), ..Module::default() };
    for entry in entries {
        declare(&mut module, entry);
    }
    module
}

fn declare(module: &mut Module, entry: &Entry) {
    let labels: Vec<&str> = entry.labels.iter().map(String::as_str).collect();
    match (entry.name.as_str(), labels.as_slice()) {
        ("resource", [kind, name]) => module.resources.push(block(&format!("{kind}.{name}"), entry)),
        (mode @ ("data" | "ephemeral"), [kind, name]) => {
            module.resources.push(block(&format!("{mode}.{kind}.{name}"), entry));
        }
        // A check has data sources of its own; they are data sources of the module.
        ("check", _) => {
            entry.body().iter().filter(|inner| inner.name == "data").for_each(|inner| declare(module, inner));
        }
        ("locals", []) => entry.body().iter().for_each(|local| declare_local(module, local)),
        ("module", [name]) => {
            let source = entry.body().iter().find(|e| e.name == "source").and_then(Entry::expression).and_then(text);
            module.calls.push(Call { block: block(name, entry), source });
        }
        ("output", [name]) => module.outputs.push(block(name, entry)),
        ("variable", [name]) => module.variables.push(bare(name, entry)),
        ("provider", [name]) => {
            let alias = argument(entry, "alias").and_then(text);
            let name = alias.map_or_else(|| (*name).to_owned(), |alias| format!("{name}.{alias}"));
            module.providers.push(block(&name, entry));
        }
        ("moved", []) => {
            let end = |name| argument(entry, name).and_then(reference);
            module.moved.extend(end("from").zip(end("to")).map(|(from, to)| (from, to, entry.place.clone())));
        }
        ("removed", []) => {
            let keeps = entry
                .body()
                .iter()
                .filter(|e| e.name == "lifecycle")
                .any(|lifecycle| argument(lifecycle, "destroy").is_some_and(is_false));
            let from = argument(entry, "from").and_then(reference);
            module.removed.extend(from.map(|from| (from, !keeps, entry.place.clone())));
        }
        _ => {}
    }
}

fn argument<'e>(entry: &'e Entry, name: &str) -> Option<&'e hcl_edit::expr::Expression> {
    entry.body().iter().find(|argument| argument.name == name).and_then(Entry::expression)
}

/// A block of which only the places matter.
fn bare(name: &str, entry: &Entry) -> Declared {
    let mut declared = Declared { name: name.to_owned(), place: Some(entry.place.clone()), ..Declared::default() };
    for argument in entry.body() {
        declared.note(argument.makes(), &argument.place);
    }
    declared
}

fn declare_local(module: &mut Module, local: &Entry) {
    if let Some(value) = local.expression() {
        local_value(module, &format!("local.{}", local.name), &local.place, local, value);
    }
}

/// A local value, and, where it is an object, each of its members: who refers to one stands on that one.
fn local_value(module: &mut Module, name: &str, place: &Place, local: &Entry, value: &hcl_edit::expr::Expression) {
    let expression = Expression { attribute: "".into(), references: references(value, &[]) };
    let place_of = Some(place.clone());
    let expressions = vec![expression];
    module.locals.push(Declared { name: name.to_owned(), place: place_of, expressions, ..Declared::default() });
    for (member, value) in members(value).unwrap_or_default() {
        let is_name = member.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
        if is_name && !member.is_empty() {
            local_value(module, &format!("{name}.{member}"), &local.place_of(value), local, value);
        }
    }
}

/// A block with everything that it refers to.
fn block(name: &str, entry: &Entry) -> Declared {
    let mut declared = bare(name, entry);
    declared.note_nested("", entry.body());
    for inner in entry.body() {
        match (inner.name.as_str(), &inner.value) {
            ("depends_on", Value::Expression(list)) => declared.depends_on.extend(list_of_references(list)),
            // These name settings and versions, not what the block stands on.
            ("provider" | "providers" | "source" | "version" | "alias", Value::Expression(_)) => {}
            ("lifecycle", Value::Body(arguments)) => declared.lifecycle(arguments),
            ("provisioner", Value::Body(arguments)) => {
                declared.provisioners.push(provisioner(inner, arguments));
                declared.walk("provisioner", arguments, &mut Vec::new());
            }
            (name, _) => {
                let name = if name == "dynamic" { inner.makes() } else { name };
                declared.walk(name, std::slice::from_ref(inner), &mut Vec::new());
            }
        }
    }
    declared
}

impl Declared {
    /// Notes where an attribute or nested block stands; the first of its name counts.
    fn note(&mut self, name: &str, place: &Place) {
        self.attributes.entry(name.into()).or_insert_with(|| place.clone());
    }

    /// Notes what stands in nested blocks as a plan's paths name it, `disk.0.size`. How many blocks a `dynamic` one makes
    /// nobody can tell, so it stands for all of its name: `disk.*.size`.
    fn note_nested(&mut self, before: &str, entries: &[Entry]) {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let dynamic: BTreeSet<&str> = entries.iter().filter(|one| one.name == "dynamic").map(Entry::makes).collect();
        for entry in entries {
            let (name, is_dynamic) = (entry.makes(), dynamic.contains(entry.makes()));
            let content = entry.body().iter().find(|inner| entry.name == "dynamic" && inner.name == "content");
            let Value::Body(inner) = &content.unwrap_or(entry).value else { continue };
            let count = counts.entry(name).or_default();
            let path = if is_dynamic { format!("{before}{name}.*.") } else { format!("{before}{name}.{count}.") };
            *count = count.saturating_add(1);
            for argument in inner {
                self.note(&format!("{path}{}", argument.makes()), &argument.place);
            }
            self.note_nested(&path, inner);
        }
    }

    /// Collects the references of entries that stand in an attribute or nested block of that name.
    fn walk(&mut self, attribute: &str, entries: &[Entry], bound: &mut Vec<String>) {
        for entry in entries {
            match &entry.value {
                Value::Expression(value) => self.refer(attribute, references(value, bound)),
                Value::Body(_) if entry.name == "dynamic" => self.dynamic(attribute, entry, bound),
                Value::Body(inner) => self.walk(attribute, inner, bound),
            }
        }
    }

    /// A `dynamic` block: its iterator, called by its label where nothing else is said, is no block of the module.
    fn dynamic(&mut self, attribute: &str, entry: &Entry, bound: &mut Vec<String>) {
        let name = argument(entry, "iterator").and_then(reference).unwrap_or_else(|| entry.makes().to_owned());
        for inner in entry.body() {
            match (inner.name.as_str(), &inner.value) {
                ("iterator", _) => {}
                ("content", Value::Body(content)) => {
                    bound.push(name.clone());
                    self.walk(attribute, content, bound);
                    bound.pop();
                }
                _ => self.walk(attribute, std::slice::from_ref(inner), bound),
            }
        }
    }

    fn refer(&mut self, attribute: &str, references: Vec<String>) {
        if !references.is_empty() {
            self.expressions.push(Expression { attribute: attribute.into(), references });
        }
    }

    fn lifecycle(&mut self, arguments: &[Entry]) {
        for argument in arguments {
            match (argument.name.as_str(), &argument.value) {
                ("prevent_destroy", Value::Expression(value)) => self.lifecycle.prevent_destroy = is_true(value),
                ("create_before_destroy", Value::Expression(value)) => {
                    self.lifecycle.create_before_destroy = is_true(value);
                }
                ("ignore_changes", Value::Expression(list)) => {
                    self.lifecycle.ignore_changes = list_of_references(list).into();
                }
                // In the JSON syntax an address stands there as text.
                ("replace_triggered_by", Value::Expression(list)) => {
                    let mut found = references(list, &[]);
                    found.extend(
                        list_of_references(list)
                            .into_iter()
                            .filter(|address| !found.contains(address))
                            .collect::<Vec<_>>(),
                    );
                    self.refer("replace_triggered_by", found);
                }
                _ => self.walk("lifecycle", std::slice::from_ref(argument), &mut Vec::new()),
            }
        }
    }
}

/// What a provisioner runs, as far as it is a literal: `local-exec` has `command`, `remote-exec` has `inline` or scripts.
fn provisioner(entry: &Entry, arguments: &[Entry]) -> Provisioner {
    let kind = entry.labels.first().cloned().unwrap_or_default();
    let commands = match kind.as_str() {
        "local-exec" => argument(entry, "command").and_then(text).map(|command| vec![command]),
        "remote-exec" => argument(entry, "inline").and_then(texts),
        _ => None,
    };
    let runs_file = arguments.iter().any(|argument| ["script", "scripts"].contains(&argument.name.as_str()));
    let interpreter = argument(entry, "interpreter").and_then(texts).unwrap_or_default();
    Provisioner { kind, commands, interpreter, runs_file }
}
