//! Who refers to whom in a stack: what caused a change, what contexts and templates still have of functions, and what stacks
//! hand to each other.

use serde_json::Value as Json;

use super::builder::Builder;
use super::functions::pieces;
use super::response::{Detail, text};
use super::values;
use super::whole::{Whole, address, outputs, parameter};
use crate::plan::{Attributes, Mode};

/// Adds the references that rows and the template tell.
pub(super) fn connect(builder: &mut Builder, whole: &Whole<'_, '_>) {
    let prefix = whole.prefix();
    for row in &whole.set.rows {
        let from = address(prefix, &row.id);
        for detail in row.change.details.iter().flatten().map(|detail| &detail.0) {
            caused(builder, prefix, &from, detail);
        }
        for side in [&row.before, &row.after] {
            for (attribute, value) in side.properties.iter().filter_map(Json::as_object).flatten() {
                builder.connect(&from, attribute, value, whole);
            }
        }
    }
    for (id, resource) in whole.beside.template.iter().flat_map(|template| &template.resources) {
        let from = address(prefix, id);
        for (attribute, value) in resource.attributes() {
            builder.connect(&from, attribute, value, whole);
        }
        for target in &resource.depends_on {
            builder.refer(&from, "DependsOn", &address(prefix, target));
        }
    }
}

/// What caused a change is what the object refers to.
fn caused(builder: &mut Builder, prefix: &str, from: &str, detail: &Detail<'_>) {
    let entity = text(detail.causing_entity.as_ref());
    if entity.is_empty() {
        return;
    }
    let attribute = values::steps(detail).into_iter().next().unwrap_or_else(|| detail.property().to_owned());
    let (id, rest) = entity.split_once('.').unwrap_or((entity, ""));
    let object = address(prefix, id);
    builder.refer(from, &attribute, &object);
    if rest.starts_with("Outputs.") {
        builder.refer(from, &attribute, &outputs(&object));
    }
    builder.refer(from, &attribute, &parameter(prefix, entity));
}

/// Adds what a stack hands out and, where it is nested, what it is handed by its parent.
pub(super) fn hand_over(builder: &mut Builder, whole: &Whole<'_, '_>, parent: Option<&Whole<'_, '_>>) {
    let prefix = whole.prefix();
    for (name, output) in whole.beside.template.iter().flat_map(|template| &template.outputs) {
        let out = format!("{prefix}/output {name}");
        builder.object(&out, "output", Mode::Data, Attributes::default());
        builder.connect(&out, "Value", &output.value, whole);
        builder.refer(&outputs(prefix), "Outputs", &out);
        if let Some(export) = &output.export {
            builder.export(&out, pieces(&whole.names.put_in(export)));
        }
    }
    let Some(parent) = parent else { return };
    if whole.beside.template.is_none() {
        for row in &whole.set.rows {
            builder.refer(&outputs(prefix), "Outputs", &address(prefix, &row.id));
        }
    }
    let id = prefix.rsplit('/').next().unwrap_or_default();
    let given = parent.resource(id).and_then(|resource| resource.properties.as_ref()?.get("Parameters"));
    for name in builder.within(&parameter(prefix, "")) {
        let own = name.rsplit(' ').next().unwrap_or_default();
        match given {
            Some(given) => {
                let value = given.get(own).unwrap_or(&Json::Null);
                builder.connect(&name, "Parameters", value, parent);
            }
            None => builder.refer(&name, "Parameters", prefix),
        }
    }
}
