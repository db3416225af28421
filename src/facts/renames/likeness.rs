//! Whether two objects of one type are one thing, as far as their attributes tell.

use crate::plan::Value;

/// So many attributes must agree where no attribute names the thing.
const TELLING: usize = 2;

/// What may differ in one thing under two addresses, and tells nothing where it agrees.
const LABELS: [&str; 10] = [
    "annotations",
    "description",
    "effective_labels",
    "labels",
    "metadata",
    "tags",
    "tags_all",
    "terraform_labels",
    "timeouts",
    "user_labels",
];

/// Attributes that name a thing in every type that has them.
const NAMES: [&str; 16] = [
    "address_prefixes",
    "address_space",
    "bucket",
    "cidr_block",
    "creation_token",
    "destination_cidr_block",
    "domain_name",
    "email",
    "hostname",
    "identifier",
    "ip_cidr_range",
    "key",
    "layer_name",
    "name",
    "statement_id",
    "url",
];

/// Attributes that say where a thing is, or what it is a part of. What differs in one of them is another thing.
const PLACES: [&str; 27] = [
    "api",
    "availability_zone",
    "cluster",
    "cluster_arn",
    "cluster_identifier",
    "cluster_name",
    "folder",
    "function_name",
    "instance",
    "key_ring",
    "listener_arn",
    "load_balancer_arn",
    "location",
    "namespace",
    "network",
    "parent",
    "project",
    "region",
    "resource_group_name",
    "scope",
    "server_name",
    "storage_account_name",
    "subnetwork",
    "target_group_arn",
    "topic",
    "virtual_network_name",
    "zone",
];

/// Words of attributes that are changed in place wherever they are known: how much there is of a thing, and for how long.
const IN_PLACE: [&str; 11] = [
    "capacity",
    "count",
    "iops",
    "memory",
    "period",
    "protection",
    "replicas",
    "retention",
    "throughput",
    "timeout",
    "timeouts",
];

/// An attribute that nobody replaces a thing for.
fn is_in_place(attribute: &str) -> bool {
    // A size is one of those, but for the sizes of what a thing is cut into.
    attribute == "size"
        || (attribute.ends_with("_type") || attribute.ends_with("_class"))
            && (attribute.starts_with("instance") || attribute.starts_with("node"))
        || attribute.split('_').any(|word| IN_PLACE.contains(&word))
}

/// What is known of both objects, is not the same, and may be a reason to replace the thing under its new address.
pub(super) fn differing<'v>(kind: &str, before: &Value<'_>, after: &'v Value<'_>) -> Vec<&'v str> {
    let Value::Object(members) = after else { return Vec::new() };
    let is_label = |name: &str| LABELS.contains(&name) && !(name == "description" && kind.ends_with("security_group"));
    let is_left_out = |value: &Value<'_>| {
        value.is_empty() || matches!(value, Value::Bool(false)) || matches!(value, Value::Number(n) if *n == 0.0)
    };
    let differs = |name: &str, value: &Value<'_>| {
        let was = before.get(name);
        was != value && !holds_unknown(value) && !(is_left_out(was) && is_left_out(value))
    };
    let open = members.iter().filter(|(name, _)| !is_label(name) && !is_in_place(name));
    open.filter(|(name, value)| differs(name, value)).map(|(name, _)| name.as_ref()).collect()
}

/// An attribute that names a thing of this type: `name` and its like, or one that is called after the type, such as
/// `table_id` of a `google_bigquery_table`. The same attribute of another type says what that belongs to.
pub(super) fn is_name(kind: &str, attribute: &str) -> bool {
    if NAMES.contains(&attribute) || (attribute.ends_with("_name") && kind.ends_with(attribute)) {
        return true;
    }
    // Elsewhere it says which key may enter.
    if attribute == "key_name" {
        return kind.ends_with("_key_pair");
    }
    let stem = ["_name", "_id", "_identifier"].iter().find_map(|end| attribute.strip_suffix(end));
    stem.is_some_and(|stem| kind.strip_suffix(stem).is_some_and(|rest| rest.ends_with('_')))
}

/// An attribute that says where a thing of this type is, or what it is a part of.
pub(super) fn is_place(kind: &str, attribute: &str) -> bool {
    // The role of most things is only what they may do.
    let of_role = attribute == "role" && kind.contains("iam_role");
    !is_name(kind, attribute) && (PLACES.contains(&attribute) || attribute.ends_with("_id") || of_role)
}

/// How much two objects are alike. What stands first tells most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Likeness {
    /// Attributes that name a thing and agree.
    names: usize,
    /// Attributes that lead to something renamed.
    tied: usize,
    /// How much the addresses have in common.
    address: usize,
    /// Other attributes that agree.
    same: usize,
}

/// What is known of two objects beside their attributes.
pub(super) struct Seen<'s> {
    pub(super) kind: &'s str,
    /// Nothing else of the type is deleted or made.
    pub(super) alone: bool,
    /// A name must agree, however alike they are.
    pub(super) needs_a_name: bool,
    /// How much the addresses have in common.
    pub(super) address: usize,
}

/// What two objects' attributes say of each other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Compared {
    names: usize,
    /// Names that were known and are not known yet.
    open: usize,
    tied: usize,
    same: usize,
    /// What differs and would be changed in place.
    edited: usize,
    differ: usize,
}

/// Whether an attribute that is not known yet leads to what the former value came from; `None` where nobody can say.
pub(super) type Tie<'t> = dyn Fn(&str, &Value<'_>) -> Option<bool> + 't;

/// Compares two objects. `None` where they are two things: a name, or where they are, differs.
pub(super) fn compare(kind: &str, before: &Value<'_>, after: &Value<'_>, tie: &Tie<'_>) -> Option<Compared> {
    let Value::Object(members) = after else { return None };
    let mut seen = Compared::default();
    for (attribute, value) in members.iter().filter(|(name, _)| !LABELS.contains(&name.as_ref())) {
        let was = before.get(attribute);
        if was.is_empty() || (value.is_empty() && *value != Value::Unknown) {
            continue;
        }
        if holds_unknown(value) {
            let tied = tie(attribute, was);
            if tied == Some(false) && (is_name(kind, attribute) || is_place(kind, attribute)) {
                return None;
            }
            let names = is_name(kind, attribute);
            add(&mut seen.names, names && tied == Some(true));
            add(&mut seen.open, names && tied.is_none() && matches!(was, Value::Text(_)));
            add(&mut seen.tied, tied == Some(true));
            continue;
        }
        match (was == value, is_name(kind, attribute), is_place(kind, attribute)) {
            (false, true, _) | (false, _, true) => return None,
            (true, true, _) => add(&mut seen.names, true),
            // A secret that two things share names neither, and a flag says little.
            (true, _, _) => add(&mut seen.same, !matches!(value, Value::Bool(_) | Value::Sensitive(_))),
            (false, false, false) if is_in_place(attribute) => add(&mut seen.edited, true),
            (false, false, false) => add(&mut seen.differ, true),
        }
    }
    by_label(before, after, &mut seen)?;
    Some(seen)
}

/// A Kubernetes object has its name inside `metadata`; a network mostly has one in a tag.
fn by_label(before: &Value<'_>, after: &Value<'_>, seen: &mut Compared) -> Option<()> {
    let at = |path: &[&str]| match (before.at(path).first(), after.at(path).first()) {
        (Some(Value::Text(old)), Some(Value::Text(new))) => Some(old == new),
        _ => None,
    };
    if at(&["metadata", "namespace"]) == Some(false) || at(&["metadata", "name"]) == Some(false) {
        return None;
    }
    add(&mut seen.names, at(&["metadata", "name"]) == Some(true));
    add(&mut seen.same, at(&["metadata", "namespace"]) == Some(true));
    // The tag may be edited where something better names the thing.
    match at(&["tags", "Name"]) {
        Some(false) if seen.names == 0 => None,
        tag => {
            add(&mut seen.names, tag == Some(true));
            Some(())
        }
    }
}

fn add(count: &mut usize, one_more: bool) {
    *count = count.saturating_add(usize::from(one_more));
}

fn holds_unknown(value: &Value<'_>) -> bool {
    match value {
        Value::Unknown => true,
        Value::List(items) => items.iter().any(holds_unknown),
        Value::Object(members) => members.iter().any(|(_, member)| holds_unknown(member)),
        _ => false,
    }
}

/// Whether a deleted and a made object are one thing, and how sure that is.
pub(super) fn likeness(seen: &Seen<'_>, before: &Value<'_>, after: &Value<'_>, tie: &Tie<'_>) -> Option<Likeness> {
    let compared = compare(seen.kind, before, after, tie)?;
    let Compared { names, open, tied, same, edited, differ } = compared;
    let by_name = names > 0 && differ <= names.saturating_add(same) / 2;
    let agrees = names == 0 && open == 0 && edited == 0 && differ == 0;
    let by_tie = agrees && tied > 0;
    // Without a name in common, everything known must agree, and the address or the lack of others must tell.
    let told = seen.address > 1 || (seen.alone && !seen.needs_a_name);
    let by_rest = agrees && same >= TELLING && told;
    (by_name || by_tie || by_rest).then_some(Likeness { names, tied, address: seen.address, same })
}
