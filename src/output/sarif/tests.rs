use super::limits::{Limits, packed};
use super::{Value, within};
use crate::input;
use crate::report::{Outcome, Report};

const PLAN: &str = include_str!("../../../testdata/labelled/aws-core-renumbered-modules.json");

/// A report with so many findings of each verdict, the worst first.
fn report(counts: [(Outcome, usize); 3]) -> Report {
    let plans = input::read("plan.json", PLAN, &input::Limits::default()).unwrap();
    let mut report = crate::assess(&plans);
    let one = report.findings.first().unwrap().clone();
    let several = |(verdict, count): (Outcome, usize)| {
        let one = one.clone();
        (0..count).map(move |number| {
            let address = format!("aws_vpc.{}_{number}", verdict.word());
            let fingerprint = format!("{}{number:08x}", verdict.word());
            crate::report::Finding { verdict, address, fingerprint, ..one.clone() }
        })
    };
    report.findings = counts.into_iter().flat_map(several).collect();
    report.groups.clear();
    report
}

fn results(log: &Value) -> Vec<&str> {
    let results = log["runs"][0]["results"].as_array().unwrap();
    results.iter().map(|result| result["fingerprints"]["blastgate/finding/v1"].as_str().unwrap()).collect()
}

fn left_out(log: &Value) -> &str {
    let all = log["runs"][0]["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    let of = all.iter().find(|one| one["descriptor"]["id"] == "results-left-out");
    of.map(|one| one["message"]["text"].as_str().unwrap()).unwrap_or_default()
}

const ROOM: Limits = Limits { runs: 20, results: 1_000, bytes: 10_000_000 };

#[test]
fn the_worst_are_shown_and_the_rest_is_counted() {
    let report = report([(Outcome::Block, 3), (Outcome::Review, 5), (Outcome::Allow, 2)]);
    let all: Value = serde_json::from_str(&within(&report, &ROOM)).unwrap();
    assert_eq!((results(&all).len(), left_out(&all)), (10, ""));
    let few: Value = serde_json::from_str(&within(&report, &Limits { results: 4, ..ROOM })).unwrap();
    assert_eq!(results(&few), results(&all).get(..4).unwrap());
    assert_eq!(
        left_out(&few),
        "6 further findings are left out here, since services take no more: 4 review, 2 lowered. The report as JSON has all."
    );
}

#[test]
fn the_file_is_never_larger_than_it_may_be() {
    let report = report([(Outcome::Block, 40), (Outcome::Review, 200), (Outcome::Allow, 0)]);
    let whole = packed(&within(&report, &ROOM));
    let mut shown = usize::MAX;
    for share in [2, 3, 5] {
        let limits = Limits { bytes: whole / share + 9_000, ..ROOM };
        let text = within(&report, &limits);
        let log: Value = serde_json::from_str(&text).unwrap();
        let count = results(&log).len();
        assert!(packed(&text) <= limits.bytes && count > 0 && count <= shown, "{} of {}", packed(&text), limits.bytes);
        assert!(results(&log).iter().take(40).all(|one| one.starts_with("block")), "the worst first");
        shown = count;
    }
    // Even where nothing fits, what is written is a whole file that says so.
    let nothing: Value = serde_json::from_str(&within(&report, &Limits { bytes: 1, ..ROOM })).unwrap();
    assert!(results(&nothing).is_empty() && left_out(&nothing).starts_with("240 further findings"));
}
