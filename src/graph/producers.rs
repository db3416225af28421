//! Whose outputs a remote state has read.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::plan::{Output, Plan, RemoteState, Value};

/// The units that hand something out, with what tells them apart.
pub(super) struct Producers {
    units: Vec<(usize, Vec<String>)>,
    by_outputs: HashMap<Values, Vec<usize>>,
}

impl Producers {
    /// Finds them, where anything was taken.
    pub(super) fn of(plans: &[Plan<'_>]) -> Self {
        let mut found = Self { units: Vec::new(), by_outputs: HashMap::new() };
        if plans.iter().all(|plan| plan.estate.remote_states.is_empty()) {
            return found;
        }
        for (unit, plan) in plans.iter().enumerate().filter(|(_, plan)| !plan.estate.outputs.is_empty()) {
            found.units.push((unit, place_of(&plan.unit)));
            found.by_outputs.entry(values(plan, &plan.estate.outputs)).or_default().push(unit);
        }
        found
    }

    /// The units that a remote state may have read.
    pub(super) fn of_state(&self, plans: &[Plan<'_>], own: usize, state: &RemoteState<'_>) -> BTreeSet<usize> {
        let Some(plan) = plans.get(own) else { return BTreeSet::new() };
        let places = kept_at(&serde_json::from_str(state.config.search()).unwrap_or(Value::Null));
        let fits = |at: &[String]| places.iter().any(|place| !place.is_empty() && at.ends_with(place));
        let named: BTreeSet<usize> =
            self.units.iter().filter(|(unit, at)| *unit != own && fits(at)).map(|(unit, _)| *unit).collect();
        let equal = self.by_outputs.get(&values(plan, &state.outputs)).into_iter().flatten().copied();
        let equal: BTreeSet<usize> = equal.filter(|unit| *unit != own && !state.outputs.is_empty()).collect();
        let both: BTreeSet<usize> = named.intersection(&equal).copied().collect();
        if !both.is_empty() {
            return both;
        }
        let either: BTreeSet<usize> = named.union(&equal).copied().collect();
        if either.is_empty() { self.like(plans, own, &values(plan, &state.outputs)) } else { either }
    }

    /// The units that hand out at least half of what was read, the same values under the same names: one side is older.
    fn like(&self, plans: &[Plan<'_>], own: usize, read: &Values) -> BTreeSet<usize> {
        let shared = |unit: usize| {
            let outputs = plans.get(unit).map(|plan| values(plan, &plan.estate.outputs)).unwrap_or_default();
            read.iter().filter(|(name, value)| outputs.get(*name) == Some(value)).count()
        };
        let units = self.units.iter().map(|(unit, _)| *unit).filter(|unit| *unit != own);
        units.filter(|unit| shared(*unit).saturating_mul(2) >= read.len().max(1)).collect()
    }
}

/// What outputs are called and what they are, without saying it.
type Values = BTreeMap<String, Option<u64>>;

fn values(plan: &Plan<'_>, outputs: &[Output<'_>]) -> Values {
    let digest = |output: &Output<'_>| plan.estate.instances.get(output.instance).and_then(|i| i.values.digest());
    outputs.iter().map(|output| (output.name.to_string(), digest(output))).collect()
}

/// The steps of a path that tell one unit from another: without what every state is called.
fn place_of(path: &str) -> Vec<String> {
    let path = path.split('#').next().unwrap_or_default();
    let steps = path.split(['/', '\\']).filter(|step| !matches!(*step, "" | "." | ".."));
    let mut steps: Vec<String> = steps.map(str::to_owned).collect();
    if let Some(last) = steps.pop() {
        let stem = ["tfstate", "json", "tfplan"].iter().find_map(|ending| last.strip_suffix(&format!(".{ending}")));
        let stem = stem.unwrap_or(&last);
        if steps.is_empty() || !matches!(stem, "terraform" | "default" | "state" | "plan") {
            steps.push(stem.to_owned());
        }
    }
    steps
}

/// Where a backend's settings say that a state is kept: a path, a key, a prefix, an address, a workspace.
fn kept_at(config: &Value<'_>) -> Vec<Vec<String>> {
    let single = ["path", "key", "prefix", "address"].iter().filter_map(|name| config.get(name).text());
    let workspaces = config.at(&["workspaces", "name"]);
    single.chain(workspaces.into_iter().filter_map(Value::text)).map(place_of).collect()
}

#[cfg(test)]
mod tests {
    use super::{kept_at, place_of};
    use crate::plan::Value;

    #[test]
    fn a_unit_is_told_by_where_it_is_kept() {
        for (path, place) in [
            ("ctx/network/terraform.tfstate", &["ctx", "network"][..]),
            ("./network.json", &["network"]),
            ("../network/default.tfstate", &["network"]),
            ("terraform.tfstate", &["terraform"]),
            ("states.json#2", &["states"]),
        ] {
            assert_eq!(place_of(path), place, "{path}");
        }
    }

    #[test]
    fn backends_say_it_in_many_ways() {
        for config in [
            r#"{"path":"../network/terraform.tfstate"}"#,
            r#"{"bucket":"acme-states","key":"network/terraform.tfstate","region":"eu-west-1"}"#,
            r#"{"bucket":"acme-states","prefix":"network"}"#,
            r#"{"organization":"acme","workspaces":[{"name":"network"}]}"#,
            r#"{"organization":"acme","workspaces":{"name":"network"}}"#,
        ] {
            let value: Value<'_> = serde_json::from_str(config).unwrap();
            assert_eq!(kept_at(&value), [["network"]], "{config}");
        }
    }
}
