//! Rule 3.

use super::{Check, Hit, Loss, PlanHit, Rule, Verdict, name_some};
use crate::catalog::Standing;
use crate::environment::{Says, Sign};
use crate::facts::{ChangeFacts, Environment, Facts, PlanFacts, Sure};

pub(super) const RULE: Rule = Rule {
    number: 3,
    id: "environment-teardown",
    verdict: Verdict::Block,
    never_lowered: false,
    summary: "A whole environment goes",
    check: "Is this the right account, region and environment, and does everybody in it know?",
    page: "\
## What it does
Finds plans that take down an environment: five or more of what serves or
carries others, and at least half of it, are destroyed; or a destroy plan of
something that holds records without a way back, or of a foundation that others
stand on. It is one finding, about the plan, and names what is precious in it.

## Why
`terraform destroy`, a plan in the wrong workspace, or one made with the wrong
state looks fine row by row. The sum does not.

## What lowers it
Only where each object that it names says ephemeral, itself or by the foundation
it stands on, and nothing that is destroyed says production, is it lowered to
allow; where some of them only have names that say so, to review.

## What to do instead
Check the workspace, the backend and the variables. Remove a retired environment
in steps, its data last and on its own.

In a stack, check the account, the region, the stack's name, and the parameters
that conditions ask for. Take a retired environment out in steps, its data last
and on its own.
",
    checks: &[Check::Plan(check)],
};

fn check(facts: &Facts<'_, '_>, plan: usize) -> Vec<PlanHit> {
    let Some(whole) = facts.of_plans.get(plan) else { return Vec::new() };
    let destroyed: Vec<&ChangeFacts<'_, '_>> =
        facts.of_one(plan).iter().filter(|c| c.destroys() && !c.is_deposed()).collect();
    let precious: Vec<&ChangeFacts<'_, '_>> = destroyed.iter().copied().filter(|c| c.is_precious()).collect();
    let heavy = precious
        .iter()
        .any(|c| (c.entry.holds_records() && c.way_back.is_none()) || (c.entry.is_foundation() && c.has_dependents()));
    let most = whole.has_shares
        && whole.standing_destroyed >= 5
        && whole.standing_destroyed.saturating_mul(2) >= whole.standing;
    let takes_down = most || (whole.destroy_plan && heavy);
    if !takes_down {
        return Vec::new();
    }
    let worst = if precious.is_empty() { standing(&destroyed) } else { precious };
    let names: Vec<String> = worst.iter().map(|change| change.change.address.to_string()).collect();
    let loss = if worst.iter().any(|c| c.entry.holds_records()) { Loss::Data } else { Loss::Service };
    vec![PlanHit {
        hit: Hit::new(loss, reason(whole, &names)),
        address: String::new(),
        kind: String::new(),
        environment: environment(facts, &destroyed, &worst),
        names,
    }]
}

fn standing<'f, 'p, 'a>(destroyed: &[&'f ChangeFacts<'p, 'a>]) -> Vec<&'f ChangeFacts<'p, 'a>> {
    destroyed.iter().copied().filter(|c| matches!(c.entry.standing, Standing::Service | Standing::Unknown)).collect()
}

fn reason(whole: &PlanFacts, names: &[String]) -> String {
    let what = if whole.destroy_plan {
        "This is a destroy plan".to_owned()
    } else {
        format!(
            "{} of the {} objects that serve or carry others here are destroyed",
            whole.standing_destroyed, whole.standing
        )
    };
    format!("{what}: the environment goes, with {}.", name_some(names, 5))
}

/// It may go only if every named object says so, itself or by its foundation, and nothing destroyed says production.
fn environment(
    facts: &Facts<'_, '_>,
    destroyed: &[&ChangeFacts<'_, '_>],
    named: &[&ChangeFacts<'_, '_>],
) -> Environment {
    let says = |change: &ChangeFacts<'_, '_>, says: Says| -> Option<(String, Sign)> {
        let sign = change.node.and_then(|node| facts.signs(node).tag(says).cloned())?;
        Some((change.change.address.to_string(), sign))
    };
    if let Some(evidence) = destroyed.iter().find_map(|change| says(change, Says::Production)) {
        return Environment { sure: Sure::Production, evidence: Some(evidence) };
    }
    let sure = named.iter().map(|change| change.environment_itself.sure).fold(None, |least: Option<Sure>, sure| {
        Some(match (least, sure) {
            (None | Some(Sure::Ephemeral), Sure::Ephemeral) => Sure::Ephemeral,
            (None | Some(Sure::Ephemeral | Sure::Weak), Sure::Ephemeral | Sure::Weak) => Sure::Weak,
            (Some(Sure::Production), _) | (_, Sure::Production) => Sure::Production,
            _ => Sure::Unsaid,
        })
    });
    let evidence = named.iter().find_map(|change| change.environment_itself.evidence.clone());
    Environment { sure: sure.unwrap_or_default(), evidence }
}
