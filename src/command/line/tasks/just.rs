//! Justfiles: recipes, aliases, variables.

use super::{Call, filled, reached};

/// The files that a justfile imports.
pub(super) fn includes(text: &str) -> Vec<String> {
    let names =
        text.lines().filter_map(|line| line.strip_prefix("import").map(|rest| rest.trim_start_matches('?').trim()));
    names.map(|name| name.trim_matches(['"', '\'']).to_owned()).collect()
}

/// The lines of recipes, and of those that they depend on.
pub(super) fn lines(text: &str, call: &Call) -> Vec<String> {
    let mut rules: Vec<(String, Vec<String>, String)> = Vec::new();
    let mut variables: Vec<(String, String)> = Vec::new();
    for line in text.replace("\\\n", " ").lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, _, body)) = rules.last_mut() {
                let line = line.trim_start();
                body.push_str(line.trim_start_matches(['@', '-']));
                body.push('\n');
            }
        } else if let Some((name, value)) = line.split_once(":=") {
            let value = value.trim().trim_matches(['"', '\'']).to_owned();
            match name.trim().strip_prefix("alias ") {
                Some(alias) => rules.push((alias.trim().to_owned(), vec![value], String::new())),
                None => variables.push((name.trim().trim_start_matches("export ").trim().to_owned(), value)),
            }
        } else if let Some((head, needs)) = line.split_once(':')
            && !line.starts_with('#')
        {
            let name = head.split_whitespace().next().unwrap_or_default().trim_start_matches('@').to_owned();
            let needs = needs.split_whitespace().map(|need| need.trim_matches(['(', ')']).to_owned()).collect();
            rules.push((name, needs, String::new()));
        }
    }
    variables.extend(call.sets.iter().cloned());
    let wanted = match call.targets.as_slice() {
        [] => rules.first().map(|(name, ..)| name.clone()).into_iter().collect(),
        targets => targets.to_vec(),
    };
    let found = reached(wanted, |target| {
        rules
            .iter()
            .filter(|(name, ..)| name == target)
            .map(|(_, needs, body)| (needs.clone(), vec![body.clone()]))
            .collect()
    });
    found.iter().map(|body| filled(body, &variables)).collect()
}
