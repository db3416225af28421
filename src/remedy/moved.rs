//! A rename without `moved`: say that both addresses are one thing.

use super::{Language, Paste, Subject, Way, WayOut, hcl, revert, shell};
use crate::facts::Facts;

pub(super) const WAY: Way = Way { find };

/// Terraform knows `moved` blocks from this version on; where a module has a part in it, wherever that comes from, from
/// the second one on.
const MOVED_SINCE: [(u32, u32); 2] = [(1, 1), (1, 3)];

fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let Some((place, _)) = subject.root else { return of_plan(subject) };
    let (from, to) = subject.facts.renames.statement(place)?;
    let differing = subject.facts.renames.differing(subject.facts, place);
    let promise = match differing.as_slice() {
        [] => "Say so, and nothing is destroyed.".to_owned(),
        some => format!(
            "Say so, and set back what else differs, as some of it may replace the thing all the same: {}.",
            in_words(subject.facts, some)
        ),
    };
    let text = format!("{from} and {to} look like one thing under two addresses. {promise}");
    let in_module = from.starts_with("module.") || to.starts_with("module.");
    let since = if in_module { MOVED_SINCE[1] } else { MOVED_SINCE[0] };
    let paste = if subject.tool_is_at_least(since) {
        Some(Paste { language: Language::Hcl, text: block(from, to)? })
    } else {
        let (from, to) = (shell::quoted(from)?, shell::quoted(to)?);
        Some(Paste { language: Language::Shell, text: format!("{} state mv {from} {to}", subject.program()) })
    };
    Some(WayOut { id: "moved", text, paste })
}

/// So many attributes are named.
const NAMED: usize = 3;

/// What differs, with the former value where that may be seen.
fn in_words(facts: &Facts<'_, '_>, differing: &[(usize, usize, String)]) -> String {
    let one = |(from, to, attribute): &(usize, usize, String)| {
        let (old, new) = (facts.changes.get(*from)?, facts.changes.get(*to)?);
        let address = &new.change.address;
        Some(match revert::former(old, new, attribute) {
            Some(value) => format!("{attribute} of {address} to {value}"),
            None => format!("{attribute} of {address}"),
        })
    };
    let mut words: Vec<String> = differing.iter().take(NAMED).filter_map(one).collect();
    if differing.len() > NAMED {
        words.push(format!("{} more", differing.len().saturating_sub(NAMED)));
    }
    words.join(", ")
}

/// What is found on a plan as a whole may be made of nothing but renames.
fn of_plan(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let text = all(subject.facts, subject.found.plan).filter(|_| subject.tool_is_at_least(MOVED_SINCE[1]))?;
    Some(WayOut {
        id: "moved",
        text: "Some of what is destroyed looks like what is made at other addresses. Say so, and it is kept."
            .to_owned(),
        paste: Some(Paste { language: Language::Hcl, text }),
    })
}

/// So many blocks are given as one text; of more, each finding has its own.
const MOST: usize = 200;

/// The `moved` blocks for everything in a plan that looks renamed, as one text; `None` where nothing does, or too much.
#[must_use]
pub fn all(facts: &Facts<'_, '_>, plan: usize) -> Option<String> {
    let statements = Some(facts.renames.statements(plan)).filter(|all| all.len() <= MOST)?;
    let blocks: Vec<String> = statements.filter_map(|(from, to)| block(from, to)).collect();
    (!blocks.is_empty()).then(|| blocks.join("\n"))
}

fn block(from: &str, to: &str) -> Option<String> {
    let (from, to) = (hcl::address(from)?, hcl::address(to)?);
    Some(format!("moved {{\n  from = {from}\n  to   = {to}\n}}"))
}
