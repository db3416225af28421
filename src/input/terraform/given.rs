//! Where the root module's variables get their values.

use crate::plan::{BlockKind, Configuration, Variables};
use crate::sources::Sources;

/// Gives each variable the place of its value, where a file gives it the one that the plan has; elsewhere it keeps the place
/// of its block.
pub(super) fn place(configuration: &mut Configuration<'_>, sources: Option<&Sources>, variables: &Variables<'_>) {
    let Some(sources) = sources else { return };
    for block in configuration.blocks.iter_mut().filter(|block| block.kind == BlockKind::Carrier) {
        let Some((name, written)) = block.address.strip_prefix("var.").zip(block.written.as_mut()) else { continue };
        if let Some(place) = sources.given(name, |literal| variables.shows(name, literal)) {
            written.place = Some(place.clone());
        }
    }
}
