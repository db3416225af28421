//! The rules and their pages, as a service shows them beside what they found.

use serde_json::{Value, json};

use super::notification::KINDS;
use crate::report::Tool;
use crate::rules::{RULES, Rule, Verdict};

/// Where the product lives, where the package says so.
const HOME: &str = env!("CARGO_PKG_REPOSITORY");

/// What made the results, with all that it could find.
pub(super) fn driver(tool: &Tool) -> Value {
    let rules: Vec<Value> = RULES.iter().map(|rule| descriptor(rule, HOME)).collect();
    let notifications: Vec<Value> = KINDS.iter().map(|(id, what, help)| notification(id, what, help)).collect();
    let mut driver = json!({
        "name": "blastgate",
        "semanticVersion": tool.version,
        "version": tool.version,
        "shortDescription": {"text": "The gate between a plan and production."},
        "rules": rules,
        "notifications": notifications,
        "properties": {"catalog": tool.catalog},
    });
    if let Some(driver) = driver.as_object_mut().filter(|_| !HOME.is_empty()) {
        driver.insert("informationUri".to_owned(), HOME.into());
    }
    driver
}

fn notification(id: &str, what: &str, help: &str) -> Value {
    json!({
        "id": id,
        "name": name(id),
        "shortDescription": {"text": what},
        "fullDescription": {"text": what},
        "help": {"text": help},
    })
}

fn descriptor(rule: &Rule, home: &str) -> Value {
    let (level, severity) = match rule.verdict {
        // Above nine is critical, above four is medium.
        Verdict::Block => ("error", "9.5"),
        Verdict::Review => ("warning", "5.5"),
        Verdict::Allow => ("note", "1.0"),
    };
    let problem = if level == "note" { "recommendation" } else { level };
    let mut descriptor = json!({
        "id": rule.id,
        "shortDescription": {"text": format!("{}.", rule.summary)},
        "fullDescription": {"text": what_it_does(rule.page)},
        "help": {
            "text": format!("{}\n\n{}", rule.heading(), rule.page.replace("## ", "")),
            "markdown": format!("# {}\n\n{}\n\n{}", rule.id, rule.heading(), rule.page),
        },
        "defaultConfiguration": {"level": level},
        "properties": {
            "tags": ["security", "reliability", "infrastructure-as-code", rule.verdict.word()],
            "precision": "high",
            "problem.severity": problem,
            "security-severity": severity,
        },
    });
    if let Some(descriptor) = descriptor.as_object_mut() {
        let page = (!home.is_empty()).then(|| format!("{home}/blob/main/docs/rules.md#{}", rule.id));
        descriptor.extend(page.map(|page| ("helpUri".to_owned(), page.into())));
        // A name must say something else than the id.
        let name = Some(name(rule.id)).filter(|name| !name.eq_ignore_ascii_case(rule.id));
        descriptor.extend(name.map(|name| ("name".to_owned(), name.into())));
    }
    descriptor
}

/// The id as a name: `DataLoss`.
fn name(id: &str) -> String {
    let word = |word: &str| {
        let mut characters = word.chars();
        characters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(characters).collect::<String>()
    };
    id.split('-').map(word).collect()
}

/// The first part of a page, as one paragraph.
fn what_it_does(page: &str) -> String {
    let lines = page.lines().skip_while(|line| line.starts_with("## ")).take_while(|line| !line.starts_with("## "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{RULES, descriptor};

    #[test]
    fn every_rule_is_told_as_a_service_wants_it() {
        for rule in RULES {
            let told = descriptor(rule, "https://example.com/blastgate");
            let text = |path: &str| told.pointer(path).and_then(serde_json::Value::as_str).unwrap_or_default();
            assert_eq!(text("/helpUri"), format!("https://example.com/blastgate/blob/main/docs/rules.md#{}", rule.id));
            assert!(text("/name").chars().all(char::is_alphanumeric) && text("/name") != rule.id, "{}", rule.id);
            for path in ["/shortDescription/text", "/fullDescription/text"] {
                assert!(text(path).ends_with('.') && text(path).len() <= 1024, "{}: {path}", rule.id);
            }
            assert!(text("/help/markdown").contains("## What to do instead"), "{}", rule.id);
            assert!(!text("/help/text").contains("## "), "{}", rule.id);
            // Placeholders of messages.
            for digit in '0'..='9' {
                assert!(!text("/help/markdown").contains(&format!("{{{digit}")), "{}", rule.id);
            }
            assert!(descriptor(rule, "").get("helpUri").is_none(), "a page that nobody knows is not linked");
        }
    }
}
