//! What is pasted for a stack can be nothing but what it says, and holds no secret: lines for a template, and commands.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use blastgate::report::Report;
use common::hostile::{HOSTILE, pastes, words};
use serde_json::{Value, json};

fn change_set(rows: Vec<Value>) -> Value {
    let rows: Vec<Value> = rows.into_iter().map(|row| json!({"Type": "Resource", "ResourceChange": row})).collect();
    json!({
        "Changes": rows, "ChangeSetName": "deploy", "StackName": "shop", "Status": "CREATE_COMPLETE", "ExecutionStatus": "AVAILABLE",
        "ChangeSetId": "arn:aws:cloudformation:eu-west-1:111122223333:changeSet/deploy/1",
        "StackId": "arn:aws:cloudformation:eu-west-1:111122223333:stack/shop/1",
    })
}

fn context(properties: &Value) -> Value {
    json!(json!({"Properties": properties}).to_string())
}

fn row(action: &str, id: &str, kind: &str, physical: &str, before: &Value, after: &Value) -> Value {
    let mut row = json!({"Action": action, "LogicalResourceId": id, "ResourceType": kind, "Scope": [], "Details": []});
    if !before.is_null() {
        row["PhysicalResourceId"] = json!(physical);
        row["BeforeContext"] = context(before);
    }
    if !after.is_null() {
        row["AfterContext"] = context(after);
    }
    row
}

/// A row that replaces, or changes in place, since one property has another value.
fn modified(kind: &str, recreates: &str, property: &str, before: &Value, after: &Value) -> Value {
    let mut row = row("Modify", "Db", kind, "db-1", before, after);
    row["Replacement"] = json!(if recreates == "Always" { "True" } else { "False" });
    row["Scope"] = json!(["Properties"]);
    row["Details"] = json!([{"Evaluation": "Static", "ChangeSource": "DirectModification",
        "Target": {"Attribute": "Properties", "Name": property, "RequiresRecreation": recreates, "Path": format!("/Properties/{property}")}}]);
    row
}

fn report(given: &Value) -> Option<Report> {
    common::report_of("change-set.json", given.to_string().as_bytes()).ok()
}

/// Change sets with a text in each place that a paste may take it from.
fn with(text: &str) -> Vec<Value> {
    let db = "AWS::RDS::DBInstance";
    let literal = modified(db, "Always", "Engine", &json!({"Engine": text}), &json!({"Engine": "mysql"}));
    let inside = |value: Value| modified(db, "Always", "Setting", &json!({"Setting": value}), &json!({"Setting": "x"}));
    let named = modified(db, "Always", text, &json!({text: "a"}), &json!({text: "b"}));
    let gone = row("Remove", "Db", "AWS::DynamoDB::Table", text, &json!({"TableName": text}), &Value::Null);
    let table = json!({"BillingMode": "PAY_PER_REQUEST", "TableClass": "STANDARD"});
    let renamed = vec![
        row("Remove", "Old", "AWS::DynamoDB::Table", text, &table, &Value::Null),
        row("Add", "New", "AWS::DynamoDB::Table", "", &Value::Null, &table),
    ];
    let tag = |value: &str| json!({"Tags": [{"Key": "Environment", "Value": value}, {"Key": text, "Value": text}]});
    let tagged = modified("AWS::S3::Bucket", "Never", "Tags", &tag("production"), &tag("dev"));
    let mut nested = row("Modify", "Data", "AWS::CloudFormation::Stack", "s", &json!({"T": "1"}), &json!({"T": "2"}));
    nested["ChangeSetId"] = json!(text);
    let mut by_parameter = literal.clone();
    by_parameter["Details"][0]["ChangeSource"] = json!("ParameterReference");
    by_parameter["Details"][0]["CausingEntity"] = json!(text);
    let mut unknown = literal.clone();
    unknown["ResourceType"] = json!(text);
    let mut of_stack = change_set(vec![gone.clone()]);
    of_stack["StackName"] = json!(text);
    let mut all: Vec<Value> = [
        literal,
        inside(json!({"a": [text, {"b": text}]})),
        inside(json!({text: "a", "Ref": text})),
        inside(json!([{"Fn::Sub": text}])),
        named,
        gone,
        tagged,
        nested,
        by_parameter,
        unknown,
    ]
    .into_iter()
    .map(|row| change_set(vec![row]))
    .collect();
    all.push(change_set(renamed));
    all.push(of_stack);
    all
}

/// Lines as they stand under `Resources`: a logical id, policies, and properties with plain values.
fn is_plain_yaml(text: &str) -> bool {
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric());
    text.lines().all(|line| {
        let indent = line.len() - line.trim_start().len();
        let inner = line.trim_start();
        match indent {
            0 if inner.starts_with("# in the template of ") => {
                inner.chars().all(|c| c.is_ascii_alphanumeric() || " #/-".contains(c))
            }
            0 => inner.strip_suffix(':').is_some_and(is_name),
            2 => {
                inner == "Properties:"
                    || ["DeletionPolicy", "UpdateReplacePolicy"]
                        .iter()
                        .any(|policy| inner == format!("{policy}: Retain") || inner == format!("{policy}: Snapshot"))
            }
            4 => inner.split_once(": ").is_some_and(|(name, value)| {
                is_name(name) && serde_json::from_str(value).is_ok_and(|value| is_looked_up_nowhere(&value))
            }),
            _ => false,
        }
    })
}

/// CloudFormation takes the value as it is.
fn is_looked_up_nowhere(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.contains("{{"),
        Value::Array(items) => items.iter().all(is_looked_up_nowhere),
        Value::Object(members) => members.iter().all(|(name, member)| {
            name != "Ref" && name != "Condition" && !name.starts_with("Fn::") && is_looked_up_nowhere(member)
        }),
        _ => true,
    }
}

#[test]
fn a_hostile_text_stays_a_text() {
    let (mut seen, mut with_text) = (0, 0);
    for text in HOSTILE.iter().chain(&[
        "{{resolve:secretsmanager:prod}}",
        "${AWS::AccountId}",
        "Fn::Transform",
        "- a: b",
        "&a *a !Ref x",
    ]) {
        for given in with(text) {
            let Some(report) = report(&given) else { continue };
            for paste in pastes(&report) {
                seen += 1;
                with_text += usize::from(paste.text.contains("id") || paste.text.contains('x'));
                assert!(paste.text.chars().all(|c| !c.is_control() || c == '\n'), "{text:?}\n{}", paste.text);
                let fine = match paste.language.as_str() {
                    "sh" => paste.text.lines().all(|line| words(line).is_some_and(|words| words[0] == "aws")),
                    "yaml" => is_plain_yaml(&paste.text),
                    _ => false,
                };
                assert!(fine, "{text:?}\n{}", paste.text);
            }
        }
    }
    println!("{seen} pastes, {with_text} with words of the text");
    assert!(seen > 100 && with_text > 20, "{seen} {with_text}");
}

#[test]
fn what_is_pasted_is_what_was_there() {
    for text in ["say \"hi\"", "a: b # c", "back\\slash", "ü", "yes", "0123", "tab\there"] {
        let given = change_set(vec![modified(
            "AWS::RDS::DBInstance",
            "Always",
            "Engine",
            &json!({"Engine": text}),
            &json!({"Engine": "mysql"}),
        )]);
        let report = report(&given).unwrap();
        let paste = pastes(&report).into_iter().find(|paste| paste.text.contains("Engine: ")).expect(text);
        let (_, value) = paste.text.split_once("Engine: ").unwrap();
        assert_eq!(serde_json::from_str::<String>(value).unwrap(), text, "{}", paste.text);
    }
}

#[test]
fn no_secret_is_in_a_text() {
    const MARKERS: [&str; 5] = [
        "marker-hunter2",
        "postgres://app:marker-hunter2@db/app",
        "-----BEGIN RSA PRIVATE KEY-----marker-hunter2",
        "AKIAIOSFODNNmarker-hunter2",
        "ghp_markerhunter2markerhunter2",
    ];
    const NAMES: [&str; 7] =
        ["MasterUserPassword", "AuthToken", "SecretString", "UserData", "ApiKey", "PrivateKey", "LoginCredentials"];
    let db = "AWS::RDS::DBInstance";
    for (at, marker) in MARKERS.iter().enumerate() {
        let mut rows: Vec<Value> = NAMES
            .iter()
            .flat_map(|name| {
                let (before, after) = (json!({*name: marker}), json!({*name: "x"}));
                let (within, without) = (json!({"Setting": before.clone()}), json!({"Setting": after.clone()}));
                let beside = |mode: &str| json!({"Setting": {*name: marker, "Mode": mode}});
                [
                    modified(db, "Always", name, &before, &after),
                    modified(db, "Always", name, &after, &before),
                    modified(db, "Always", "Setting", &within, &without),
                    modified(db, "Always", "Setting", &beside("a"), &beside("b")),
                    modified(db, "Always", "Setting", &json!({"Setting": [before]}), &json!({"Setting": [after]})),
                ]
            })
            .collect();
        let variables = |value: &str| json!({"Environment": {"Variables": {"A": value}}});
        let function = "AWS::Lambda::Function";
        rows.push(modified(
            function,
            "Never",
            "Environment",
            &variables(marker),
            &json!({"Environment": {"Variables": {}}}),
        ));
        // It became a parameter that is not shown with this change, and the other way round.
        rows.push(modified(db, "Always", "Engine", &json!({"Engine": marker}), &json!({"Engine": "****"})));
        rows.push(modified(db, "Always", "Engine", &json!({"Engine": "****"}), &json!({"Engine": marker})));
        rows.push(modified(
            db,
            "Always",
            "Engine",
            &json!({"Engine": marker}),
            &json!({"Engine": "{{resolve:ssm:/engine}}"}),
        ));
        // The first marker looks like nothing; all others are known by their look.
        if at > 0 {
            rows.push(modified(db, "Always", "Engine", &json!({"Engine": marker}), &json!({"Engine": "plain"})));
        }
        for row in rows {
            let mut given = change_set(vec![row]);
            given["Parameters"] = json!([{"ParameterKey": "Key", "ParameterValue": marker, "ResolvedValue": marker}]);
            let report = report(&given).unwrap();
            for format in ["human", "json"] {
                let text = common::written(&report, format);
                assert!(!text.contains("hunter2"), "{marker}\n{given}\n{text}");
            }
        }
    }
}
