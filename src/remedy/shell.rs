//! Text for a shell.

/// An argument for a shell, in single quotes, with those in it escaped. `None` where it holds what a terminal would act on.
pub(super) fn quoted(text: &str) -> Option<String> {
    (crate::output::clean(text) == text).then(|| format!("'{}'", text.replace('\'', r"'\''")))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn quotes_and_control_characters() {
        assert_eq!(quoted("a'b$(c)").unwrap(), r"'a'\''b$(c)'");
        assert_eq!(quoted("a\nrm -rf /"), None);
    }
}
