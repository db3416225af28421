//! What a resource type is worth: what it holds, what stands on it, and what guards it.
//!
//! The knowledge is text, one row a type (see `data/README.md`), reviewed as data. A type is looked up by halving in the
//! text itself, so nothing is parsed at start-up: the user's own rows first, then exact rows, then the provider's patterns,
//! then unknown, which fails closed.

mod answer;
mod clause;
mod entry;
mod files;
mod inside;
mod kinds;
mod rows;
mod traits;

pub use answer::{Answer, Condition, Counts, GuardAnswer, SchemaError, WayBack, missing};
pub(crate) use clause::period;
pub use clause::{Clause, State};
pub use entry::{Basis, Entry, Holds, Standing};
pub use rows::RowError;
pub use traits::{Guard, GuardKind, SnapshotPolicy, Trait};

use std::sync::Arc;

/// The catalogue's version, which stands in every report since it moves verdicts.
pub const VERSION: &str = include_str!("data/VERSION");

/// Where types are looked up: in the rows of this program, and before them in a user's own.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    own: Option<Arc<rows::Own>>,
}

impl Catalog {
    /// The catalogue with a user's rows, which come first. They are of the form that `data/README.md` gives, in any order.
    ///
    /// # Errors
    /// The first line that is no row, or that repeats a type.
    ///
    /// ```
    /// use blastgate::catalog::{Catalog, Holds};
    ///
    /// let catalog = Catalog::with_rows("acme_ledger\trecords\tfoundation\t-\tEvery booking since 1999\n")?;
    /// assert_eq!(catalog.lookup("acme_ledger").holds, Holds::Records);
    /// assert!(Catalog::with_rows("acme_ledger\teverything\n").is_err());
    /// # Ok::<(), blastgate::catalog::RowError>(())
    /// ```
    pub fn with_rows(rows: &'static str) -> Result<Self, RowError> {
        Ok(Self { own: Some(Arc::new(rows::Own::read(rows)?)) })
    }

    /// Looks a type up. Never fails: a type that no row fits is unknown.
    #[must_use]
    pub fn lookup(&self, kind: &str) -> Entry {
        let is_template_type = kind.contains("::");
        let own = self.own.as_ref().and_then(|own| own.row(kind)).and_then(Entry::parse);
        let found = own.or_else(|| match provider(kind) {
            "awscc" => Self::cloud_control(kind),
            provider => known_row(provider, kind).and_then(Entry::parse),
        });
        match found {
            // Common attributes are Terraform's; a template's types name all of theirs.
            Some(entry) if is_template_type => entry,
            Some(entry) => entry.with_common(),
            None => Entry::unknown(),
        }
    }

    /// Its version; with a user's rows, also which rows those are.
    #[must_use]
    pub fn version(&self) -> String {
        let own = self.own.as_ref().map(|own| format!(" and own rows {:08x}", own.digest >> 32));
        format!("{}{}", VERSION.trim(), own.unwrap_or_default())
    }
}

/// Looks a type up in the rows of this program alone.
///
/// ```
/// use blastgate::catalog::{Basis, Standing, lookup};
///
/// assert!(lookup("aws_db_instance").holds_records());
/// assert!(lookup("AWS::EC2::VPC").is_foundation());
/// assert_eq!(lookup("aws_ecs_task_definition").standing, Standing::Routine);
/// assert_eq!(lookup("nobody_knows_it").basis, Basis::Unknown);
/// ```
#[must_use]
pub fn lookup(kind: &str) -> Entry {
    Catalog::default().lookup(kind)
}

/// The provider of a type, by which files are named: the name up to the first `_`, or `cloudformation`.
#[must_use]
pub fn provider(kind: &str) -> &str {
    if kind.contains("::") { "cloudformation" } else { kind.split('_').next().unwrap_or_default() }
}

fn known_row(provider: &str, kind: &str) -> Option<&'static str> {
    let place = files::FILES.binary_search_by(|(name, _)| (*name).cmp(provider)).ok()?;
    let (patterns, exact) = rows::parts(files::FILES.get(place)?.1);
    rows::exact(exact, kind).or_else(|| rows::pattern(patterns, kind))
}

#[cfg(test)]
mod tests {
    use super::{Basis, Catalog, Entry, Holds, Standing, files, lookup, rows};
    use crate::catalog::rows::{kind_of, parts};

    /// All rows of all files, with the file's name and whether the row is a pattern.
    fn all() -> impl Iterator<Item = (&'static str, bool, &'static str)> {
        files::FILES.iter().flat_map(|(name, text)| {
            let (patterns, exact) = parts(text);
            let patterns = patterns.lines().map(move |row| (*name, true, row));
            patterns.chain(exact.lines().map(move |row| (*name, false, row)))
        })
    }

    #[test]
    fn every_row_has_the_form_that_the_readme_gives() {
        for (file, pattern, row) in all() {
            assert_eq!(row.split('\t').count(), 5, "{file}: {row}");
            assert!(Entry::parse(row).is_some(), "{file}: {row}");
            let kind = kind_of(row);
            assert_eq!(kind.contains('*'), pattern, "{file}: {row}");
            let own = match file {
                "cloudformation" => kind.contains("::"),
                _ => kind == file || kind.starts_with(&format!("{file}_")) || kind.starts_with(&format!("{file}*")),
            };
            assert!(own, "{file}: {row}");
        }
    }

    #[test]
    fn files_and_exact_rows_are_sorted_without_duplicates() {
        assert!(files::FILES.is_sorted_by(|a, b| a.0 < b.0));
        let beside = [("inside", files::INSIDE), ("arm", files::ARM)];
        for (file, text) in files::FILES.iter().chain(&beside) {
            let kinds: Vec<_> = parts(text).1.lines().map(kind_of).collect();
            assert!(kinds.is_sorted_by(|a, b| a < b), "{file}");
        }
    }

    #[test]
    fn every_exact_row_is_found_and_says_more_than_a_pattern() {
        for (file, pattern, row) in all() {
            if pattern {
                continue;
            }
            let (kind, says) = row.split_once('\t').unwrap();
            assert_eq!(lookup(kind).basis, Basis::Exact, "{file}: {kind}");
            let patterns = parts(files::FILES.iter().find(|f| f.0 == file).unwrap().1).0;
            if let Some(fitting) = rows::pattern(patterns, kind) {
                assert_ne!(fitting.split_once('\t').unwrap().1, says, "{file}: {kind} repeats its pattern");
            }
        }
    }

    #[test]
    fn no_pattern_stands_behind_one_that_takes_all_of_its_types() {
        for (file, text) in files::FILES.iter().chain(&[("arm", files::ARM)]) {
            let patterns: Vec<&str> = parts(text).0.lines().map(kind_of).collect();
            for (place, pattern) in patterns.iter().enumerate() {
                // What an earlier pattern fits with the stars left in, it fits whatever they stand for.
                let earlier = patterns.iter().take(place).find(|earlier| rows::fits(earlier, pattern));
                assert_eq!(earlier, None, "{file}: {pattern} can never be asked");
            }
        }
    }

    #[test]
    fn what_is_inside_is_named_by_types_that_have_rows() {
        for row in parts(files::INSIDE).1.lines() {
            assert_eq!(row.split('\t').count(), 4, "{row}");
            let entry = lookup(kind_of(row));
            assert!(entry.basis == Basis::Exact && entry.wraps().is_some(), "{row}");
            let sort = row.split('\t').nth(1).unwrap();
            assert!(["kind", "cloudformation", "arm", "arm-part", "template"].contains(&sort), "{row}");
        }
        for row in parts(files::ARM).0.lines().chain(parts(files::ARM).1.lines()) {
            let columns: Vec<&str> = row.split('\t').collect();
            assert_eq!(columns.len(), 3, "{row}");
            assert_ne!(lookup(columns[1]).basis, Basis::Unknown, "{row}");
            assert!(super::traits::parse(columns[2]).is_some(), "{row}");
        }
    }

    #[test]
    fn the_version_follows_the_rows() {
        let beside = [files::COMMON, files::INSIDE, files::ARM];
        let digest = rows::digest(files::FILES.iter().map(|f| f.1).chain(beside));
        let (_, noted) = super::VERSION.split_once('+').unwrap();
        assert_eq!(
            noted.trim(),
            format!("{:08x}", digest >> 32),
            "write the new digest, and the day, into src/catalog/data/VERSION"
        );
    }

    #[test]
    fn unknown_types_fail_closed() {
        let entry = lookup("acme_thing");
        assert_eq!((entry.holds, entry.standing, entry.basis), (Holds::Unknown, Standing::Unknown, Basis::Unknown));
        assert!(entry.counts());
    }

    #[test]
    fn own_rows_come_first_and_change_the_version() {
        let own = "acme_thing\trecords\tservice\tlock:guarded\t-\naws_vpc\tnothing\tsupport\t-\t-\n";
        let catalog = Catalog::with_rows(own).unwrap();
        assert!(catalog.lookup("acme_thing").holds_records());
        assert_eq!(catalog.lookup("aws_vpc").standing, Standing::Support);
        assert!(catalog.lookup("aws_subnet").is_foundation());
        assert_ne!(catalog.version(), Catalog::default().version());
    }
}
