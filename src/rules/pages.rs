//! The rules' pages, as they are published.

use super::{RULES, Rule};

impl Rule {
    /// What its page begins with: its number, its verdict, and whether that can be lowered.
    #[must_use]
    pub fn heading(&self) -> String {
        let lowered = if self.never_lowered { "never lowered" } else { "can be lowered" };
        format!("Rule {}: {}, {lowered}.", self.number, self.verdict.word())
    }
}

/// All pages as one Markdown document.
///
/// ```
/// use blastgate::rules::{RULES, document};
///
/// assert!(RULES.iter().all(|rule| document().contains(rule.id)));
/// ```
#[must_use]
pub fn document() -> String {
    let rows: Vec<String> = RULES.iter().map(row).collect();
    let pages: Vec<String> = RULES.iter().map(section).collect();
    format!("{HEAD}{}\n{}", rows.concat(), pages.join("\n"))
}

const HEAD: &str = "\
# Rules

What `blastgate check` finds, from the worst on. Of two rules with the same verdict the one with the lower number names
the finding. Everything else is allowed. `blastgate rules ID` prints one of these pages.

| | rule | verdict | |
| --- | --- | --- | --- |
";

fn row(rule: &Rule) -> String {
    format!("| {} | [{}](#{}) | {} | {} |\n", rule.number, rule.id, rule.id, rule.verdict.word(), rule.summary)
}

fn section(rule: &Rule) -> String {
    format!("## {}\n\n{}\n\n{}.\n\n{}\n", rule.id, rule.heading(), rule.summary, deeper(rule.page))
}

/// The same page with its headings one level down.
fn deeper(page: &str) -> String {
    let deeper = |line: &str| if line.starts_with("## ") { format!("#{line}") } else { line.to_owned() };
    page.lines().map(deeper).collect::<Vec<_>>().join("\n")
}
