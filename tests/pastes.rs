//! What is pasted can be nothing but what it says: no string of a plan ends a string of a paste, and no secret is in one.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use blastgate::report::Report;
use common::hostile::{HOSTILE, pastes, words};
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Body, Structure};
use serde_json::{Value, json};

fn report(plan: &Value) -> Option<Report> {
    common::report_of("plan.json", plan.to_string().as_bytes()).ok()
}

fn plan(rows: &[Value], variables: Value, root: Value) -> Value {
    let state: Vec<Value> = rows
        .iter()
        .filter(|row| !row["change"]["before"].is_null())
        .map(|row| {
            json!({"address": row["address"], "mode": "managed", "type": row["type"], "name": row["name"], "index": row["index"],
                "values": row["change"]["before"], "sensitive_values": row["change"]["before_sensitive"]})
        })
        .collect();
    json!({
        "format_version": "1.2", "terraform_version": "1.11.4", "applyable": true, "complete": true,
        "variables": variables, "resource_changes": rows, "configuration": {"root_module": root},
        "prior_state": {"format_version": "1.0", "values": {"root_module": {"resources": state}}},
    })
}

fn row(address: &str, index: Value, actions: &[&str], before: Value, after: Value) -> Value {
    let (kind, rest) = address.split_once('.').unwrap();
    let name = rest.split('[').next().unwrap();
    json!({"address": address, "mode": "managed", "type": kind, "name": name, "index": index,
        "change": {"actions": actions, "before": before, "after": after, "after_unknown": {"id": true}}})
}

fn replaced(address: &str, path: Value, before: Value, after: Value) -> Value {
    let mut row = row(address, Value::Null, &["delete", "create"], before, after);
    row["change"]["replace_paths"] = json!([path]);
    row["action_reason"] = json!("replace_because_cannot_update");
    row
}

/// As the tools write a key into an address.
fn quoted(key: &str) -> String {
    let mut text = String::new();
    let mut rest = key.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '$' | '%' if rest.peek() == Some(&'{') => text.extend([c, c]),
            other => text.push(other),
        }
    }
    format!("\"{text}\"")
}

/// Plans with a hostile text in each place that a paste may take it from.
fn hostile(text: &str) -> Vec<Value> {
    let queue = |name: &str| json!({"name": name, "id": "q"});
    let at = |key: &str| format!("aws_sqs_queue.a[{key}]");
    let to = |key: &str| format!("aws_sqs_queue.b[{key}]");
    let raw = format!("\"{text}\"");
    let renamed = |key: &str| {
        let rows = [
            row(&at(key), json!(text), &["delete"], queue("one"), Value::Null),
            row(&to(key), json!(text), &["create"], Value::Null, queue("one")),
            // So that not the whole block is renamed.
            row("aws_sqs_queue.a[\"kept\"]", json!("kept"), &["delete"], queue("two"), Value::Null),
        ];
        plan(&rows, json!({}), json!({}))
    };
    let literal =
        [replaced("aws_db_instance.a", json!(["engine"]), json!({"engine": text}), json!({"engine": "mysql"}))];
    let nested = |before: Value| {
        let after = json!({"setting": [{"mode": "y"}], "labels_of": {"k": "y"}});
        [replaced("aws_db_instance.a", json!(["setting", 0, "mode"]), before, after)]
    };
    let map = [replaced(
        "aws_db_instance.a",
        json!(["options", text]),
        json!({"options": {text: text, "b": "c"}}),
        json!({"options": {text: "x", "b": "c"}}),
    )];
    let named = [replaced("aws_db_instance.a", json!([text]), json!({text: "x"}), json!({text: "y"}))];
    let variable = json!({"resources": [{"address": "aws_db_instance.a", "mode": "managed", "type": "aws_db_instance", "name": "a",
        "expressions": {"engine": {"references": ["var.v"]}}}], "variables": {"v": {}}});
    let shifted = |key: fn(&str) -> String| {
        let rows = [
            row("aws_sqs_queue.a[0]", json!(0), &["delete", "create"], queue("first"), queue(&key(text))),
            row("aws_sqs_queue.a[1]", json!(1), &["delete"], queue(&key(text)), Value::Null),
        ];
        plan(&rows, json!({}), json!({}))
    };
    let gone = |key: &str| {
        let mut row = row(&at(key), json!(text), &["delete"], queue("one"), Value::Null);
        row["action_reason"] = json!("delete_because_each_key");
        let kept = super_row();
        plan(&[row, kept], json!({}), json!({}))
    };
    let copied =
        [row("aws_dynamodb_table.a", Value::Null, &["delete"], json!({"name": text, "id": text}), Value::Null)];
    vec![
        renamed(&quoted(text)),
        renamed(&raw),
        plan(&literal, json!({}), json!({})),
        plan(&nested(json!({"setting": [{"mode": text}]})), json!({}), json!({})),
        plan(&map, json!({}), json!({})),
        plan(&named, json!({}), json!({})),
        plan(&literal, json!({"v": {"value": "mysql"}}), variable),
        shifted(str::to_owned),
        gone(&quoted(text)),
        gone(&raw),
        plan(&copied, json!({}), json!({})),
    ]
}

fn super_row() -> Value {
    row("aws_sqs_queue.a[\"kept\"]", json!("kept"), &["no-op"], json!({"name": "two"}), json!({"name": "two"}))
}

/// Every string in the expression is a plain one, so that nothing is evaluated.
fn is_plain(expression: &Expression) -> bool {
    match expression {
        Expression::Array(items) => items.iter().all(is_plain),
        Expression::Object(members) => members.iter().all(|(_, value)| is_plain(value.expr())),
        Expression::FuncCall(call) => call.name.name.as_str() == "toset" && call.args.iter().all(is_plain),
        // A reference to an address, or to what each instance has.
        Expression::Traversal(_) | Expression::Variable(_) => true,
        Expression::StringTemplate(_) | Expression::HeredocTemplate(_) => false,
        other => other.is_null() || other.is_bool() || other.is_number() || other.is_str(),
    }
}

/// The blocks and arguments that ways out write, and nothing else.
fn is_known(body: &Body, depth: usize) -> bool {
    const BLOCKS: [&str; 7] = ["moved", "removed", "resource", "module", "lifecycle", "setting", "metadata"];
    body.iter().all(|structure| match structure {
        Structure::Attribute(attribute) => is_plain(&attribute.value),
        Structure::Block(block) => {
            depth < 4
                && BLOCKS.contains(&block.ident.as_str())
                && block.labels.len() <= 2
                && is_known(&block.body, depth + 1)
        }
    })
}

#[test]
fn a_hostile_text_stays_a_text() {
    let (mut seen, mut with_text) = (0, 0);
    for text in HOSTILE {
        for plan in hostile(text) {
            let Some(report) = report(&plan) else { continue };
            for paste in pastes(&report) {
                seen += 1;
                with_text += usize::from(paste.text.contains("id") || paste.text.contains('x'));
                assert!(paste.text.chars().all(|c| !c.is_control() || c == '\n'), "{text:?}\n{}", paste.text);
                if paste.language == "sh" {
                    assert!(paste.text.lines().all(|line| words(line).is_some()), "{text:?}\n{}", paste.text);
                    continue;
                }
                let body: Body = paste.text.parse().unwrap_or_else(|e| panic_with(text, &paste.text, &e));
                assert!(is_known(&body, 0), "{text:?}\n{}", paste.text);
            }
        }
    }
    println!("{seen} pastes, {with_text} with words of the text");
    assert!(seen > 100 && with_text > 20, "{seen} {with_text}");
}

fn panic_with(text: &str, paste: &str, error: &hcl_edit::parser::Error) -> Body {
    assert!(text.is_empty(), "{text:?}\n{paste}\n{error}");
    Body::new()
}

#[test]
fn a_key_means_the_same_in_the_paste() {
    for key in ["say \"hi\"", "a.b[0]", "back\\slash", "cost ${x} %{y}", "tab\there", "ü"] {
        let queue = || json!({"name": "one", "id": "q"});
        let rows = [
            row(&format!("aws_sqs_queue.a[{}]", quoted(key)), json!(key), &["delete"], queue(), Value::Null),
            row("aws_sqs_queue.b[\"new\"]", json!("new"), &["create"], Value::Null, queue()),
        ];
        let report = report(&plan(&rows, json!({}), json!({}))).unwrap();
        let found = pastes(&report).into_iter().find(|paste| paste.text.starts_with("moved"));
        let Some(paste) = found else {
            assert!(key.contains('\t'), "{key}: {:?}", pastes(&report));
            continue;
        };
        let body: Body = paste.text.parse().unwrap();
        let block = body.get_blocks("moved").next().unwrap();
        let from = block.body.get_attribute("from").unwrap().value.to_string();
        assert!(from.contains(&quoted(key)), "{from}");
    }
}

/// A marker in each place that nobody may see.
/// The way back of the first finding that has one: its sentences, and its paste.
fn revert(plan: &Value) -> (String, Option<String>) {
    let report = report(plan).unwrap();
    let mut ways = report.groups.iter().flat_map(|group| &group.ways_out);
    let way = ways.find(|way| way.id == "revert").expect("a way back");
    (way.text.clone(), way.paste.as_ref().map(|paste| paste.text.clone()))
}

#[test]
fn a_variable_that_others_use_as_it_is_does_not_go_back() {
    let range = |range: &str| json!({"cidr_block": range});
    let block = |name: &str| {
        json!({"address": format!("aws_vpc.{name}"), "mode": "managed", "type": "aws_vpc", "name": name,
            "expressions": {"cidr_block": {"references": ["var.cidr"]}}})
    };
    let one = replaced("aws_vpc.one", json!(["cidr_block"]), range("10.0.0.0/16"), range("10.1.0.0/16"));
    let two = row("aws_vpc.two", Value::Null, &["no-op"], range("10.1.0.0/16"), range("10.1.0.0/16"));
    let of = |rows: &[Value]| {
        let root = json!({"resources": [block("one"), block("two")], "variables": {"cidr": {}}});
        revert(&plan(rows, json!({"cidr": {"value": "10.1.0.0/16"}}), root))
    };
    assert_eq!(of(std::slice::from_ref(&one)).1.as_deref(), Some("cidr = \"10.0.0.0/16\""));
    let (text, paste) = of(&[one, two]);
    assert!(paste.is_none() && !text.contains("set that back"), "{text} {paste:?}");
}

#[test]
fn a_guard_is_called_as_the_object_calls_it() {
    let table = |on: bool| json!({"name": "a", "hash_key": "id", "point_in_time_recovery_enabled": on});
    let row = row("aws_dynamodb_table.a", Value::Null, &["update"], table(true), table(false));
    let (text, paste) = revert(&plan(&[row], json!({}), json!({})));
    assert!(text.starts_with("Set point_in_time_recovery_enabled of"), "{text}");
    assert!(paste.unwrap().contains("point_in_time_recovery_enabled = true"));
}

#[test]
fn a_map_within_a_block_goes_back_whole() {
    let pool = |a: &str| json!({"name": "p", "node_config": [{"labels": {"a": a, "x.y/z": "2"}}]});
    let path = json!(["node_config", 0, "labels", "a"]);
    let row = replaced("google_container_node_pool.p", path, pool("1"), pool("3"));
    let (text, paste) = revert(&plan(&[row], json!({}), json!({})));
    let paste = paste.expect(&text);
    assert!(
        paste.contains("node_config {\n    labels = {\n      \"a\"     = \"1\"\n      \"x.y/z\" = \"2\""),
        "{paste}"
    );
}

#[test]
fn no_secret_is_in_a_text() {
    const MARKERS: [&str; 7] = [
        "marker-hunter2",
        "postgres://app:marker-hunter2@db/app",
        "-----BEGIN RSA PRIVATE KEY-----marker-hunter2",
        "AKIAIOSFODNNmarker-hunter2",
        "Server=db;Password=marker-hunter2;",
        "ghp_markerhunter2markerhunter2",
        "eyJhbGciOiJIUzI1NiJ9.marker-hunter2",
    ];
    for (at, marker) in MARKERS.iter().enumerate() {
        let (before, after) = (json!({"engine": marker, "id": "a"}), json!({"engine": "plain"}));
        let mut masked_before = replaced("aws_db_instance.a", json!(["engine"]), before.clone(), after.clone());
        masked_before["change"]["before_sensitive"] = json!({"engine": true});
        // It became a secret with this change, so the state did not know yet.
        let mut masked_after = replaced("aws_db_instance.a", json!(["engine"]), before.clone(), after.clone());
        masked_after["change"]["after_sensitive"] = json!({"engine": true});
        let unmasked = replaced("aws_db_instance.a", json!(["engine"]), before.clone(), after.clone());
        let by_name =
            |name: &str| replaced("aws_db_instance.a", json!([name]), json!({name: marker}), json!({name: "x"}));
        let in_map = replaced(
            "aws_db_instance.a",
            json!(["options", "DB_PASS"]),
            json!({"options": {"DB_PASS": marker, "b": "c"}}),
            json!({"options": {"DB_PASS": "x", "b": "c"}}),
        );
        let neighbour = replaced(
            "aws_db_instance.a",
            json!(["options", "b"]),
            json!({"options": {"DB_PASS": marker, "b": "c"}}),
            json!({"options": {"DB_PASS": marker, "b": "d"}}),
        );
        let mut key = row(
            "aws_sqs_queue.a[0]",
            json!(0),
            &["delete", "create"],
            json!({"name": "first"}),
            json!({"name": marker}),
        );
        key["change"]["before_sensitive"] = json!({"name": true});
        key["change"]["after_sensitive"] = json!({"name": true});
        let mut last = row("aws_sqs_queue.a[1]", json!(1), &["delete"], json!({"name": marker}), Value::Null);
        last["change"]["before_sensitive"] = json!({"name": true});
        let mut plans = vec![
            plan(&[masked_before], json!({}), json!({})),
            plan(&[masked_after], json!({}), json!({})),
            plan(&[by_name("password")], json!({}), json!({})),
            plan(&[by_name("api_key")], json!({}), json!({})),
            plan(&[by_name("user_data")], json!({}), json!({})),
            plan(&[in_map], json!({}), json!({})),
            plan(&[neighbour], json!({}), json!({})),
            plan(&[key, last], json!({}), json!({})),
        ];
        // The first marker looks like nothing; all others are known by their look.
        if at > 0 {
            plans.push(plan(&[unmasked], json!({}), json!({})));
        }
        for given in plans {
            let report = report(&given).unwrap();
            for format in ["human", "json"] {
                let text = common::written(&report, format);
                let own = given["resource_changes"].to_string();
                assert!(!text.contains("hunter2"), "{marker}\n{own}\n{text}");
            }
        }
    }
}

#[test]
fn what_is_sensitive_on_either_side_is_in_no_output() {
    let table = |index: usize| json!({"name": format!("MARKER{index}"), "hash_key": "a"});
    let replaced_table = |index: usize, former: Value, now: Value| {
        let address = format!("aws_dynamodb_table.t[{index}]");
        let mut row = replaced(&address, json!(["name"]), table(index), json!({"name": "MARKERnew", "hash_key": "a"}));
        row["index"] = json!(index);
        row["change"]["before_sensitive"] = former;
        row["change"]["after_sensitive"] = now;
        row
    };
    let mut gone = row("aws_dynamodb_table.t[2]", json!(2), &["delete"], table(2), Value::Null);
    gone["change"]["before_sensitive"] = json!({});
    gone["change"]["after_sensitive"] = json!(false);
    let rows = [
        replaced_table(0, json!({}), json!({"name": true})),
        replaced_table(1, json!({"name": true}), json!({})),
        gone,
    ];
    let plan = plan(&rows, json!({}), json!({}));
    let report = report(&plan).unwrap();
    assert_eq!(report.findings.len(), 3);
    let text = serde_json::to_string(&report).unwrap();
    assert!(!text.contains("MARKER"), "{text}");
    let file = std::env::temp_dir().join(format!("either-side-{}.json", std::process::id()));
    std::fs::write(&file, plan.to_string()).unwrap();
    let path = file.to_str().unwrap();
    for arguments in [
        vec!["check", path],
        vec!["check", path, "--format", "json"],
        vec!["explain", "aws_dynamodb_table.t[2]", path],
        vec!["explain", "aws_dynamodb_table.t[0]", path, "--format", "json"],
        vec!["graph", path, "--all"],
        vec!["graph", path, "--all", "--format", "dot"],
        vec!["graph", path, "--all", "--format", "json"],
    ] {
        let run = std::process::Command::new(env!("CARGO_BIN_EXE_blastgate")).args(&arguments).output().unwrap();
        let printed = String::from_utf8_lossy(&run.stdout);
        assert!(printed.contains("aws_dynamodb_table"), "{arguments:?}: {printed}");
        assert!(!printed.contains("MARKER"), "{arguments:?}: {printed}");
    }
    std::fs::remove_file(&file).unwrap();
}

#[test]
fn no_script_is_a_key_of_a_shifted_block() {
    for name in ["user_data", "user_data_base64", "custom_data", "startup_script"] {
        let values = |index: usize| json!({(name): format!("#!/bin/sh MARKER{index}"), "ami": "a"});
        let moved = |index: usize| {
            let address = format!("aws_instance.s[{index}]");
            let mut row = replaced(&address, json!([name]), values(index), values(index + 1));
            row["index"] = json!(index);
            row
        };
        let gone = row("aws_instance.s[2]", json!(2), &["delete"], values(2), Value::Null);
        let report = report(&plan(&[moved(0), moved(1), gone], json!({}), json!({}))).unwrap();
        let text = serde_json::to_string(&report).unwrap();
        assert!(report.findings.len() == 3 && !text.contains("MARKER"), "{text}");
    }
}
