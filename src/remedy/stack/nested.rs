//! A nested stack whose change set was not given: get that too.

use crate::plan::Inside;
use crate::remedy::{Subject, Way, WayOut};

pub(in crate::remedy) const WAY: Way = Way { find };

fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let change = subject.change.filter(|change| change.change.inside == Inside::Unseen)?;
    let address = &change.change.address;
    let text =
        format!("Make the change set with --include-nested-stacks, describe that of {address} too, and give both.");
    Some(WayOut { id: "nested", text, paste: None })
}
