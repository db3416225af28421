//! What the configuration tells of the code that it is made of: where an attribute gets its value from (its own block, a
//! module's argument, a variable), and which code is used more than once.

use std::collections::HashSet;

use crate::plan::{BlockKind, Configuration, Plan, Value, modules_of};

/// Where a value is written.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Given {
    /// In the resource's own block, as far as anybody can see.
    Here,
    /// In this module's call, as this argument.
    ByCall(String, String),
    /// As the value of this variable of the root module.
    ByVariable(String),
    /// In some other place, or in code that others share.
    Elsewhere,
}

/// So many variables hand a value on from module to module.
const LONGEST: usize = 16;

/// Where an attribute of a block gets its value from: through the variables of its modules, up to a constant or to a
/// variable of the root. That it is this value and no text made of it shows where it is the same.
pub(super) fn giving(plan: &Plan<'_>, block: &str, path: &[&str], value: Option<&Value<'_>>) -> Given {
    let configuration = &plan.configuration;
    let module = modules_of(block).last().copied();
    let attribute = path.first().copied().unwrap_or_default();
    let found = configuration.place(block).and_then(|found| variable(configuration, found, Some(attribute)));
    let (Some(mut at), Some(value)) = (found, value) else {
        let shared = module.is_some_and(|module| is_shared(configuration, module, block));
        return if shared || found.is_some() { Given::Elsewhere } else { Given::Here };
    };
    for _ in 0..LONGEST {
        let Some(carrier) = configuration.blocks.get(at) else { break };
        if let Some(name) = carrier.address.strip_prefix("var.") {
            let same = forms(value).iter().any(|form| plan.variables.is(name, form));
            return if same { Given::ByVariable(name.to_owned()) } else { Given::Elsewhere };
        }
        if forms(value).iter().any(|form| configuration.is_given(at, form)) {
            return by_call(configuration, &carrier.address).unwrap_or(Given::Elsewhere);
        }
        match variable(configuration, at, None) {
            Some(next) => at = next,
            None => break,
        }
    }
    Given::Elsewhere
}

/// A value as variables may hold it: what is given on a command line is text, and is turned into what the attribute wants.
fn forms<'a>(value: &Value<'a>) -> Vec<Value<'a>> {
    let other = match value {
        Value::Bool(flag) => Some(Value::Text(flag.to_string().into())),
        Value::Number(number) => Some(Value::Text(number.to_string().into())),
        Value::Text(text) => match text.as_ref() {
            "true" | "false" => Some(Value::Bool(text == "true")),
            _ => text.parse().ok().map(Value::Number),
        },
        _ => None,
    };
    std::iter::once(value.clone()).chain(other).collect()
}

/// The call that gives a module's variable its value, where that call stands in code of its own.
fn by_call(configuration: &Configuration<'_>, variable: &str) -> Option<Given> {
    let (module, name) = variable.rsplit_once(".var.")?;
    let is_free = match modules_of(module).as_slice() {
        [.., outer, _] => !is_shared(configuration, outer, &format!("{module}.(call)")),
        _ => true,
    };
    is_free.then(|| Given::ByCall(module.to_owned(), name.to_owned()))
}

/// The one variable that a block, or one of its attributes, refers to, where it refers to nothing else.
fn variable(configuration: &Configuration<'_>, place: usize, attribute: Option<&str>) -> Option<usize> {
    let references = configuration.blocks.get(place)?.references.iter();
    let mut targets: Vec<usize> = references
        .filter(|one| attribute.is_none_or(|attribute| one.attribute == attribute))
        .map(|one| one.target)
        .collect();
    targets.dedup();
    match targets.as_slice() {
        [only] => {
            let block = configuration.blocks.get(*only)?;
            let is_variable = block.address.starts_with("var.") || block.address.contains(".var.");
            (block.kind == BlockKind::Carrier && is_variable).then_some(*only)
        }
        _ => None,
    }
}

/// An attribute refers to one of some blocks, directly or through variables and outputs.
pub(super) fn leads_to(
    configuration: &Configuration<'_>,
    block: &str,
    attribute: &str,
    wanted: &HashSet<&str>,
) -> bool {
    let first = attribute.split('.').next().unwrap_or_default();
    let Some(start) = configuration.block(block) else { return false };
    let mut open: Vec<usize> =
        start.references.iter().filter(|one| one.attribute == first).map(|one| one.target).collect();
    let mut seen: HashSet<usize> = HashSet::new();
    while let Some(at) = open.pop() {
        let Some(target) = configuration.blocks.get(at).filter(|_| seen.insert(at)) else { continue };
        match target.kind {
            _ if wanted.contains(&*target.address) => return true,
            BlockKind::Carrier => open.extend(target.references.iter().map(|one| one.target)),
            BlockKind::Managed | BlockKind::Data => {}
        }
    }
    false
}

/// Another module has a block of the same name in it, so it is most likely made of the same code: what is written for one
/// would be for both.
pub(super) fn is_shared(configuration: &Configuration<'_>, module: &str, block: &str) -> bool {
    let own = block.get(module.len()..).unwrap_or(block);
    let other_module = |address: &str| {
        let prefix = address.strip_suffix(own)?;
        (prefix != module && modules_of(prefix).last() == Some(&prefix)).then_some(())
    };
    configuration.blocks.iter().any(|other| other_module(&other.address).is_some())
}
