//! What a resource type is worth: what it holds, what stands on it, and what guards it.
//!
//! The knowledge is text, one row a type (see `data/README.md`), reviewed as data. A type is looked up by halving in the
//! text itself, so nothing is parsed at start-up: exact rows first, then the provider's patterns, then unknown, which
//! fails closed.

mod files;
mod traits;

pub(crate) use traits::period;
pub use traits::{Clause, Guard, GuardKind, State, Trait};

/// The catalogue's version, which stands in every report since it moves verdicts.
pub const VERSION: &str = include_str!("data/VERSION");

/// What is lost with an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// What cannot be made again from code.
    Records,
    /// Messages, logs, metrics.
    Transient,
    /// Nothing.
    Nothing,
    /// Nobody knows the type.
    Unknown,
}

/// What others do with an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Others are built in it or on it.
    Foundation,
    /// It serves, runs, stores for others or grants access.
    Service,
    /// Alone it interrupts little.
    Support,
    /// Replaced by design.
    Routine,
    /// Nobody knows the type.
    Unknown,
}

/// On what an answer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// A row of this name.
    Exact,
    /// A pattern.
    Pattern(&'static str),
    /// Nothing.
    Unknown,
}

/// What the catalogue says of one type.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What it holds.
    pub holds: Holds,
    /// Its standing.
    pub standing: Standing,
    /// Its traits, the common ones of its attributes included.
    pub traits: Vec<Trait>,
    /// A sentence for the reader, where there is one.
    pub note: Option<&'static str>,
    /// On what the answer stands.
    pub basis: Basis,
}

impl Holds {
    /// The word that reports and rows use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::Transient => "transient",
            Self::Nothing => "nothing",
            Self::Unknown => "unknown",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Records, Self::Transient, Self::Nothing].into_iter().find(|holds| holds.word() == word)
    }
}

impl Standing {
    /// The word that reports and rows use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Foundation => "foundation",
            Self::Service => "service",
            Self::Support => "support",
            Self::Routine => "routine",
            Self::Unknown => "unknown",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Foundation, Self::Service, Self::Support, Self::Routine].into_iter().find(|s| s.word() == word)
    }
}

impl Entry {
    fn unknown() -> Self {
        let (holds, standing, basis) = (Holds::Unknown, Standing::Unknown, Basis::Unknown);
        Self { holds, standing, traits: traits::of_unknown(), note: None, basis }
    }

    fn parse(row: &'static str) -> Option<Self> {
        let mut columns = row.split('\t');
        let kind = columns.next()?;
        let holds = Holds::from_word(columns.next()?)?;
        let standing = Standing::from_word(columns.next()?)?;
        let traits = traits::parse(columns.next()?)?;
        let note = columns.next().filter(|note| *note != "-");
        let basis = if kind.contains('*') { Basis::Pattern(kind) } else { Basis::Exact };
        Some(Self { holds, standing, traits: traits::with_common(traits), note, basis })
    }

    /// It holds records.
    #[must_use]
    pub fn holds_records(&self) -> bool {
        self.holds == Holds::Records
    }

    /// It is a foundation.
    #[must_use]
    pub fn is_foundation(&self) -> bool {
        self.standing == Standing::Foundation
    }

    /// It counts as a dependent: a foundation, a service, or what holds records. A type that nobody knows counts too.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.holds_records() || matches!(self.standing, Standing::Foundation | Standing::Service | Standing::Unknown)
    }

    /// It has a trait that takes no attribute.
    #[must_use]
    pub fn is(&self, wanted: &Trait) -> bool {
        self.traits.contains(wanted)
    }

    /// The attribute that names what the object really is, where its type only wraps another.
    #[must_use]
    pub fn wraps(&self) -> Option<&[&'static str]> {
        self.traits.iter().find_map(|one| if let Trait::Inside(path) = one { Some(path.as_slice()) } else { None })
    }

    /// The attribute that names the object that this one guards.
    #[must_use]
    pub fn guards_what(&self) -> Option<&[&'static str]> {
        self.traits.iter().find_map(|one| if let Trait::Guards(path) = one { Some(path.as_slice()) } else { None })
    }

    /// The attribute that names the object whose contents this one makes expire.
    #[must_use]
    pub fn expires_what(&self) -> Option<&[&'static str]> {
        self.traits.iter().find_map(|one| if let Trait::Expires(path) = one { Some(path.as_slice()) } else { None })
    }

    /// Its guards, the common ones included.
    pub fn guards(&self) -> impl Iterator<Item = &Guard> {
        self.traits.iter().filter_map(|one| match one {
            Trait::Guard(guard) => Some(guard),
            _ => None,
        })
    }
}

/// Looks a type up. Never fails: a type that no row fits is unknown.
#[must_use]
pub fn lookup(kind: &str) -> Entry {
    let provider = kind.split('_').next().unwrap_or_default();
    let file = files::FILES.binary_search_by(|(name, _)| (*name).cmp(provider)).ok();
    let rows = file.and_then(|place| files::FILES.get(place)).map(|(_, rows)| *rows).unwrap_or_default();
    let (patterns, exact) = parts(rows);
    exact_row(exact, kind).or_else(|| pattern_row(patterns, kind)).and_then(Entry::parse).unwrap_or_else(Entry::unknown)
}

/// A file's patterns and its exact rows, the comments at the top left out.
fn parts(rows: &'static str) -> (&'static str, &'static str) {
    let mut body = rows;
    while body.starts_with('#') {
        body = body.split_once('\n').map_or("", |(_, rest)| rest);
    }
    match body.strip_prefix('\n') {
        Some(exact) => ("", exact),
        None => body.split_once("\n\n").unwrap_or((body, "")),
    }
}

/// Finds the row of a type by halving the text.
fn exact_row(rows: &'static str, kind: &str) -> Option<&'static str> {
    let (mut low, mut high) = (0_usize, rows.len());
    while low < high {
        let middle = low.midpoint(high);
        let start = rows.get(low..middle)?.rfind('\n').map_or(low, |at| low.saturating_add(at).saturating_add(1));
        let row = rows.get(start..)?.lines().next()?;
        match row.split('\t').next()?.cmp(kind) {
            std::cmp::Ordering::Equal => return Some(row),
            std::cmp::Ordering::Less => low = start.saturating_add(row.len()).saturating_add(1),
            std::cmp::Ordering::Greater => high = start,
        }
    }
    None
}

fn pattern_row(rows: &'static str, kind: &str) -> Option<&'static str> {
    rows.lines().find(|row| row.split('\t').next().is_some_and(|pattern| fits(pattern, kind)))
}

/// Whether a pattern fits: `*` is any run of characters, the empty one too.
fn fits(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(tail) = text.strip_prefix(head) else { return false };
    if !rest.contains('*') {
        return tail.ends_with(rest);
    }
    tail.char_indices().map(|(at, _)| at).chain([tail.len()]).any(|at| tail.get(at..).is_some_and(|t| fits(rest, t)))
}

/// The type that an object really is, where its own type only wraps another: the kind of a Kubernetes manifest.
#[must_use]
pub fn inside(name: &str) -> Option<Entry> {
    if !name.chars().all(|c| c.is_ascii_alphanumeric()) || name.is_empty() {
        return None;
    }
    let mut snake = String::from("kubernetes");
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    [format!("{snake}_v1"), snake].iter().map(|kind| lookup(kind)).find(|entry| entry.basis != Basis::Unknown)
}

#[cfg(test)]
mod tests {
    use super::{Basis, Entry, Holds, Standing, files, fits, inside, lookup, parts};

    /// All rows of all files, with the file's name and whether the row is a pattern.
    fn rows() -> impl Iterator<Item = (&'static str, bool, &'static str)> {
        files::FILES.iter().flat_map(|(name, text)| {
            let (patterns, exact) = parts(text);
            let patterns = patterns.lines().map(move |row| (*name, true, row));
            patterns.chain(exact.lines().map(move |row| (*name, false, row)))
        })
    }

    #[test]
    fn every_row_has_the_form_that_the_readme_gives() {
        for (file, pattern, row) in rows() {
            assert_eq!(row.split('\t').count(), 5, "{file}: {row}");
            assert!(Entry::parse(row).is_some(), "{file}: {row}");
            let kind = row.split('\t').next().unwrap();
            assert_eq!(kind.contains('*'), pattern, "{file}: {row}");
            assert!(
                kind == file || kind.starts_with(&format!("{file}_")) || kind.starts_with(&format!("{file}*")),
                "{file}: {row}"
            );
        }
    }

    #[test]
    fn files_and_exact_rows_are_sorted_without_duplicates() {
        assert!(files::FILES.is_sorted_by(|a, b| a.0 < b.0));
        for (file, text) in files::FILES {
            let kinds: Vec<_> = parts(text).1.lines().map(|row| row.split('\t').next().unwrap()).collect();
            assert!(kinds.is_sorted_by(|a, b| a < b), "{file}");
        }
    }

    #[test]
    fn every_exact_row_is_found_and_says_more_than_a_pattern() {
        for (file, pattern, row) in rows() {
            if pattern {
                continue;
            }
            let (kind, says) = row.split_once('\t').unwrap();
            assert_eq!(lookup(kind).basis, Basis::Exact, "{file}: {kind}");
            let patterns = parts(files::FILES.iter().find(|f| f.0 == file).unwrap().1).0;
            if let Some(fitting) = super::pattern_row(patterns, kind) {
                assert_ne!(fitting.split_once('\t').unwrap().1, says, "{file}: {kind} repeats its pattern");
            }
        }
    }

    #[test]
    fn the_version_follows_the_rows() {
        // FNV-1a over all rows: a changed row without a changed version fails here.
        let text = files::FILES.iter().map(|f| f.1).chain([files::COMMON]).collect::<String>();
        let digest = text
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        let (_, noted) = super::VERSION.split_once('+').unwrap();
        assert_eq!(
            noted,
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
    fn a_manifest_is_what_its_kind_says() {
        assert!(inside("Namespace").unwrap().is_foundation());
        assert!(inside("PersistentVolumeClaim").unwrap().holds_records());
        assert!(inside("Whatever").is_none() && inside("AWS::RDS").is_none());
    }

    #[test]
    fn patterns_fit_any_run() {
        assert!(fits("a_*_b", "a_x_b") && fits("a_*", "a_") && fits("*_b*c", "x_bc") && fits("a", "a"));
        assert!(!fits("a_*_b", "a_b") && !fits("a_*", "b_a_"));
    }
}
