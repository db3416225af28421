//! Rule 4.

use super::{Check, Hit, Loss, Rule, Verdict, verb};
use crate::catalog::Standing;
use crate::facts::{ChangeFacts, Facts};

/// From this many counted dependents on, nobody can follow what happens.
const MANY: u32 = 25;

pub(super) const RULE: Rule = Rule {
    number: 4,
    id: "wide-blast",
    verdict: Verdict::Block,
    never_lowered: false,
    summary: "25 or more things stand on what is destroyed",
    check: "Which of the things on it fail, and for how long?",
    page: "\
## What it does
Finds objects of any kind but routine ones that are deleted or replaced while 25
or more services, foundations or stores of records stand on them.

## Why
One shared security group or role is a small thing with a large shadow: its
replacement reaches everything that uses it.

## Example
```
-/+ resource \"aws_security_group\" \"shared\" {
      ~ name = \"shared\" -> \"shared-v2\" # forces replacement
```
`blastgate graph` draws who stands on it.

## What lowers it
An ephemeral environment lowers it to allow; where only names say so, to review.
That those who stand on it are changed by the same plan does not.

## What to do instead
Make the new object beside the old one, move what stands on it over in steps,
and remove the old one last.
",
    checks: &[Check::Change(check)],
};

fn check(_: &Facts<'_, '_>, change: &ChangeFacts<'_, '_>) -> Option<Hit> {
    let count = change.reach.counted;
    if !change.destroys() || change.is_deposed() || change.entry.standing == Standing::Routine || count < MANY {
        return None;
    }
    Some(Hit::new(Loss::Service, format!("It is {}, and {count} things stand on it.", verb(change))))
}
