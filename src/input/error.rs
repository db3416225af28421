//! Why an input was refused.

use std::fmt;

/// One input was refused: what is wrong, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputError {
    /// The input's name.
    pub input: String,
    /// What is wrong, a sentence without a full stop.
    pub what: String,
    /// Line and column, counted from one, where they are known.
    pub place: Option<(usize, usize)>,
    /// What to do, a sentence without a full stop.
    pub help: Option<String>,
}

impl InputError {
    /// An error about the whole input.
    pub fn new(input: &str, what: impl Into<String>) -> Self {
        Self { input: input.to_owned(), what: what.into(), place: None, help: None }
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says where: `offset` is a byte of `text`.
    #[must_use]
    pub fn at(mut self, text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.matches('\n').count().saturating_add(1);
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count().saturating_add(1);
        self.place = Some((line, column));
        self
    }

    /// The input is larger than the limit.
    #[must_use]
    pub fn too_large(input: &str, limit: usize) -> Self {
        Self::new(input, format!("it is larger than the limit of {limit} bytes"))
            .help("raise the limit if this is meant to be one plan: --max-bytes on the command line")
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.input)?;
        if let Some((line, column)) = self.place {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.what)?;
        match &self.help {
            Some(help) => write!(f, "; {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for InputError {}
