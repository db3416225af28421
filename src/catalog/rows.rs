//! Rows as text: finding the one of a type, and a user's own.

use std::collections::BTreeMap;

use super::entry::Entry;

/// A file's patterns and its exact rows, the comments at the top left out.
pub(super) fn parts(rows: &'static str) -> (&'static str, &'static str) {
    let mut body = rows;
    while body.starts_with('#') {
        body = body.split_once('\n').map_or("", |(_, rest)| rest);
    }
    match body.strip_prefix('\n') {
        Some(exact) => ("", exact),
        None => body.split_once("\n\n").unwrap_or((body, "")),
    }
}

/// A row's type.
pub(super) fn kind_of(row: &'static str) -> &'static str {
    row.split('\t').next().unwrap_or_default()
}

/// Finds the row of a type by halving the text.
pub(super) fn exact(rows: &'static str, kind: &str) -> Option<&'static str> {
    let (mut low, mut high) = (0_usize, rows.len());
    while low < high {
        let middle = low.midpoint(high);
        let start = rows.get(low..middle)?.rfind('\n').map_or(low, |at| low.saturating_add(at).saturating_add(1));
        let row = rows.get(start..)?.lines().next()?;
        match kind_of(row).cmp(kind) {
            std::cmp::Ordering::Equal => return Some(row),
            std::cmp::Ordering::Less => low = start.saturating_add(row.len()).saturating_add(1),
            std::cmp::Ordering::Greater => high = start,
        }
    }
    None
}

/// The first pattern that fits.
pub(super) fn pattern(rows: &'static str, kind: &str) -> Option<&'static str> {
    rows.lines().find(|row| fits(kind_of(row), kind))
}

/// The row of a type in a file whose types are written with capitals: `kind` is in small letters.
pub(super) fn in_small_letters(rows: &'static str, kind: &str) -> Option<&'static str> {
    let (patterns, exact) = parts(rows);
    let same = exact.lines().find(|row| kind_of(row).eq_ignore_ascii_case(kind));
    same.or_else(|| patterns.lines().find(|row| fits(&kind_of(row).to_ascii_lowercase(), kind)))
}

/// Whether a pattern fits: `*` is any run of characters, the empty one too.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(tail) = text.strip_prefix(head) else { return false };
    if !rest.contains('*') {
        return tail.ends_with(rest);
    }
    tail.char_indices().map(|(at, _)| at).chain([tail.len()]).any(|at| tail.get(at..).is_some_and(|t| fits(rest, t)))
}

/// A user's own rows, in any order.
#[derive(Debug, Default)]
pub(super) struct Own {
    exact: BTreeMap<&'static str, &'static str>,
    patterns: Vec<&'static str>,
    /// Tells these rows from others.
    pub(super) digest: u64,
}

/// A line of a user's rows that is no row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct RowError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: &'static str,
}

impl Own {
    pub(super) fn read(text: &'static str) -> Result<Self, RowError> {
        let mut own = Self { digest: digest([text]), ..Self::default() };
        for (row, line) in text.lines().zip(1..).filter(|(row, _)| !row.is_empty() && !row.starts_with('#')) {
            let wrong = |what| RowError { line, what };
            if row.split('\t').count() != 5 {
                return Err(wrong(
                    "a row has five columns, parted by single tabs: type, holds, standing, traits, note",
                ));
            }
            if Entry::parse(row).is_none() {
                return Err(wrong("it has a word or a trait that there is not"));
            }
            if kind_of(row).contains('*') {
                own.patterns.push(row);
            } else if own.exact.insert(kind_of(row), row).is_some() {
                return Err(wrong("this type has a row already"));
            }
        }
        Ok(own)
    }

    pub(super) fn row(&self, kind: &str) -> Option<&'static str> {
        let exact = self.exact.get(kind).copied();
        exact.or_else(|| self.patterns.iter().copied().find(|row| fits(kind_of(row), kind)))
    }
}

/// FNV-1a: tells one text from another, and no more.
pub(super) fn digest<'t>(texts: impl IntoIterator<Item = &'t str>) -> u64 {
    let bytes = texts.into_iter().flat_map(str::bytes);
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::{Own, fits};

    #[test]
    fn patterns_fit_any_run() {
        assert!(fits("a_*_b", "a_x_b") && fits("a_*", "a_") && fits("*_b*c", "x_bc") && fits("a", "a"));
        assert!(!fits("a_*_b", "a_b") && !fits("a_*", "b_a_"));
    }

    #[test]
    fn own_rows_are_read_in_any_order_and_refused_by_line() {
        let own = Own::read("# mine\nb_one\trecords\tservice\t-\t-\nb_*\tnothing\tsupport\t-\t-\n").unwrap();
        assert!(own.row("b_one").unwrap().starts_with("b_one") && own.row("b_two").unwrap().starts_with("b_*"));
        assert!(own.row("c_one").is_none());
        let line = |text| Own::read(text).unwrap_err().line;
        assert_eq!(line("b_one\trecords\n"), 1);
        assert_eq!(line("\nb_one\tgold\tservice\t-\t-\n"), 2);
        assert_eq!(line("b\trecords\tservice\t-\t-\nb\tnothing\tservice\t-\t-\n"), 2);
    }
}
