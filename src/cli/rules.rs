//! `blastgate rules`: what is found, and why.

use clap::ValueEnum;
use serde::Serialize;

use super::exit::{self, Code};
use super::{complain, print};
use crate::output;
use crate::rules::{self, RULES, Rule};

/// So like a rule's name must a word be to be taken for a slip of the pen.
const LIKE: f64 = 0.75;

/// What `rules` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Print the page of this rule; without it, the list of all
    #[arg(value_name = "ID")]
    id: Option<String>,

    /// How to write them
    #[arg(long, default_value = "human", value_name = "FORMAT")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a person at a terminal
    Human,
    /// For programs: a list of rules with their pages
    Json,
    /// All pages as one document
    Markdown,
}

/// A rule as JSON.
#[derive(Debug, Serialize)]
struct Page {
    number: u8,
    id: &'static str,
    verdict: &'static str,
    never_lowered: bool,
    summary: &'static str,
    page: &'static str,
}

impl From<&Rule> for Page {
    fn from(rule: &Rule) -> Self {
        Self {
            number: rule.number,
            id: rule.id,
            verdict: rule.verdict.word(),
            never_lowered: rule.never_lowered,
            summary: rule.summary,
            page: rule.page,
        }
    }
}

/// Prints one page, or what there is.
pub(super) fn run(arguments: &Arguments) -> Code {
    let one = match &arguments.id {
        None => None,
        Some(id) => match RULES.iter().find(|rule| rule.id == id) {
            Some(rule) => Some(rule),
            None => return unknown(id),
        },
    };
    let text = match (arguments.format, one) {
        (Format::Json, _) => {
            let pages: Vec<Page> =
                RULES.iter().filter(|rule| one.is_none_or(|one| one.id == rule.id)).map(Page::from).collect();
            output::pretty(&pages)
        }
        (Format::Markdown, Some(rule)) => format!("# {}\n\n{}\n\n{}", rule.id, rule.heading(), rule.page),
        (Format::Markdown, None) => rules::document(),
        (Format::Human, Some(rule)) => format!("{}\n{}\n\n{}", rule.id, rule.heading(), plain(rule.page)),
        (Format::Human, None) => table(),
    };
    match print(&text) {
        Ok(()) => exit::ALLOW,
        Err(error) => {
            complain(&format!("error: the rules cannot be written: {error}"));
            exit::ERROR
        }
    }
}

fn table() -> String {
    let line =
        |rule: &Rule| format!("{:>2}  {:<20}  {:<6}  {}", rule.number, rule.id, rule.verdict.word(), rule.summary);
    RULES.iter().map(line).collect::<Vec<_>>().join("\n") + "\n"
}

/// A page without the marks of Markdown: headings stand alone, examples are set in.
fn plain(page: &str) -> String {
    let mut text = String::new();
    let mut example = false;
    for line in page.lines() {
        if line == "```" {
            example = !example;
            continue;
        }
        let indent = if example { "    " } else { "" };
        text.extend([indent, line.strip_prefix("## ").unwrap_or(line), "\n"]);
    }
    text
}

fn unknown(id: &str) -> Code {
    let mut like: Vec<(f64, &str)> = RULES.iter().map(|rule| (strsim::jaro_winkler(id, rule.id), rule.id)).collect();
    like.retain(|(how, name)| *how >= LIKE || (id.len() >= 3 && name.contains(id)));
    like.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let names: Vec<&str> = like.iter().take(3).map(|(_, name)| *name).collect();
    let hint = match names.as_slice() {
        [] => "`blastgate rules` lists them".to_owned(),
        names => format!("is it {}?", names.join(" or ")),
    };
    complain(&format!("error: there is no rule {id}; {hint}"));
    exit::ERROR
}
