//! What may have been meant by an address that no plan has.

use std::collections::BTreeSet;

use crate::plan::{Mode, Plan};

/// So many are named.
const MOST: usize = 5;

/// The addresses that are most like one that no plan has, at most five.
#[must_use]
pub fn nearest_addresses(plans: &[Plan<'_>], wanted: &str) -> Vec<String> {
    let changes = plans.iter().flat_map(|plan| &plan.changes).filter(|c| c.mode == Mode::Managed).map(|c| &c.address);
    let objects =
        plans.iter().flat_map(|plan| &plan.estate.instances).filter(|i| i.mode == Mode::Managed).map(|i| &i.address);
    let all: BTreeSet<&str> = changes.chain(objects).map(AsRef::as_ref).collect();
    let mut ranked: Vec<(usize, &str)> = all.into_iter().map(|address| (common(wanted, address), address)).collect();
    ranked.retain(|(common, _)| *common > 0);
    ranked.sort_by_key(|(common, address)| (std::cmp::Reverse(*common), address.len(), *address));
    ranked.into_iter().take(MOST).map(|(_, address)| address.to_owned()).collect()
}

/// How many characters of the wanted address' words an address has.
fn common(wanted: &str, address: &str) -> usize {
    let words = wanted.split(['.', '[', ']', '"', '_']).filter(|word| word.len() > 1);
    words.filter(|word| address.contains(word)).map(str::len).fold(0, usize::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::common;

    #[test]
    fn more_words_in_common_are_nearer() {
        assert!(common("aws_vpc.main", "module.a.aws_vpc.main") > common("aws_vpc.main", "aws_vpc.other"));
        assert_eq!(common("x.y", "aws_vpc.main"), 0);
    }
}
