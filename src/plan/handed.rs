//! Values that units hand to each other: outputs of a root module, read by another as a remote state.
//!
//! Each such value is an object of the estate as well, a data source that only carries edges on, so that who uses one
//! output stands on what is behind that one and not on all that its unit ever hands out.

use std::borrow::Cow;

use super::Attributes;

/// A value under a name, with the object that carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output<'a> {
    /// Its name.
    pub name: Cow<'a, str>,
    /// The place of its object in [`Estate::instances`](super::Estate::instances).
    pub instance: usize,
}

/// The outputs of another unit, as a `terraform_remote_state` has read them.
#[derive(Debug)]
pub struct RemoteState<'a> {
    /// The place of the data source itself. Of its values only `config` is searched: the outputs are objects of their own.
    pub source: usize,
    /// The place of the object that stands for all outputs together, for who uses the data source as a whole.
    pub whole: usize,
    /// The outputs one by one.
    pub outputs: Vec<Output<'a>>,
    /// Where the other unit's state is kept: the backend's settings.
    pub config: Attributes<'a>,
}

/// A name under which units of one account share a value: an export of a template, or its import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// The name's literal pieces. Between two of them stands something that only the deployment knows.
    pub name: Vec<String>,
    /// The place of its object.
    pub instance: usize,
}

impl Shared {
    /// Both may be the same name: what is literal at their ends does not contradict.
    #[must_use]
    pub fn fits(&self, other: &Self) -> bool {
        let ends = |shared: &Self| {
            let first = shared.name.first().cloned().unwrap_or_default();
            (first, shared.name.last().cloned().unwrap_or_default(), shared.name.len() > 1)
        };
        let ((first, last, open), (other_first, other_last, other_open)) = (ends(self), ends(other));
        let within = |whole: &str, first: &str, last: &str| {
            whole.strip_prefix(first).is_some_and(|rest| rest.len() >= last.len() && rest.ends_with(last))
        };
        match (open, other_open) {
            (false, false) => first == other_first,
            (false, true) => within(&first, &other_first, &other_last),
            (true, false) => within(&other_first, &first, &last),
            (true, true) => {
                (first.starts_with(&other_first) || other_first.starts_with(&first))
                    && (last.ends_with(&other_last) || other_last.ends_with(&last))
            }
        }
    }
}

/// Which state a file holds, as raw states say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lineage {
    /// The same for all versions of one state.
    pub id: String,
    /// Higher for a later version.
    pub serial: u64,
}

#[cfg(test)]
mod tests {
    use super::Shared;

    #[test]
    fn names_fit_where_what_is_known_of_them_does() {
        let name = |pieces: &[&str]| Shared { name: pieces.iter().map(ToString::to_string).collect(), instance: 0 };
        for (one, other, fits) in [
            (&["net-VpcId"][..], &["net-VpcId"][..], true),
            (&["net-VpcId"], &["net-SubnetId"], false),
            (&["net-VpcId"], &["", "-VpcId"], true),
            (&["net-VpcId"], &["", "-SubnetId"], false),
            (&["", "-VpcId"], &["", "-VpcId"], true),
            (&["a-", "-VpcId"], &["b-", "-VpcId"], false),
            (&["", ""], &["anything"], true),
            (&["aba"], &["ab", "ba"], false),
        ] {
            assert_eq!(name(one).fits(&name(other)), fits, "{one:?} {other:?}");
            assert_eq!(name(other).fits(&name(one)), fits, "{other:?} {one:?}");
        }
    }
}
