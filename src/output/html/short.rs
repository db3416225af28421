//! Addresses as they fit a box.

use crate::output::clean::clean;
use crate::picture::Node;

/// What is shown of an address: the object's own name, and the names of the modules that it stands in.
#[derive(Debug, PartialEq)]
pub(super) struct Short {
    pub(super) name: String,
    pub(super) modules: String,
}

/// An address in two parts.
pub(super) fn address(address: &str) -> Short {
    let mut rest = address;
    while let Some(after) = rest.strip_prefix("module.").and_then(after_step) {
        rest = after;
    }
    let modules = address.strip_suffix(rest).unwrap_or_default().trim_end_matches('.');
    let modules = modules.strip_prefix("module.").unwrap_or(modules).replace(".module.", ".");
    Short { name: clean(rest), modules: clean(&modules) }
}

/// What comes after a name, its key and a point; a point in a key is none.
fn after_step(text: &str) -> Option<&str> {
    let (mut in_key, mut in_quotes, mut escaped) = (false, false, false);
    for (place, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_quotes => escaped = true,
            '"' => in_quotes = !in_quotes,
            '[' if !in_quotes => in_key = true,
            ']' if !in_quotes => in_key = false,
            '.' if !in_quotes && !in_key => return text.get(place.saturating_add(1)..).filter(|rest| !rest.is_empty()),
            _ => {}
        }
    }
    None
}

/// A node's own name.
pub(super) fn node(node: &Node) -> Short {
    let mut short = address(&node.address);
    if let Some(key) = &node.deposed {
        short.name = format!("{} (deposed {})", short.name, clean(key));
    }
    short
}

/// The last part of a path.
pub(super) fn file(name: &str) -> String {
    clean(name.rsplit('/').next().filter(|last| !last.is_empty()).unwrap_or(name))
}

/// A text of at most so many columns, with its ends: what names an object stands at the end of its address.
pub(super) fn fit(text: &str, columns: usize) -> String {
    if wide(text) <= columns {
        return text.to_owned();
    }
    let room = columns.saturating_sub(1);
    let head = take(text.chars(), room / 3);
    let tail: String = take(text.chars().rev(), room.saturating_sub(room / 3));
    format!("{head}…{}", tail.chars().rev().collect::<String>())
}

fn take(characters: impl Iterator<Item = char>, columns: usize) -> String {
    let mut room = columns;
    let fits = |c: &char| {
        let width = width(*c);
        let fits = width <= room;
        room = room.saturating_sub(width);
        fits
    };
    characters.take_while(fits).collect()
}

fn wide(text: &str) -> usize {
    text.chars().map(width).fold(0, usize::saturating_add)
}

/// Two columns for everything from the scripts of East Asia on: too much for some, never too little.
fn width(c: char) -> usize {
    if u32::from(c) < 0x1100 { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::{Short, address, fit};

    fn short(name: &str, modules: &str) -> Short {
        Short { name: name.to_owned(), modules: modules.to_owned() }
    }

    #[test]
    fn an_address_is_parted_at_its_modules() {
        assert_eq!(address("aws_vpc.main"), short("aws_vpc.main", ""));
        assert_eq!(address("module.a.module.b[\"x.y\"].aws_lb.c[0]"), short("aws_lb.c[0]", "a.b[\"x.y\"]"));
        assert_eq!(address("module.a[\"\\\"].b.\"].data.aws_ami.c"), short("data.aws_ami.c", "a[\"\\\"].b.\"]"));
        assert_eq!(address("module.a"), short("module.a", ""));
        assert_eq!(address(""), short("", ""));
    }

    #[test]
    fn what_is_too_long_keeps_its_ends() {
        assert_eq!(fit("aws_vpc.main", 12), "aws_vpc.main");
        assert_eq!(fit("aws_elasticache_replication_group.sessions", 24), "aws_ela…n_group.sessions");
        assert_eq!(fit("データベース", 6), "…ース");
    }
}
