//! One cause with its findings, in full or as a line.

use std::fmt::Write as _;

use super::super::clean::clean;
use super::super::words::{self, IN_A_GROUP, number};
use super::text::{code, fence, prose};
use crate::report::{Finding, Group, Outcome, WayOut};

/// A text to paste that is longer is not shown: a part of it would look like all.
const PASTE: usize = 6_000;

/// A name that is longer is cut where it stands, so nobody finds it again.
const LONGEST: usize = 4_000;

/// What stands before a verdict, to be found at a glance; the word beside it says the same to those who see no colours.
pub(super) fn sign(verdict: Outcome) -> &'static str {
    match verdict {
        Outcome::Allow => "✅",
        Outcome::Review => "🟡",
        Outcome::Block => "🛑",
        Outcome::Error => "❌",
    }
}

/// One group, with those of its findings that were not lowered to nothing. There is at least one.
pub(super) struct Story<'r> {
    group: &'r Group,
    pub(super) worst: &'r Finding,
    rest: &'r [&'r Finding],
}

/// How a story is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// Open, and the first line of the page is its headline.
    First,
    /// Open.
    Open,
    /// Its headline only; the rest behind a click.
    Folded,
}

impl<'r> Story<'r> {
    pub(super) fn of(group: &'r Group, findings: &'r [&'r Finding]) -> Option<Self> {
        let (worst, rest) = findings.split_first()?;
        Some(Self { group, worst, rest })
    }

    /// Everything that there is to say. `level` is that of its heading.
    pub(super) fn in_full(&self, told: Told, level: &str) -> String {
        let (mut text, names) = (String::new(), self.names());
        let mut paragraph = |sentence: &str| {
            if !sentence.is_empty() {
                let _ = writeln!(text, "{sentence}\n");
            }
        };
        if told == Told::First {
            paragraph(&self.kind(true));
            let note = self.worst.catalog.as_ref().and_then(|catalog| catalog.note.as_deref());
            paragraph(&prose(note.unwrap_or_default(), &names));
        } else {
            paragraph(&format!("{level} {} {}", sign(self.worst.verdict), self.headline()));
            paragraph(&self.kind(false));
        }
        let reason = prose(&words::reason(self.worst), &names);
        let facts = self.facts();
        let ways: String =
            self.group.ways_out.iter().enumerate().map(|(place, way)| self.way_out(place, way)).collect();
        if told == Told::Folded {
            let summary = format!("Why, what stands on it, and {} out", number(self.ways_out(), "way"));
            return text + &fold(&summary, &format!("{reason}\n\n{}{facts}\n{ways}", self.bullets()));
        }
        if told == Told::Open {
            let _ = writeln!(text, "{reason}\n");
        }
        let _ = write!(text, "{}\n{ways}", self.bullets());
        text + &fold("What this rests on", &facts)
    }

    /// The same in a line.
    pub(super) fn line(&self) -> String {
        let more = match self.rest.len() {
            0 => String::new(),
            count => format!(", and {count} more from the same cause"),
        };
        format!("- {} {} · {}{more}\n", sign(self.worst.verdict), self.headline(), code(&self.worst.rule))
    }

    /// How many ways out there are.
    pub(super) fn ways_out(&self) -> usize {
        self.group.ways_out.len()
    }

    /// How many findings it has.
    pub(super) fn findings(&self) -> usize {
        self.rest.len().saturating_add(1)
    }

    fn headline(&self) -> String {
        let is_plan = self.worst.address.is_empty();
        let about = if is_plan { "all of it".to_owned() } else { object(self.worst) };
        format!("{} {about}", self.worst.verdict.word().to_uppercase())
    }

    /// The rule, the action, and what forces it; also which object it is, where no headline says so.
    fn kind(&self, is_alone: bool) -> String {
        let mut facts = vec![code(&self.worst.rule)];
        facts.extend(self.worst.deposed.as_ref().filter(|_| is_alone).map(|key| format!("deposed {}", code(key))));
        facts.extend(Some(prose(&self.worst.action, &[])).filter(|action| !action.is_empty()));
        let forced = self.worst.cause.as_ref().and_then(|cause| cause.forced_by.as_ref());
        facts.extend(forced.map(|attribute| format!("{} forces it", code(attribute))));
        facts.join(" · ")
    }

    /// Why it happens, where, who stands on it, what goes with it, and what to check.
    fn bullets(&self) -> String {
        let (worst, names) = (self.worst, self.names());
        let mut list = String::new();
        let mut bullet = |label: &str, sentence: &str| {
            let _ = writeln!(list, "- **{label}** {}", prose(sentence, &names));
        };
        if worst.cause.is_some() {
            bullet("Why:", &self.group.cause);
        }
        if let Some(way) = words::way_there(worst) {
            bullet("From there:", &way);
        }
        if let Some(source) = &worst.source {
            bullet("Written at", &words::written_at(source, worst.cause.as_ref()));
        }
        let outside = words::outside(worst).map(|outside| format!(" {outside}")).unwrap_or_default();
        match (words::nearest(worst), words::nothing_seen(worst)) {
            (Some(nearest), _) => {
                bullet(&format!("On it stand {}:", worst.dependents.count), &format!("{nearest}.{outside}"));
            }
            (None, Some(nothing)) => bullet("On it stands", &nothing),
            (None, None) => {}
        }
        list.push_str(&self.same_cause());
        let _ = writeln!(list, "- **Check:** {}", prose(&worst.check, &names));
        list
    }

    /// The other findings of the cause, a line each, and what else it takes along.
    fn same_cause(&self) -> String {
        let others = words::others(self.group);
        if self.rest.is_empty() && others.is_none() {
            return String::new();
        }
        let mut list = "- **From the same cause:**\n".to_owned();
        for finding in self.rest.iter().take(IN_A_GROUP) {
            let also = if finding.loss == "data" { ": its records are lost" } else { "" };
            let word = finding.verdict.word();
            let _ = writeln!(
                list,
                "  - {} {word} {} · {}{also}",
                sign(finding.verdict),
                object(finding),
                code(&finding.rule)
            );
        }
        let more = self.rest.len().saturating_sub(IN_A_GROUP);
        if more > 0 {
            let _ = writeln!(list, "  - and {} more", number(more, "finding"));
        }
        if let Some(others) = others {
            let _ = writeln!(list, "  - {}", prose(&others, &self.names()));
        }
        list
    }

    /// What the finding rests on.
    fn facts(&self) -> String {
        let (worst, names) = (self.worst, self.names());
        let mut list = String::new();
        let mut bullet = |sentence: &str| {
            let _ = writeln!(list, "- {}", prose(sentence, &names));
        };
        worst.evidence.iter().for_each(|fact| bullet(&format!("Known: {fact}.")));
        if let Some(counts_as) = &worst.counts_as {
            bullet(&format!("Counts as: {counts_as}"));
        }
        if let Some(environment) = words::environment(worst) {
            bullet(&environment);
        }
        if let Some(lowered) = &worst.lowered {
            bullet(&format!("Lowered from {} by the {}.", lowered.from.word(), lowered.by));
        }
        if !worst.also.is_empty() {
            let also: Vec<String> = worst.also.iter().map(|rule| code(rule)).collect();
            let _ = writeln!(list, "- It meets {} too.", also.join(", "));
        }
        let points: Vec<String> = worst.points.iter().map(|one| format!("{} for {}", one.points, one.reason)).collect();
        let _ = writeln!(list, "- Score {} of 100: {}.", worst.score, prose(&points.join(", "), &names));
        list
    }

    fn way_out(&self, place: usize, way: &WayOut) -> String {
        let label = if place == 0 { "Instead" } else { "Or" };
        let paste = way.paste.as_ref().map(|paste| {
            let shown = fence(&paste.language, &paste.text).filter(|text| text.len() <= PASTE);
            let lines = paste.text.lines().count();
            shown.unwrap_or_else(|| {
                format!("The text to paste has {}: `--format human` prints it.\n", number(lines, "line"))
            })
        });
        let paste = paste.map(|paste| format!("\n{paste}")).unwrap_or_default();
        format!("**{label}:** {}\n{paste}\n", prose(&way.text, &self.names()))
    }

    /// What is known to be a name in the sentences about it, the longest first.
    fn names(&self) -> Vec<String> {
        let worst = self.worst;
        let mut names: Vec<&str> = vec![&worst.address, &worst.input];
        names.extend(worst.names.iter().map(String::as_str));
        names.extend(worst.dependents.nearest.iter().map(|one| words::here(&one.address, worst)));
        names.extend(worst.dependents.outside.iter().map(|address| words::here(address, worst)));
        names.extend(self.group.other_names.iter().map(String::as_str));
        if let Some(cause) = &worst.cause {
            names.push(&cause.address);
            names.extend(
                [&cause.attribute, &cause.forced_by, &cause.also_edited].into_iter().filter_map(Option::as_deref),
            );
            names.extend([&cause.comes_from, &cause.renamed_to].into_iter().filter_map(Option::as_deref));
            for list in [&cause.path, &cause.variables, &cause.reads] {
                names.extend(list.iter().map(String::as_str));
            }
        }
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        names.dedup();
        names.into_iter().filter(|name| !name.is_empty() && name.len() < LONGEST).map(clean).collect()
    }
}

/// What a finding is about.
pub(super) fn object(finding: &Finding) -> String {
    match (&finding.deposed, finding.address.as_str()) {
        (_, "") => format!("{} as a whole", code(&finding.input)),
        (Some(key), address) => format!("{} (deposed {})", code(address), code(key)),
        (None, address) => code(address),
    }
}

/// Text behind a click. Its summary is our own words, never a plan's: no Markdown is read there.
pub(super) fn fold(summary: &str, text: &str) -> String {
    format!("<details>\n<summary>{summary}</summary>\n\n{}\n\n</details>\n\n", text.trim_end())
}
