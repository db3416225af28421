//! What exists elsewhere: other units' states, plans and templates, read for their objects and edges and never judged.

use super::{InputError, Limits, cloudformation, document, formats, terraform};
use crate::plan::Plan;

/// Reads all units of one input that is given as context: states, printed or raw, plans, CloudFormation templates.
/// `name` is what people call it.
///
/// # Errors
/// Where any part of the text is none of these: the whole input is refused then, and the error says what to do.
///
/// ```
/// use blastgate::input::{self, Limits};
///
/// let state = r#"{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"a","outputs":{},"resources":[{"mode":"managed",
///     "type":"aws_subnet","name":"a","provider":"provider[\"registry.terraform.io/hashicorp/aws\"]","instances":[
///     {"schema_version":1,"attributes":{"id":"subnet-1","vpc_id":"vpc-1"}}]}]}"#;
/// let units = input::read_context("platform.tfstate", state, &Limits::default())?;
/// assert_eq!(units[0].estate.instances[0].address, "aws_subnet.a");
/// # Ok::<(), blastgate::input::InputError>(())
/// ```
pub fn read_context<'a>(name: &str, text: &'a str, limits: &Limits) -> Result<Vec<Plan<'a>>, InputError> {
    if text.len() > limits.bytes {
        return Err(InputError::too_large(name, limits.bytes));
    }
    if let Some(template) = cloudformation::yaml_template(name, text, limits) {
        return template.map(|plan| vec![plan]);
    }
    let mut units = Vec::new();
    let mut documents = document::Documents::new(name, text);
    while let Some(start) = documents.next_start().map_err(explain)? {
        if units.len() >= limits.documents {
            return Err(InputError::new(name, format!("more than {} documents in one file", limits.documents))
                .help("split the file"));
        }
        let unit = if units.is_empty() { name.to_owned() } else { format!("{name}#{}", units.len().saturating_add(1)) };
        let (read, end) = read_one(&unit, text, start, limits)?;
        documents.advance_to(end);
        units.push(read);
    }
    if units.is_empty() {
        return Err(InputError::new(name, "there is nothing in it").help(formats::no_context().1));
    }
    Ok(units)
}

fn read_one<'a>(unit: &str, text: &'a str, start: usize, limits: &Limits) -> Result<(Plan<'a>, usize), InputError> {
    let (keys, end) = terraform::keys(unit, text, start)?;
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let kind =
        formats::context(&keys).map_err(|(what, help)| InputError::new(unit, what).help(help).at(text, start))?;
    let document = text.get(start..end).unwrap_or_default();
    let read = match kind {
        formats::Kind::Plan => terraform::existing,
        formats::Kind::State => terraform::state,
        formats::Kind::StateFile => terraform::state_file,
        formats::Kind::Template => cloudformation::template,
    };
    let placed = |error: InputError| if error.place.is_none() { error.at(text, start) } else { error };
    read(unit, text, start, document, limits).map(|plan| (plan, end)).map_err(placed)
}

/// What is no JSON object is no context.
fn explain(error: InputError) -> InputError {
    let (what, help) = formats::no_context();
    InputError { what: what.to_owned(), help: Some(help.to_owned()), ..error }
}
