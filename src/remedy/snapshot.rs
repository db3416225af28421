//! A copy to make first: the command for each type, as data.

use super::{Language, Paste, Subject, Way, WayOut, shell};
use crate::rules::Loss;

pub(super) const WAY: Way = Way { find };
pub(super) const ID: &str = "snapshot";

/// A row a type: the type, and the command, in which `{attribute}` stands for a value before the change.
const COMMANDS: &str = include_str!("data/snapshots.tsv");

/// What stands for the name that CloudFormation gives an object, which is none of its values.
const PHYSICAL_ID: &str = "PhysicalResourceId";

fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let change = subject.change.filter(|change| change.entry.holds_records() && !change.is_deposed())?;
    if subject.found.found.hit.loss != Loss::Data && change.way_back.is_none() {
        return None;
    }
    let command = command(&change.change.kind).and_then(|command| {
        filled(command, |attribute| {
            let before = &change.change.before;
            match attribute {
                PHYSICAL_ID => before.ids().first().cloned(),
                _ => before.pick(|name| name == attribute).get(attribute).text().map(str::to_owned),
            }
        })
    });
    let text = match &command {
        Some(_) => "If it shall go, make a copy first, check it, and delete it in a change of its own:",
        None => {
            "If it shall go, make a copy first, check that it can be read back, and delete it in a change of its own."
        }
    };
    let paste = command.map(|text| Paste { language: Language::Shell, text });
    Some(WayOut { id: ID, text: text.to_owned(), paste })
}

fn command(kind: &str) -> Option<&'static str> {
    let rows = COMMANDS.lines().filter(|row| !row.starts_with('#'));
    rows.filter_map(|row| row.split_once('\t')).find(|(name, _)| *name == kind).map(|(_, command)| command)
}

/// The command with every word that has a value in it in quotes; `None` where a value is not there to be seen.
fn filled(template: &str, value: impl Fn(&str) -> Option<String>) -> Option<String> {
    let fill = |word: &str| {
        let (mut filled, mut rest) = (String::new(), word);
        while let Some((head, tail)) = rest.split_once('{') {
            let (attribute, after) = tail.split_once('}')?;
            filled.push_str(head);
            filled.push_str(&value(attribute).filter(|value| !value.is_empty())?);
            rest = after;
        }
        filled.push_str(rest);
        shell::quoted(&filled)
    };
    let words = template.split(' ').map(|word| if word.contains('{') { fill(word) } else { Some(word.to_owned()) });
    Some(words.collect::<Option<Vec<_>>>()?.join(" "))
}

#[cfg(test)]
mod tests {
    use super::{COMMANDS, command, filled};
    use crate::catalog;

    #[test]
    fn every_row_is_of_a_type_that_holds_records_and_fills_in() {
        let rows: Vec<&str> = COMMANDS.lines().filter(|row| !row.starts_with('#')).collect();
        assert!(rows.is_sorted(), "rows are sorted by type");
        for row in rows {
            let (kind, template) = row.split_once('\t').unwrap();
            assert!(catalog::lookup(kind).holds_records(), "{kind}");
            let filled = filled(template, |_| Some("x".to_owned())).unwrap();
            assert!(!filled.contains(['{', '}']) && filled.contains('x') && filled.contains('\''), "{row}");
        }
    }

    #[test]
    fn a_word_is_quoted_whole() {
        let template = command("aws_dynamodb_table").unwrap();
        assert!(filled(template, |_| Some("ledger".to_owned())).unwrap().ends_with("--backup-name 'ledger-last'"));
    }

    #[test]
    fn a_value_that_is_not_seen_gives_no_command() {
        let template = command("aws_db_instance").unwrap();
        assert_eq!(filled(template, |_| None), None);
        assert_eq!(filled(template, |_| Some("a\u{1b}b".to_owned())), None);
        assert!(filled(template, |_| Some("a'; rm -rf /".to_owned())).unwrap().contains(r"'a'\''; rm -rf /'"));
    }
}
