//! What matters, in three short answers: what is lost, what goes down with it, and what to do first.

use std::collections::{BTreeSet, HashMap, VecDeque};

use super::finding;
use super::markup::Markup;
use super::places::{self, Found};
use super::ways;
use crate::picture::{Picture, Role};
use crate::report::{Finding, Group, Outcome, Report};

/// So many names stand behind a number.
const NAMES: usize = 3;
/// So many are listed by what stands on them.
const HEAVIEST: usize = 5;

/// Three cards; nothing where nothing is open.
pub(super) fn glance(report: &Report) -> Markup {
    let open: Vec<Found<'_>> = places::all(report).filter(|one| one.verdict != Outcome::Allow).collect();
    let mut out = Markup::default();
    if open.is_empty() {
        return out;
    }
    out.raw("<div class=\"glance\">");
    lost(&mut out, &open);
    with_it(&mut out, &open, report.picture.as_ref());
    first(&mut out, report);
    out.raw("</div>");
    out
}

/// What each kind of loss is called. Records with a way back, or that only expire, are not lost yet.
fn loss(finding: &Finding) -> &'static str {
    match (&*finding.loss, finding.verdict) {
        _ if finding.address.is_empty() => "The change as a whole",
        ("data", Outcome::Block | Outcome::Error) => "Records are lost",
        ("data", _) => "Records are at risk",
        ("contents", _) => "Passing contents are lost",
        ("service", Outcome::Block | Outcome::Error) => "Others lose what they stand on",
        ("service", _) => "Service is interrupted",
        ("protection", _) => "A guard comes off",
        ("control", _) => "Nobody manages it any more",
        _ => "Nobody can say what happens",
    }
}

fn lost(out: &mut Markup, open: &[Found<'_>]) {
    out.raw("<section class=\"card lost\" aria-labelledby=\"lost\"><h2 id=\"lost\">What is lost</h2><dl>");
    let mut kinds: Vec<(&str, Vec<Found<'_>>)> = Vec::new();
    for finding in open {
        match kinds.iter_mut().find(|(kind, _)| *kind == loss(finding)) {
            Some((_, findings)) => findings.push(*finding),
            None => kinds.push((loss(finding), vec![*finding])),
        }
    }
    for (kind, findings) in kinds {
        let worst = findings.first().map_or("review", |finding| finding.verdict.word());
        out.put("<dt class=\"{}\"><b>{}</b> {}</dt>", &[&worst, &findings.len(), &kind]);
        for finding in findings.iter().take(NAMES) {
            out.raw("<dd>");
            finding::link(out, *finding);
            out.raw("</dd>");
        }
        let more = findings.len().saturating_sub(NAMES);
        if more > 0 {
            out.put("<dd>and {} more</dd>", &[&more]);
        }
    }
    out.raw("</dl></section>");
}

fn with_it(out: &mut Markup, open: &[Found<'_>], picture: Option<&Picture>) {
    out.raw(
        "<section class=\"card with-it\" aria-labelledby=\"with-it\"><h2 id=\"with-it\">What goes down with it</h2>",
    );
    let mut heavy: Vec<Found<'_>> = open.iter().copied().filter(|one| one.dependents.count > 0).collect();
    heavy.sort_by_key(|finding| std::cmp::Reverse(finding.dependents.count));
    let carries = open.iter().any(|finding| finding.dependents.carries_unlisted);
    if heavy.is_empty() {
        out.raw("<p>Nothing that is seen here stands on it.</p>");
    } else if let Some(picture) = picture {
        survivors(out, picture);
    }
    if !heavy.is_empty() {
        out.raw("<ul class=\"heaviest\">");
        for finding in heavy.iter().take(HEAVIEST) {
            out.put("<li><b>{}</b> <span>on ", &[&finding.dependents.count]);
            finding::link(out, *finding);
            out.raw("</span></li>");
        }
        let more = heavy.len().saturating_sub(HEAVIEST);
        if more > 0 {
            out.put("<li>and less on {} more</li>", &[&more]);
        }
        out.raw("</ul>");
    }
    if carries {
        out.raw("<p class=\"unseen\">Some of it carries what no plan lists, so there may be more.</p>");
    }
    out.raw("</section>");
}

/// How many stay where they are while what they stand on goes.
fn survivors(out: &mut Markup, picture: &Picture) {
    let count = left_standing(picture);
    let at_least = if picture.left_out.nodes > 0 { "At least " } else { "" };
    match count {
        0 => out.raw("<p>Only what is destroyed as well is seen to stand on it.</p>"),
        1 => out.put("<p>{}<b>1</b> thing that stays stands on what goes.</p>", &[&at_least]),
        _ => out.put("<p>{}<b>{}</b> things that stay stand on what goes.</p>", &[&at_least, &count]),
    }
}

/// The counted objects that are not destroyed and stand on something that is.
fn left_standing(picture: &Picture) -> usize {
    let nodes: HashMap<&str, _> = picture.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    let mut next: HashMap<&str, Vec<&str>> = HashMap::new();
    for edge in &picture.edges {
        next.entry(&edge.from).or_default().push(&edge.to);
    }
    let destroyed = picture.nodes.iter().filter(|node| node.role == Role::Destroyed);
    let mut open: VecDeque<&str> = destroyed.map(|node| node.id.as_str()).collect();
    let mut seen: BTreeSet<&str> = open.iter().copied().collect();
    let mut count: usize = 0;
    while let Some(id) = open.pop_front() {
        let node = nodes.get(id).filter(|node| node.role != Role::Destroyed);
        count = count.saturating_add(usize::from(node.is_some_and(|node| node.counts())));
        open.extend(next.get(id).into_iter().flatten().copied().filter(|to| seen.insert(to)));
    }
    count
}

/// The worst finding's question, and the best way out of its story. What is found of a plan as a whole is explained by the
/// next story of that plan, which may have something to paste.
fn first(out: &mut Markup, report: &Report) {
    let groups: Vec<&Group> = report.groups.iter().filter(|group| group.verdict != Outcome::Allow).collect();
    let Some((worst, rest)) = groups.split_first() else { return };
    let of_plan = places::of_group(report, worst).first().is_some_and(|finding| finding.address.is_empty());
    let has_paste = |group: &&&Group| group.ways_out.first().is_some_and(|way| way.paste.is_some());
    let cause = rest.iter().find(|group| group.input == worst.input).filter(|_| of_plan).filter(has_paste);
    let told = cause.unwrap_or(worst);
    out.raw("<section class=\"card first\" aria-labelledby=\"first\"><h2 id=\"first\">What to do first</h2>");
    if let Some(finding) = places::of_group(report, worst).first() {
        out.put("<p class=\"check\">{}</p>", &[&finding.check]);
    }
    if let Some(way) = told.ways_out.first() {
        ways::one(out, way);
    }
    let more = rest.len();
    if let Some(finding) = places::of_group(report, told).first().filter(|_| more > 0) {
        out.raw("<p class=\"more\">For ");
        finding::link(out, *finding);
        out.put("; {} more {} below.</p>", &[&more, &if more == 1 { "story" } else { "stories" }]);
    }
    out.raw("</section>");
}
