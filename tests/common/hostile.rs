//! Texts that are something else than text where they are not written with care, and what is pasted.

use blastgate::report::{Paste, Report};

/// Texts that would be something else than text if they were written as they are.
pub const HOSTILE: [&str; 16] = [
    "a\"\n}\nresource \"null_resource\" \"x\" {\n  provisioner \"local-exec\" {\n    command = \"id\"\n  }\n}\n#",
    "${file(\"/etc/passwd\")}",
    "%{ if true }x%{ endif }",
    "$${not} %%{this}",
    "$$${a} $$$${b} %%%{c}",
    "<<EOT\nx\nEOT\n}",
    "a\\",
    "a\\\"",
    "*/ } /* #//",
    "'; id; '",
    "$(id) `id` && id | id > x",
    "a\u{1b}]0;x\u{7}b",
    "a\u{202e}b\u{200b}c\u{2028}d",
    "\r\nid\r\n",
    "{{ x }}",
    "\u{0}\u{85}",
];

/// All that a report gives to be pasted.
pub fn pastes(report: &Report) -> Vec<&Paste> {
    let of_findings = report.findings.iter().flat_map(|finding| &finding.ways_out);
    let of_groups = report.groups.iter().flat_map(|group| &group.ways_out);
    of_findings.chain(of_groups).filter_map(|way| way.paste.as_ref()).collect()
}

/// What a shell makes of a line: its words, `None` where it would do more than run one program with some words.
pub fn words(line: &str) -> Option<Vec<String>> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        match c {
            '\'' => quoted = !quoted,
            c if quoted => word.push(c),
            '\\' => word.push(rest.next()?),
            ' ' => words.push(std::mem::take(&mut word)),
            c if c.is_ascii_alphanumeric() || "-_=./:{}@,".contains(c) => word.push(c),
            _ => return None,
        }
    }
    words.push(word);
    // Braces with a comma in them would be several words.
    let expands = line.split('\'').step_by(2).any(|part| part.contains('{') && part.contains(','));
    (!quoted && !expands).then_some(words)
}
