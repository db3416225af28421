//! Units that were given twice: a plan's own state beside it, a state beside its backup. Counted twice, every dependent
//! would be two.

use std::collections::{BTreeMap, HashMap};

use crate::plan::{Attributes, Instance, Mode, Plan, Role};

/// A unit that was left out, because another one that was given holds the same objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    /// The unit that was left out.
    pub unit: String,
    /// The unit that has its objects.
    pub of: String,
}

/// What tells an object from all others of its address: its id, ARN and self link.
type Names = [Option<String>; 3];

/// Takes out the units of context that hold the same objects as a judged plan, or as another unit of context.
///
/// Two units hold the same objects where more than half of the smaller one's are at the same addresses under the same
/// names. Names alone can be the same in two places that are alike (a namespace of one name in two clusters), so some
/// object must have an ARN or self link, or be the same in all of its values; and states of different lineages never are
/// the same. Of two copies the plan stays, then what has a configuration, then the later version, then the first.
#[must_use]
pub fn take_out_copies(plans: Vec<Plan<'_>>) -> (Vec<Plan<'_>>, Vec<Copy>) {
    if plans.iter().all(|plan| plan.role == Role::Judged) {
        return (plans, Vec::new());
    }
    let objects: Vec<Vec<Known<'_>>> = plans.iter().map(known).collect();
    let mut copies: BTreeMap<usize, usize> = BTreeMap::new();
    for ((one, other), shared) in compare(&objects) {
        let size = |unit: usize| objects.get(unit).map_or(0, Vec::len);
        let most = shared.count.saturating_mul(2) > size(one).min(size(other));
        let (Some(a), Some(b)) = (plans.get(one), plans.get(other)) else { continue };
        if most && shared.certain && may_be_the_same(a, b) {
            let (kept, left_out) = if rank(a) <= rank(b) { (one, other) } else { (other, one) };
            // What is judged is judged.
            if plans.get(left_out).is_some_and(|plan| plan.role == Role::Context) {
                copies.entry(left_out).or_insert(kept);
            }
        }
    }
    drop(objects);
    let name = |unit: &usize| plans.get(*unit).map(|plan| plan.unit.clone()).unwrap_or_default();
    let told = copies.iter().map(|(left_out, kept)| Copy { unit: name(left_out), of: name(kept) }).collect();
    let left = plans.into_iter().enumerate().filter(|(unit, _)| !copies.contains_key(unit)).map(|(_, plan)| plan);
    (left.collect(), told)
}

/// The lower, the rather it stays.
fn rank(plan: &Plan<'_>) -> impl Ord + use<> {
    let serial = plan.estate.lineage.as_ref().map_or(0, |lineage| lineage.serial);
    (plan.role == Role::Context, !plan.configuration.present, std::cmp::Reverse(serial))
}

fn may_be_the_same(one: &Plan<'_>, other: &Plan<'_>) -> bool {
    match (&one.estate.lineage, &other.estate.lineage) {
        (Some(one), Some(other)) => one.id == other.id,
        _ => true,
    }
}

/// A managed object that has a name.
struct Known<'p> {
    address: &'p str,
    names: Names,
    values: Attributes<'p>,
}

fn known<'p>(plan: &'p Plan<'_>) -> Vec<Known<'p>> {
    let live = plan.estate.instances.iter().filter(|i| i.mode == Mode::Managed && i.deposed.is_none());
    let known = live.map(|i| Known { address: &i.address, names: names(i), values: i.values.clone() });
    known.filter(|known| known.names.iter().any(Option::is_some)).collect()
}

fn names(instance: &Instance<'_>) -> Names {
    let picked = instance.values.pick(|name| matches!(name, "id" | "arn" | "self_link"));
    ["id", "arn", "self_link"].map(|name| picked.get(name).text().map(str::to_owned))
}

/// What two units have in common.
#[derive(Default)]
struct Shared {
    count: usize,
    certain: bool,
}

/// So many units are remembered for each object; further ones are compared with the first of them.
const MOST: usize = 16;

/// Counts the objects that any two units share.
fn compare(objects: &[Vec<Known<'_>>]) -> BTreeMap<(usize, usize), Shared> {
    let mut units_of: HashMap<(&str, &Names), Vec<(usize, &Known<'_>)>> = HashMap::new();
    let mut found: BTreeMap<(usize, usize), Shared> = BTreeMap::new();
    for (unit, objects) in objects.iter().enumerate() {
        for object in objects {
            let [_, arn, link] = &object.names;
            let units = units_of.entry((object.address, &object.names)).or_default();
            for (earlier, same) in units.iter().filter(|(earlier, _)| *earlier != unit) {
                let shared = found.entry((*earlier, unit)).or_default();
                shared.count = shared.count.saturating_add(1);
                shared.certain =
                    shared.certain || arn.is_some() || link.is_some() || same.values.digest() == object.values.digest();
            }
            if units.len() < MOST {
                units.push((unit, object));
            }
        }
    }
    found
}
