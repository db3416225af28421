//! Makefiles: rules, variables, and the functions that put text together.

use super::{Call, as_variable, reached};

/// How often variables are put in, one in another.
const ROUNDS: usize = 8;

/// The most text that a line may grow to, in bytes.
const LONGEST: usize = 64 * 1024;

/// A rule: its targets, what they need, its recipe.
type Rule = (Vec<String>, Vec<String>, Vec<String>);

/// The files that a makefile includes by plain names.
pub(super) fn includes(text: &str) -> Vec<String> {
    let names = text.lines().filter_map(|line| {
        ["include ", "-include ", "sinclude "].iter().find_map(|word| line.trim_start().strip_prefix(word))
    });
    names.flat_map(str::split_whitespace).filter(|name| !name.contains('$')).map(ToOwned::to_owned).collect()
}

/// The recipe lines of the targets and of what they need.
pub(super) fn lines(text: &str, call: &Call) -> Vec<String> {
    let (rules, mut variables) = read(&text.replace("\\\n", " "));
    variables.extend(call.sets.iter().cloned());
    let rules: Vec<Rule> = rules
        .into_iter()
        .map(|(targets, needs, recipes)| (expanded(&targets, &variables), expanded(&needs, &variables), recipes))
        .collect();
    let first = || rules.iter().flat_map(|(targets, ..)| targets).find(|target| !target.starts_with('.')).cloned();
    let wanted = if call.targets.is_empty() { first().into_iter().collect() } else { call.targets.clone() };
    let found = reached(wanted, |target| {
        rules
            .iter()
            .filter(|(targets, ..)| targets.iter().any(|own| own == target || pattern_fits(own, target)))
            .map(|(_, needs, recipes)| (needs.clone(), recipes.clone()))
            .collect()
    });
    found.iter().map(|line| recipe(line, &variables)).collect()
}

/// The rules and variables of a file.
fn read(text: &str) -> (Vec<Rule>, Vec<(String, String)>) {
    let mut variables = vec![("MAKE".to_owned(), "make".to_owned())];
    let mut rules: Vec<Rule> = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(line) = line.strip_prefix('\t') {
            if let Some((_, _, recipes)) = rules.last_mut() {
                recipes.push(line.to_owned());
            }
            continue;
        }
        if let Some(name) = line.strip_prefix("define ") {
            let body: Vec<&str> = lines.by_ref().take_while(|line| line.trim() != "endef").collect();
            let name = name.trim_end().trim_end_matches([':', '?', '+', '=']).trim_end();
            variables.push((name.to_owned(), body.join("\n")));
            continue;
        }
        let line = line.split('#').next().unwrap_or_default();
        if let Some(variable) = assignment(line) {
            variables.push(variable);
        } else if let Some((targets, needs)) = line.split_once(':') {
            let (needs, recipe) = needs.split_once(';').map_or((needs, None), |(needs, recipe)| (needs, Some(recipe)));
            // `target: NAME = value`.
            variables.extend(assignment(needs));
            let words = |text: &str| text.split_whitespace().map(ToOwned::to_owned).collect::<Vec<_>>();
            let needs = words(needs.trim_start_matches(':'));
            rules.push((words(targets), needs, recipe.map(ToOwned::to_owned).into_iter().collect()));
        }
    }
    (rules, variables)
}

fn assignment(line: &str) -> Option<(String, String)> {
    let at = line.find('=')?;
    let name = line.get(..at)?.trim_end_matches([':', '?', '+', '!']);
    let value = line.get(at.saturating_add(1)..)?.trim();
    let name = name.trim().trim_start_matches("override ").trim_start_matches("export ").trim();
    (!name.contains([':', '(']) && !name.is_empty()).then(|| (name.to_owned(), value.to_owned()))
}

/// `%.o` and the like.
fn pattern_fits(pattern: &str, target: &str) -> bool {
    pattern
        .split_once('%')
        .is_some_and(|(head, tail)| target.strip_prefix(head).is_some_and(|rest| rest.ends_with(tail)))
}

fn expanded(words: &[String], variables: &[(String, String)]) -> Vec<String> {
    let whole = |word: &String| if word.contains('$') { put_in(word, variables) } else { word.clone() };
    words
        .iter()
        .map(whole)
        .flat_map(|text| text.split_whitespace().map(ToOwned::to_owned).collect::<Vec<_>>())
        .collect()
}

/// A recipe's line with make's variables put in: those that are not known become the shell's.
fn recipe(line: &str, variables: &[(String, String)]) -> String {
    let mut text = line.to_owned();
    for _ in 0..ROUNDS {
        let replaced = put_in(&text, variables);
        if replaced == text || replaced.len() > LONGEST {
            break;
        }
        text = replaced;
    }
    let lines: Vec<&str> = text.lines().map(|line| line.trim_start().trim_start_matches(['@', '-', '+'])).collect();
    lines.join("\n").replace("$$", "$")
}

fn put_in(text: &str, variables: &[(String, String)]) -> String {
    let mut done = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        done.push_str(before);
        let (reference, behind) = reference(after);
        match reference {
            Some(reference) => done.push_str(&value(reference, variables)),
            // `$$` stays for the shell, and so does what make does not read as its own.
            None if after.starts_with('$') => done.push_str("$$"),
            None => done.push('$'),
        }
        rest = behind;
    }
    done.push_str(rest);
    done
}

/// What stands between the brackets behind a dollar, and what comes after them.
fn reference(after: &str) -> (Option<&str>, &str) {
    let (open, close) = match after.chars().next() {
        Some('(') => ('(', ')'),
        Some('{') => ('{', '}'),
        Some('$') => return (None, after.get(1..).unwrap_or_default()),
        _ => return (None, after),
    };
    let mut depth = 0_usize;
    for (at, c) in after.char_indices() {
        if c == open {
            depth = depth.saturating_add(1);
        } else if c == close {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return (after.get(1..at), after.get(at.saturating_add(1)..).unwrap_or_default());
            }
        }
    }
    (None, after)
}

/// The value of `$(…)`: a variable, `$(shell …)` as the shell's own substitution, `$(call name,argument)`.
fn value(reference: &str, variables: &[(String, String)]) -> String {
    // What a shell wrote as `$(…)` has been put in before.
    let known = |name: &str| variables.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    if let Some(command) = reference.strip_prefix("shell ") {
        return format!("$$({command})");
    }
    if let Some(call) = reference.strip_prefix("call ") {
        let mut parts = call.split(',');
        let mut text = parts.next().and_then(|name| known(name.trim())).unwrap_or_default();
        for (at, part) in parts.enumerate() {
            let number = at.saturating_add(1);
            text = text.replace(&format!("$({number})"), part.trim()).replace(&format!("${{{number}}}"), part.trim());
        }
        return text;
    }
    known(reference).unwrap_or_else(|| as_variable(reference).replace('$', "$$"))
}
