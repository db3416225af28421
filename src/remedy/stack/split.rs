//! Other changes that wait for this one without need: execute them alone.

use crate::remedy::{Subject, Way, WayOut, split};

pub(in crate::remedy) const WAY: Way = Way { find };

fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let change = subject.change?;
    split::others(subject).filter(|_| subject.plan().is_some_and(|plan| !plan.estate.changes_only))?;
    let text = format!(
        "The other changes do not need it. Leave {} in the template as it is deployed and let them go first; give this a change set of its own.",
        change.change.address
    );
    Some(WayOut { id: "split", text, paste: None })
}
