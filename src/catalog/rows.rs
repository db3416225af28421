//! Rows as text: finding the one of a type, and a user's own.

use std::collections::BTreeMap;

use super::entry::{Holds, Standing};
use super::traits;

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

/// Whether a pattern fits: `*` is any run of characters, the empty one too. Each piece between two stars is taken where it
/// stands first, so the time goes with the text and not with what the stars could be.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == text };
    let (pieces, tail) = rest.rsplit_once('*').unwrap_or(("", rest));
    let Some(mut left) = text.strip_prefix(head).and_then(|text| text.strip_suffix(tail)) else { return false };
    pieces.split('*').all(|piece| {
        let found = left.split_once(piece);
        left = found.map_or(left, |(_, after)| after);
        found.is_some()
    })
}

/// A user's own rows, in any order.
#[derive(Debug, Default)]
pub(super) struct Own {
    exact: BTreeMap<&'static str, &'static str>,
    patterns: Vec<&'static str>,
    /// Tells these rows from others.
    pub(super) digest: u64,
}

/// A line of a user's rows that is no row, or that no type ever reaches.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct RowError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: String,
}

impl Own {
    pub(super) fn read(text: &'static str) -> Result<Self, RowError> {
        let mut own = Self { digest: digest([text]), ..Self::default() };
        let mut lines: BTreeMap<&str, usize> = BTreeMap::new();
        for (row, line) in text.lines().zip(1..).filter(|(row, _)| !row.is_empty() && !row.starts_with('#')) {
            let wrong = |what| RowError { line, what };
            form(row).map_err(wrong)?;
            let kind = kind_of(row);
            let earlier = own.patterns.iter().map(|row| kind_of(row)).find(|p| kind.contains('*') && fits(p, kind));
            if let Some(taken) = earlier.or_else(|| own.exact.get(kind).map(|row| kind_of(row))) {
                let at = lines.get(taken).copied().unwrap_or_default();
                return Err(wrong(format!("`{kind}` is never asked: line {at} answers for it already")));
            }
            lines.insert(kind, line);
            if kind.contains('*') {
                own.patterns.push(row);
            } else {
                own.exact.insert(kind, row);
            }
        }
        Ok(own)
    }

    pub(super) fn row(&self, kind: &str) -> Option<&'static str> {
        let exact = self.exact.get(kind).copied();
        exact.or_else(|| self.patterns.iter().copied().find(|row| fits(kind_of(row), kind)))
    }
}

/// Says what is wrong with a user's row.
fn form(row: &'static str) -> Result<(), String> {
    let columns: Vec<&str> = row.split('\t').collect();
    let [kind, holds, standing, traits, _] = columns.as_slice() else {
        return Err(format!(
            "a row has five columns, parted by single tabs: type, holds, standing, traits, note; this one has {}",
            columns.len()
        ));
    };
    if !may_be_type(kind) {
        return Err(format!(
            "`{kind}` is the name of no type: they read like aws_db_instance, AWS::RDS::DBInstance, Microsoft.Sql/servers \
             or kubernetes_gateway.gateway.networking.k8s.io"
        ));
    }
    if Holds::from_word(holds).is_none() {
        return Err(format!("`{holds}` is nothing that a type holds: records, transient or nothing"));
    }
    if Standing::from_word(standing).is_none() {
        return Err(format!("`{standing}` is no standing: foundation, service, support or routine"));
    }
    traits::check(traits).map_err(|one| match one {
        "" => "traits are parted by single spaces, and `-` stands for none".to_owned(),
        one => format!("`{one}` is no trait"),
    })
}

/// A type of any kind may be called so; in a pattern stars stand for what is left open.
fn may_be_type(kind: &str) -> bool {
    let of = |allowed: &str| kind.chars().all(|c| c.is_ascii_alphanumeric() || c == '*' || allowed.contains(c));
    let small = !kind.contains(|c: char| c.is_ascii_uppercase());
    let is_terraform = small && of("_-") || kind.starts_with("kubernetes_") && small && of("_-.");
    let is_open = kind.starts_with('*');
    !kind.is_empty()
        && (is_terraform
            || kind.contains("::") && of(":_-@")
            || kind.contains('/') && of("/.-")
            || is_open && of("_-:@/."))
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

    #[test]
    fn a_row_that_no_type_reaches_is_refused() {
        let what = |text| Own::read(text).unwrap_err().what;
        for dead in [
            "b_*\trecords\tservice\t-\t-\nb_*\tnothing\tservice\t-\t-\n",
            "# mine\n*\trecords\tservice\t-\t-\nb_*\tnothing\tservice\t-\t-\n",
            "b_*\trecords\tservice\t-\t-\nb_*_c\tnothing\tservice\t-\t-\n",
        ] {
            assert!(what(dead).contains("is never asked"), "{dead}");
        }
        for name in ["b one", " b_one", "b_one ", "B_one", "data.b_one", "b_one.main", "b\u{1b}_one", "Acme::A B", ""] {
            let row = format!("{name}\trecords\tservice\t-\t-").leak();
            assert!(what(row).contains("the name of no type"), "{name}");
        }
        for name in [
            "b_one",
            "*",
            "b*",
            "*_bucket",
            "Custom::My-Thing@x",
            "Acme::*",
            "Acme.Own/things",
            "kubernetes_kafka.kafka.strimzi.io",
        ] {
            let row = format!("{name}\trecords\tservice\t-\t-").leak();
            assert!(Own::read(row).is_ok(), "{name}");
        }
        // An exact row is asked before every pattern.
        assert!(Own::read("b_*\trecords\tservice\t-\t-\nb_one\tnothing\tservice\t-\t-\n").is_ok());
    }

    #[test]
    fn a_row_says_what_is_wrong_with_it() {
        let what = |text| Own::read(text).unwrap_err().what;
        assert!(what("b\trecords\tservice\t-").contains("this one has 4"));
        assert!(what("b\tgold\tservice\t-\t-").starts_with("`gold` is nothing that a type holds"));
        assert!(what("b\trecords\tservant\t-\t-").starts_with("`servant` is no standing"));
        assert!(what("b\trecords\tservice\tcarries \t-").starts_with("traits are parted by single spaces"));
        for one in ["locks:a", "lock:", "lock:a..b", "guards:", "guards:a..b", "inside:", "expires:", "snapshot:never"]
        {
            let row = format!("b\trecords\tservice\tcarries {one}\t-").leak();
            assert!(what(row).starts_with(&format!("`{one}` is no trait")), "{one}");
        }
    }

    #[test]
    fn stars_cost_no_more_than_the_text() {
        let (pattern, text) = (format!("{}b", "*a".repeat(1_000)), "a".repeat(20_000));
        assert!(!fits(&pattern, &text));
        assert!(fits("*a*a*", "aa") && !fits("*a*a*", "a") && fits("a*a", "aa") && !fits("a*a", "a") && fits("**", ""));
    }
}
