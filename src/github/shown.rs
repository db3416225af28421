//! What a comment says that it shows, in lines that nobody sees.

/// What stands behind a comment's text: whose it is, and what it shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// The name that tells this comment from those of other workflows.
    pub id: String,
    /// The digest of what is shown.
    pub digest: Option<String>,
    /// A digest of the whole report that it is made of, so that nobody can put another in that one's place.
    pub content: Option<String>,
    /// The commit that it is about.
    pub head: String,
    /// Since when this digest was shown, where the comment was changed since then.
    pub since: Option<String>,
    /// When somebody else had changed the comment before it was set right. It makes the text another one than the one that
    /// stood there, which might be the same.
    pub restored: Option<String>,
}

const BEGIN: &str = "<!-- blastgate:shown ";
const END: &str = " -->";

impl Shown {
    /// The line.
    #[must_use]
    pub fn line(&self) -> String {
        let or_dash = |text: &Option<String>| text.as_deref().map_or_else(|| "-".to_owned(), safe);
        format!(
            "{BEGIN}id={} digest={} content={} head={} since={} restored={}{END}",
            safe(&self.id),
            or_dash(&self.digest),
            or_dash(&self.content),
            safe(&self.head),
            or_dash(&self.since),
            or_dash(&self.restored)
        )
    }

    /// What a comment's text ends with. Nothing but the very last line counts: above it stands what a plan says.
    #[must_use]
    pub fn read(body: &str) -> Option<Self> {
        let line = body.trim_end().lines().next_back()?;
        let inside = line.strip_prefix(BEGIN)?.strip_suffix(END)?;
        let mut shown = Self::default();
        for field in inside.split(' ') {
            let (key, value) = field.split_once('=')?;
            let value = unsafe_again(value)?;
            let some = (value != "-").then(|| value.clone());
            match key {
                "id" => shown.id = value,
                "digest" => shown.digest = some,
                "content" => shown.content = some,
                "head" => shown.head = value,
                "since" => shown.since = some,
                "restored" => shown.restored = some,
                _ => return None,
            }
        }
        (!shown.id.is_empty()).then_some(shown)
    }
}

/// A text of letters, digits and a few marks; everything else as its bytes in hexadecimal.
fn safe(text: &str) -> String {
    text.bytes().fold(String::new(), |safe, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'/' | b':') {
            safe + &char::from(byte).to_string()
        } else {
            safe + &format!("%{byte:02X}")
        }
    })
}

fn unsafe_again(text: &str) -> Option<String> {
    if text == "-" {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::Shown;

    #[test]
    fn what_is_written_is_read() {
        for id in ["ci/plan", "a b -->\n<!-- x", "Ünïcode = %20", "-", "--"] {
            let shown = Shown {
                id: id.to_owned(),
                digest: Some("ab12".to_owned()),
                content: None,
                head: "c0ffee".to_owned(),
                since: Some("2026-11-27T10:00:00Z".to_owned()),
                restored: None,
            };
            let line = shown.line();
            assert_eq!(line.matches("-->").count(), 1, "{line}");
            assert_eq!(Shown::read(&format!("text\n{line}\n")), Some(shown), "{line}");
        }
    }

    #[test]
    fn only_the_last_line_counts() {
        let line = Shown { id: "a".to_owned(), ..Shown::default() }.line();
        assert_eq!(Shown::read(&format!("{line}\nand text behind it")), None);
        assert_eq!(Shown::read(&format!("> {line}")), None);
        assert_eq!(Shown::read(""), None);
    }
}
