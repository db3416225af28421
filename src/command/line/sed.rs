//! Scripts of `sed`: what they run and what they write.

use super::{Arg, HOLE, Walk};

/// What a command of a script does that is more than changing text.
#[derive(Debug, PartialEq, Eq)]
enum Does {
    /// It runs this text; an empty one is what it reads.
    Runs(String),
    Writes(String),
}

impl Walk<'_> {
    /// What the scripts among the words of `sed` run and write.
    pub(super) fn sed(&mut self, words: &[Arg]) {
        for does in scripts(words).iter().flat_map(|script| read(script)) {
            match does {
                Does::Writes(file) => {
                    self.push_run(super::Step::Run, Vec::new(), Vec::new(), vec![Arg::literal(&file)]);
                }
                Does::Runs(text) => self.perhaps(|walk| {
                    walk.as_if(
                        |how| how.indirect = true,
                        |walk| match text.as_str() {
                            "" => walk.fed_program(&walk.input.clone(), words, true),
                            text => walk.child(|walk| walk.shell_text(text)),
                        },
                    );
                }),
            }
        }
    }
}

/// The scripts among the words: behind `-e`, or the first that is no option.
fn scripts(words: &[Arg]) -> Vec<&str> {
    let mut found = Vec::new();
    let mut operand = None;
    let mut named = false;
    let mut rest = words.iter().skip(1).map(|word| word.text.as_str());
    while let Some(word) = rest.next() {
        let short = word.starts_with('-') && !word.starts_with("--");
        match word.strip_prefix("--expression=") {
            Some(script) => found.push(script),
            None if word == "--expression" || (short && word.ends_with('e')) => found.extend(rest.next()),
            None if word == "--file" || (short && word.ends_with('f')) => named |= rest.next().is_some(),
            None if word.starts_with('-') => {}
            None => operand = operand.or(Some(word)),
        }
    }
    if found.is_empty() && !named {
        found.extend(operand);
    }
    found
}

/// What the commands of a script do.
fn read(script: &str) -> Vec<Does> {
    let mut found = Vec::new();
    let mut rest = script;
    loop {
        rest = after_address(rest.trim_start_matches(|c: char| c.is_whitespace() || ";{}".contains(c)));
        let Some(command) = rest.chars().next() else { return found };
        rest = rest.get(command.len_utf8()..).unwrap_or_default();
        match command {
            'e' => found.push(Does::Runs(line(&mut rest).trim().to_owned())),
            'w' | 'W' => found.push(Does::Writes(line(&mut rest).trim().to_owned())),
            's' => rest = substitution(rest, &mut found),
            'y' => rest = delimited(rest).map_or("", |(_, _, rest)| rest),
            'a' | 'i' | 'c' => while line(&mut rest).ends_with('\\') {},
            'r' | 'R' | ':' | '#' => _ = line(&mut rest),
            'b' | 't' | 'T' | 'q' | 'Q' | 'l' | 'L' => rest = rest.trim_start_matches(|c| !";\n}".contains(c)),
            _ => {}
        }
    }
}

/// The rest of the line, which is taken.
fn line<'a>(rest: &mut &'a str) -> &'a str {
    let (line, behind) = rest.split_once('\n').unwrap_or((rest, ""));
    *rest = behind;
    line
}

/// What stands behind the lines that a command is for.
fn after_address(mut rest: &str) -> &str {
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || " \t$,~+!".contains(c));
        let behind = match (rest.strip_prefix('/'), rest.strip_prefix('\\')) {
            (Some(_), _) => part(rest),
            (_, Some(custom)) => part(custom),
            _ => return rest,
        };
        rest = behind.map_or("", |(_, rest)| rest).trim_start_matches(['I', 'M']);
    }
}

/// `s/pattern/replacement/flags`.
fn substitution<'a>(rest: &'a str, found: &mut Vec<Does>) -> &'a str {
    let Some((_, replacement, mut behind)) = delimited(rest) else { return "" };
    while let Some(flag) = behind.chars().next().filter(|flag| !";\n}".contains(*flag)) {
        behind = behind.get(flag.len_utf8()..).unwrap_or_default();
        match flag {
            'e' => found.push(Does::Runs(replacement.replace('&', &HOLE.to_string()))),
            'w' => found.push(Does::Writes(line(&mut behind).trim().to_owned())),
            _ => {}
        }
    }
    behind
}

/// The two parts that stand behind the same mark, and what is behind them.
fn delimited(rest: &str) -> Option<(&str, &str, &str)> {
    let (first, behind) = part(rest)?;
    let mark = rest.chars().next()?;
    let at = end(behind, mark)?;
    Some((first, behind.get(..at)?, behind.get(at.saturating_add(mark.len_utf8())..)?))
}

/// What stands between a mark and the next one like it, and what is behind that.
fn part(rest: &str) -> Option<(&str, &str)> {
    let mark = rest.chars().next()?;
    let inside = rest.get(mark.len_utf8()..)?;
    let at = end(inside, mark)?;
    Some((inside.get(..at)?, inside.get(at.saturating_add(mark.len_utf8())..)?))
}

/// Where a mark stands that no backslash takes its meaning from.
fn end(text: &str, mark: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if c == mark && !escaped {
            return Some(at);
        }
        escaped = c == '\\' && !escaped;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Does, read};

    #[test]
    fn what_runs_and_what_is_written() {
        let runs = |text: &str| Does::Runs(text.to_owned());
        let writes = |text: &str| Does::Writes(text.to_owned());
        let cases = [
            ("1,5p;/e x/d", vec![]),
            ("1e date", vec![runs("date")]),
            ("/a\\/b/,$ e date", vec![runs("date")]),
            ("\\|e|p; s|a|b|w out", vec![writes("out")]),
            ("s/a/b/ge;e", vec![runs("b"), runs("")]),
            ("s#/#e#g\nw f", vec![writes("f")]),
            ("1i e date\n$a w x", vec![]),
            ("y/e/w/;b end;n;:end", vec![]),
            ("s/a", vec![]),
        ];
        for (script, wanted) in cases {
            assert_eq!(read(script), wanted, "{script}");
        }
    }
}
