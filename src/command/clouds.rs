//! Clouds that are asked directly, by program text or over HTTP: what plainly destroys is asked about, by a table.

use std::sync::LazyLock;

use super::line::{Run, base};
use super::tools::{fits, shown, way};
use super::{Advice, Reason};

const TABLE: &str = include_str!("data/clouds.tsv");

/// Programs that send one request.
const CLIENTS: [&str; 10] =
    ["curl", "http", "https", "invoke-restmethod", "invoke-webrequest", "irm", "wget", "wget2", "xh", "xhs"];

/// A row of the table.
struct Row {
    kind: &'static str,
    name: &'static str,
    marks: Vec<&'static str>,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect::<Vec<_>>());
    rows.filter_map(|columns| match columns.as_slice() {
        [kind, name, marks] => Some(Row { kind, name, marks: marks.split(' ').filter(|mark| *mark != "-").collect() }),
        _ => None,
    })
    .collect()
});

fn of_kind(kind: &str) -> impl Iterator<Item = &'static Row> {
    ROWS.iter().filter(move |row| row.kind == kind)
}

/// Program text that calls what destroys.
pub(super) fn code(run: &Run, code: &str) -> Advice {
    if of_kind("local").any(|row| code.contains(row.name)) {
        return Advice::Pass;
    }
    let sdks: Vec<&Row> = of_kind("sdk").filter(|row| code.contains(row.name)).collect();
    let called = || calls(code).any(|name| destroys(&sdks, name));
    let sent = || code.split(is_quote).any(|text| at_cloud(text).is_some()) && sends_delete(code);
    if (!sdks.is_empty() && called()) || sent() { ask(run) } else { Advice::Pass }
}

fn destroys(sdks: &[&Row], name: &str) -> bool {
    let passes = of_kind("pass").any(|row| fits(row.name, name));
    !passes && sdks.iter().any(|row| row.marks.iter().any(|mark| fits(mark, name)))
}

/// The names that stand before a bracket, as those of calls do.
fn calls(code: &str) -> impl Iterator<Item = &str> {
    code.split('(').map(|before| {
        let before = before.trim_end();
        before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default()
    })
}

fn sends_delete(code: &str) -> bool {
    calls(code).any(|name| name == "delete") || code.split(is_quote).any(|text| text == "DELETE")
}

/// A request of a client that destroys.
pub(super) fn request(run: &Run) -> Advice {
    let Some((program, words)) = run.words.split_first() else { return Advice::Pass };
    if !CLIENTS.contains(&base(&program.text).to_ascii_lowercase().as_str()) {
        return Advice::Pass;
    }
    let texts = || words.iter().map(|word| word.text.as_str());
    let Some(row) = texts().filter(|text| !text.starts_with(['{', '['])).find_map(at_cloud) else {
        return Advice::Pass;
    };
    let marked = |text: &str| row.marks.iter().any(|mark| text.contains(mark));
    let mut before = "";
    let destroys = texts().any(|text| {
        let option = std::mem::replace(&mut before, text);
        is_delete(option, text) || marked(text)
    });
    if destroys { ask(run) } else { Advice::Pass }
}

/// Whether a word says that the request is a `DELETE`: the method's own option, or the first word of clients that take it so.
fn is_delete(before: &str, word: &str) -> bool {
    let named = ["-x", "--request", "--method", "-method"].contains(&before.to_ascii_lowercase().as_str());
    let first = before.is_empty() || before == "--ignore-stdin";
    let attached = ["-X", "--request=", "--method="].iter().find_map(|option| word.strip_prefix(option));
    attached.or(Some(word).filter(|_| named || first)).is_some_and(|method| method.eq_ignore_ascii_case("delete"))
}

/// The cloud whose host an address names.
fn at_cloud(text: &str) -> Option<&'static Row> {
    let behind = text.split_once("://").map_or(text, |(_, behind)| behind);
    let host = behind.split(['/', ':', '?']).next()?;
    let host = host.rsplit('@').next()?;
    of_kind("host").find(|row| fits(row.name, host))
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`')
}

fn ask(run: &Run) -> Advice {
    Advice::Ask(Reason {
        what: "It asks a cloud directly to destroy something.".to_owned(),
        instead: way("code", ""),
        command: shown(run),
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_row_is_well_formed() {
        let count = super::TABLE.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(super::ROWS.len(), count);
        for row in super::ROWS.iter() {
            assert!(["sdk", "pass", "local", "host"].contains(&row.kind), "{}", row.name);
            assert_eq!(row.kind == "sdk", row.kind != "host" && !row.marks.is_empty(), "{}", row.name);
        }
    }
}
