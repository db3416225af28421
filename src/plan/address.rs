//! Addresses of resource instances: `module.app["cart"].aws_lb.this[0]`.

use std::borrow::Cow;

/// Managed infrastructure, or something that is only read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// An object that the tool makes and destroys.
    Managed,
    /// A data source, an ephemeral resource, a value handed on: not infrastructure, but it passes edges on.
    Data,
}

/// The key of one instance of a module or resource.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// The block has no `count` and no `for_each`.
    None,
    /// An index of `count`.
    Index(u64),
    /// A key of `for_each`.
    Text(Box<str>),
}

/// An address taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts<'a> {
    /// The block's address: the same without keys. Borrowed where there were none.
    pub block: Cow<'a, str>,
    /// Managed or data.
    pub mode: Mode,
    /// Resource type, empty where the address names no resource.
    pub kind: Cow<'a, str>,
    /// One key for each module step and a last one for the resource; empty where there is no key at all.
    pub keys: Box<[Key]>,
    /// It reads like an address of a resource, so type and mode are certain.
    pub is_exact: bool,
}

impl<'a> Parts<'a> {
    /// Takes an address apart. Keys may hold anything, dots and brackets too, so it is read with a tokenizer.
    /// An address that does not read like one is a block of its own, so nothing is lost.
    #[must_use]
    pub fn parse(address: &'a str) -> Self {
        Self::strict(address).unwrap_or_else(|| Self {
            block: Cow::Borrowed(address),
            mode: if address.starts_with("data.") { Mode::Data } else { Mode::Managed },
            kind: Cow::Borrowed(address.split('.').next().unwrap_or_default()),
            keys: Box::default(),
            is_exact: false,
        })
    }

    fn strict(address: &'a str) -> Option<Self> {
        let steps = steps(address)?;
        let mut rest = steps.as_slice();
        let mut keys = Vec::new();
        while let [Step { name: "module", key: Key::None, .. }, call, tail @ ..] = rest {
            keys.push(call.key.clone());
            rest = tail;
        }
        let (mode, kind, last) = match rest {
            [Step { name: "data" | "ephemeral", .. }, kind, last] => (Mode::Data, kind, last),
            [kind, last] => (Mode::Managed, kind, last),
            _ => return None,
        };
        keys.push(last.key.clone());
        let keyed = steps.iter().any(|step| step.key != Key::None);
        let block = if keyed {
            Cow::Owned(steps.iter().map(|step| step.name).collect::<Vec<_>>().join("."))
        } else {
            Cow::Borrowed(address)
        };
        let keys = if keyed { keys.into() } else { Box::default() };
        Some(Self { block, mode, kind: Cow::Borrowed(kind.name), keys, is_exact: true })
    }

    /// The same with nothing borrowed.
    #[must_use]
    pub fn into_owned(self) -> Parts<'static> {
        Parts {
            block: Cow::Owned(self.block.into_owned()),
            mode: self.mode,
            kind: Cow::Owned(self.kind.into_owned()),
            keys: self.keys,
            is_exact: self.is_exact,
        }
    }
}

/// The addresses of the modules that an object lies in, the outermost first, instance keys included.
#[must_use]
pub fn modules_of(address: &str) -> Vec<&str> {
    let steps = steps(address).unwrap_or_default();
    let mut found = Vec::new();
    let mut rest = steps.as_slice();
    while let [Step { name: "module", key: Key::None, .. }, call, tail @ ..] = rest {
        found.extend(address.get(..call.end));
        rest = tail;
    }
    found
}

/// A name with the key behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step<'a> {
    pub(crate) name: &'a str,
    pub(crate) key: Key,
    /// Where the step ends in the text, its key included.
    pub(crate) end: usize,
}

/// Splits `a.b["x.y"].c[0]` into its steps; `None` where it is not of that form.
pub(crate) fn steps(text: &str) -> Option<Vec<Step<'_>>> {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (name, mut tail) = rest.split_at_checked(end)?;
        if name.is_empty() {
            return None;
        }
        let mut key = Key::None;
        if let Some(inside) = tail.strip_prefix('[') {
            (key, tail) = bracket(inside)?;
        }
        found.push(Step { name, key, end: text.len().saturating_sub(tail.len()) });
        if tail.is_empty() {
            return Some(found);
        }
        rest = tail.strip_prefix('.')?;
    }
}

/// Reads what follows a `[`: the key, and the rest behind the `]`.
fn bracket(inside: &str) -> Option<(Key, &str)> {
    let Some(quoted) = inside.strip_prefix('"') else {
        let (digits, tail) = inside.split_once(']')?;
        return Some((Key::Index(digits.parse().ok()?), tail));
    };
    let mut text = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return Some((Key::Text(text.into()), quoted.get(at..)?.strip_prefix("\"]")?)),
            // The escaped character stands for itself; which one it was does not matter to a key.
            '\\' => text.push(characters.next()?.1),
            other => text.push(other),
        }
    }
    None
}

/// The stack and the name of a parameter of a template, where an address is that of one: `shop/parameter KeyId`.
#[must_use]
pub fn parameter(address: &str) -> Option<(&str, &str)> {
    address.rsplit_once("/parameter ")
}

#[cfg(test)]
mod tests {
    use super::{Key, Mode, Parts};

    #[test]
    fn keys_may_hold_dots_and_brackets() {
        let parts = Parts::parse(r#"module.app["a.b[0]"].module.x.aws_lb.this["say \"hi\""]"#);
        assert_eq!(parts.block, "module.app.module.x.aws_lb.this");
        assert_eq!(parts.kind, "aws_lb");
        let keys = [Key::Text("a.b[0]".into()), Key::None, Key::Text("say \"hi\"".into())];
        assert_eq!(*parts.keys, keys);
    }

    #[test]
    fn modules_are_named_with_their_keys() {
        let modules = super::modules_of(r#"module.app["a.b"].module.x.aws_lb.this[0]"#);
        assert_eq!(modules, [r#"module.app["a.b"]"#, r#"module.app["a.b"].module.x"#]);
        assert!(super::modules_of("aws_lb.this").is_empty() && super::modules_of("module.a[").is_empty());
    }

    #[test]
    fn data_sources_are_told_apart() {
        let parts = Parts::parse("module.a.data.aws_ami.x[3]");
        assert_eq!((parts.mode, &*parts.kind, &*parts.block), (Mode::Data, "aws_ami", "module.a.data.aws_ami.x"));
        assert_eq!(*parts.keys, [Key::None, Key::Index(3)]);
    }

    #[test]
    fn what_is_no_address_is_kept_whole() {
        for odd in ["", "aws_vpc", "a.b.c.d", "aws_vpc.x[", "aws_vpc.x[\"y]", "a..b"] {
            assert_eq!(Parts::parse(odd).block, odd);
        }
    }
}
