//! Making the new one before the old one goes, where that helps.

use super::{Language, Paste, Subject, Way, WayOut, hcl};
use crate::catalog::{Holds, Standing};
use crate::facts::Effect;
use crate::plan::Value;

pub(super) const WAY: Way = Way { find };

/// Attributes of which two objects cannot have the same value at one time, beside names: addresses, places in an order,
/// and what only one thing can hold on to.
const EXCLUSIVE: [&str; 24] = [
    "address",
    "alias",
    "allocation_id",
    "bucket",
    "cidr_block",
    "cname_prefix",
    "creation_token",
    "destination_cidr_block",
    "dns_label",
    "domain",
    "email",
    "fqdn",
    "host",
    "host_port",
    "hostname",
    "ip_address",
    "key",
    "network_interface_id",
    "path",
    "port",
    "priority",
    "private_ip",
    "private_ip_address",
    "url",
];

/// A name that only says what it belongs to is shared by many.
const OWNERS: [&str; 8] = [
    "cluster_name",
    "key_name",
    "resource_group_name",
    "role_name",
    "server_name",
    "storage_account_name",
    "virtual_network_name",
    "launch_template_name",
];

fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let change = subject.change.filter(|change| change.effect == Effect::DeleteThenCreate)?;
    // It keeps no data, and it is no help where something goes on using the old one, or where others are rebuilt on it.
    let helps = change.entry.standing == Standing::Service
        && change.entry.holds == Holds::Nothing
        && change.left_standing.is_none();
    if !helps || shares_a_name(&change.change.kind, &change.change.before.view(), &change.change.after.view()) {
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
fn shares_a_name(kind: &str, before: &Value<'_>, after: &Value<'_>) -> bool {
    let Value::Object(members) = after else { return true };
    let held = |path: &[&str]| {
        let (was, is) = (before.at(path), after.at(path));
        let told =
            is.first().is_some_and(|value| matches!(value, Value::Text(_) | Value::Number(_) | Value::Sensitive(_)));
        told && !is.first().is_some_and(|value| value.is_empty()) && was.first() == is.first()
    };
    // A Kubernetes object has its name in its metadata.
    members.iter().any(|(attribute, _)| is_exclusive(kind, attribute) && held(&[attribute]))
        || held(&["metadata", "name"])
}

fn is_exclusive(kind: &str, attribute: &str) -> bool {
    // The group that a thing is in has a name of its own.
    let of_group = attribute.strip_suffix("_name").filter(|stem| stem.ends_with("_group"));
    if of_group.is_some_and(|stem| !kind.ends_with(stem)) {
        return false;
    }
    let is_name = attribute == "name" || attribute.ends_with("identifier") || attribute.ends_with("_name");
    (is_name || EXCLUSIVE.contains(&attribute)) && !OWNERS.contains(&attribute)
}

#[cfg(test)]
mod tests {
    use super::shares_a_name;
    use crate::plan::Attributes;

    #[test]
    fn what_two_cannot_have_at_once() {
        let shares = |before: &'static str, after: &'static str| {
            shares_a_name(
                "aws_elasticache_cluster",
                &Attributes::new(Some(before), None, None).view(),
                &Attributes::new(Some(after), None, None).view(),
            )
        };
        assert!(shares(r#"{"name":"a","x":1}"#, r#"{"name":"a","x":2}"#));
        assert!(shares(r#"{"metadata":[{"name":"a"}]}"#, r#"{"metadata":[{"name":"a"}]}"#));
        assert!(shares(r#"{"port":443,"x":1}"#, r#"{"port":443,"x":2}"#));
        assert!(!shares(r#"{"name":"a-1","image":"i1"}"#, r#"{"image":"i2"}"#));
        assert!(!shares(r#"{"subnet_group_name":"k"}"#, r#"{"subnet_group_name":"k"}"#));
        assert!(!shares(r#"{"name":"a","key_name":"k"}"#, r#"{"name":"b","key_name":"k"}"#));
    }
}
