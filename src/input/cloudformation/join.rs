//! Pages and nested stacks put together: one plan for each stack that is changed as a whole.
//!
//! Every page of a change set repeats its id, and every page but the last has a token for the next one. A nested stack's
//! change set is named by the row of the nested stack, and its objects lie under that row's address.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::change_set::{Page, Row, StackName, UNTOUCHED};
use super::matching;
use super::response::text;
use super::stack;
use super::stacks::Stacks;
use super::whole::Part;
use crate::input::InputError;
use crate::plan::Plan;

/// A whole change set.
pub(super) struct Set<'a> {
    /// The place of its first page among all documents.
    at: usize,
    pub(super) unit: String,
    id: String,
    parent: Option<String>,
    pub(super) stack: StackName,
    pub(super) rows: Vec<Row<'a>>,
    pub(super) parameters: Vec<(String, String)>,
    pub(super) tags: Vec<(String, String)>,
    pub(super) gaps: Vec<String>,
    /// Digests of its pages, where they were asked for.
    pub(super) digests: Vec<String>,
}

/// Makes plans of all pages, each with the place of its first page, and with what else is known of their stacks; and what
/// is wrong with those that make none. What is wrong with a file about stacks stands last.
pub(in crate::input) fn join(
    pages: Vec<(usize, Page<'_>)>,
    stacks: &Stacks,
) -> Vec<(usize, Result<Plan<'static>, InputError>)> {
    let mut groups: BTreeMap<usize, Vec<(usize, Page<'_>)>> = BTreeMap::new();
    let mut first: HashMap<String, usize> = HashMap::new();
    for (at, page) in pages {
        let place = *first.entry(page.id.clone()).or_insert(at);
        groups.entry(place).or_default().push((at, page));
    }
    let mut made = Vec::new();
    let mut sets = Vec::new();
    for (at, pages) in groups {
        match whole(at, pages.into_iter().map(|(_, page)| page).collect()) {
            Ok(set) => sets.push(set),
            Err(error) => made.push((at, Err(error))),
        }
    }
    let (beside, errors) = matching::assign(&sets, stacks);
    made.extend(errors.into_iter().map(|error| (usize::MAX, Err(error))));
    for tree in trees(&sets) {
        let at = tree.first().and_then(|part| sets.get(part.set)).map_or(0, |set| set.at);
        made.push((at, Ok(stack::plan(&sets, &beside, &tree))));
    }
    made.sort_by_key(|(at, _)| *at);
    made
}

/// Puts the pages of one change set together.
fn whole(at: usize, pages: Vec<Page<'_>>) -> Result<Set<'_>, InputError> {
    let mut pages = pages.into_iter();
    let Some(first) = pages.next() else { return Err(InputError::new("", "there is nothing in it")) };
    let (unit, id) = (first.unit.clone(), first.id.clone());
    let command = Command::of(&first);
    let mut tokens: Vec<String> = first.next.iter().cloned().collect();
    let mut ends = usize::from(first.next.is_none());
    let mut count = 1_usize;
    let mut set = Set {
        at,
        unit: first.unit,
        id: first.id,
        parent: first.parent,
        stack: first.stack,
        rows: first.rows,
        parameters: first.parameters,
        tags: first.tags,
        gaps: first.gaps,
        digests: first.digest.into_iter().collect(),
    };
    for page in pages {
        if page.stack != set.stack {
            let what = format!("its change set is that of {} too, but for another stack", page.unit);
            return Err(InputError::new(&unit, what).help(UNTOUCHED));
        }
        ends = ends.saturating_add(usize::from(page.next.is_none()));
        tokens.extend(page.next);
        count = count.saturating_add(1);
        set.rows.extend(page.rows);
        set.gaps.extend(page.gaps);
        set.digests.extend(page.digest);
    }
    complete(&unit, ends, &tokens, &command)?;
    let mut seen = HashSet::new();
    if let Some(row) = set.rows.iter().find(|row| !seen.insert(row.id.as_str())) {
        let what = format!("the pages of the change set {} have {} twice", super::status::shown(&id), row.id);
        return Err(InputError::new(&unit, what).help("give each page once"));
    }
    if count > 1 {
        set.gaps.push(format!(
            "It was put together from {count} pages: one that was left out between them would not show."
        ));
    }
    set.gaps.dedup();
    Ok(set)
}

/// Exactly one page is the last one, and no two lead to the same next one.
fn complete(unit: &str, ends: usize, tokens: &[String], command: &Command) -> Result<(), InputError> {
    let distinct: HashSet<&String> = tokens.iter().collect();
    if distinct.len() < tokens.len() || ends > 1 {
        let what = "one page of this change set was given twice, or pages of two answers were mixed";
        return Err(InputError::new(unit, what).help("give the pages of one answer, each once"));
    }
    match (ends, tokens.last()) {
        (0, Some(token)) => {
            let what = "this is a part of a change set: it has a NextToken, and what follows was not given";
            Err(InputError::new(unit, what).help(command.help(token)))
        }
        _ => Ok(()),
    }
}

/// The command that asks for a change set.
struct Command {
    name: Option<String>,
    values: bool,
}

impl Command {
    fn of(page: &Page<'_>) -> Self {
        let safe = |id: &&String| id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-:/_".contains(&b));
        let values = page.rows.iter().any(|row| row.before.properties.is_some() || row.after.properties.is_some());
        Self { name: Some(&page.id).filter(safe).cloned(), values }
    }

    fn help(&self, token: &str) -> String {
        let name = self.name.as_deref().unwrap_or("CHANGE_SET");
        let values = if self.values { " --include-property-values" } else { "" };
        let base = format!("aws cloudformation describe-change-set --change-set-name {name}{values}");
        let safe = token.len() <= 1_024 && token.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_=+/.:".contains(&b));
        let token = if safe { token } else { "TOKEN" };
        // What `--max-items` leaves behind is a token of the AWS CLI's own.
        let rest = if token.starts_with("eyJ") {
            format!("{base} --starting-token {token}")
        } else {
            format!("{base} --no-paginate --next-token {token}")
        };
        format!("get the rest with `{rest}` and give it too; or get all of it at once with `{base}`")
    }
}

/// The change sets in trees, each with its root first: those that belong together.
fn trees(sets: &[Set<'_>]) -> Vec<Vec<Part>> {
    let by_id: HashMap<&str, usize> = sets.iter().enumerate().map(|(place, set)| (set.id.as_str(), place)).collect();
    let child = |row: &Row<'_>| by_id.get(text(row.change.change_set_id.as_ref())).copied();
    let below: HashSet<usize> = sets.iter().flat_map(|set| set.rows.iter().filter_map(child)).collect();
    // What lies below something stands behind, so that only what leads back to itself is left over for it.
    let roots = (0..sets.len()).filter(|place| !below.contains(place)).chain(0..sets.len());
    let (mut seen, mut trees) = (HashSet::new(), Vec::new());
    for root in roots {
        if seen.insert(root) {
            trees.push(tree(sets, root, &child, &mut seen));
        }
    }
    trees
}

fn tree(
    sets: &[Set<'_>],
    root: usize,
    child: &impl Fn(&Row<'_>) -> Option<usize>,
    seen: &mut HashSet<usize>,
) -> Vec<Part> {
    let name = sets.get(root).map(|set| set.stack.name.clone()).unwrap_or_default();
    let mut parts = vec![Part { set: root, prefix: name, row: None }];
    let mut next = 0_usize;
    while let Some((set, prefix)) = parts.get(next).map(|part| (part.set, part.prefix.clone())) {
        for row in sets.get(set).into_iter().flat_map(|set| &set.rows) {
            if let Some(inner) = child(row).filter(|inner| seen.insert(*inner)) {
                parts.push(Part { set: inner, prefix: format!("{prefix}/{}", row.id), row: Some(next) });
            }
        }
        next = next.saturating_add(1);
    }
    parts
}

impl Set<'_> {
    /// It is that of a nested stack, whose parent's was not given.
    pub(super) fn is_orphan(&self) -> bool {
        self.parent.is_some()
    }
}
