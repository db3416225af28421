//! Making the new one before the old one goes, where that helps.

use super::{Language, Paste, Subject, Way, WayOut, hcl};
use crate::catalog::{Holds, Standing};
use crate::facts::Effect;
use crate::plan::Value;

pub(super) const WAY: Way = Way { find };

/// Attributes of which two objects cannot have the same value at one time, beside names.
const EXCLUSIVE: [&str; 8] =
    ["address", "allocation_id", "host_port", "ip_address", "network_interface_id", "port", "private_ip", "priority"];

fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let change = subject.change.filter(|change| change.effect == Effect::DeleteThenCreate)?;
    // It keeps no data, and it is no help where something goes on using the old one, or where others are rebuilt on it.
    let helps = change.entry.standing == Standing::Service
        && change.entry.holds == Holds::Nothing
        && change.left_standing.is_none();
    if !helps || shares_a_name(&change.change.before.view(), &change.change.after.view()) {
        return None;
    }
    let lines = ["lifecycle {".to_owned(), "  create_before_destroy = true".to_owned(), "}".to_owned()];
    let text = hcl::resource(&change.change.block, &lines)?;
    Some(WayOut {
        id: "create-first",
        text: "If it must be replaced, let the new one be made before the old one goes: everything that uses it follows in this plan.".to_owned(),
        paste: Some(Paste { language: Language::Hcl, text }),
    })
}

/// The new object would have a name, an address or a place that the old one still holds.
fn shares_a_name(before: &Value<'_>, after: &Value<'_>) -> bool {
    let Value::Object(members) = after else { return true };
    members.iter().any(|(attribute, value)| {
        let exclusive = attribute == "name" || attribute.ends_with("identifier") || attribute.ends_with("_name");
        let fixed = exclusive || EXCLUSIVE.contains(&attribute.as_ref());
        // A name that only says what it belongs to is shared by many.
        let owner = ["resource_group_name", "cluster_name", "server_name", "virtual_network_name"];
        let held = matches!(value, Value::Text(text) if !text.is_empty()) || matches!(value, Value::Number(_));
        fixed && held && !owner.contains(&attribute.as_ref()) && before.get(attribute) == value
    })
}
