//! Change sets: what each action, replacement and policy means, pages and nested stacks, and what else tells of a stack.

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

use blastgate::input::{self, InputError, Limits, Stacks, Tells};
use blastgate::plan::Plan;
use blastgate::report::{Outcome, Report};
use proptest::prelude::*;
use serde_json::{Value, json};

const ARN: &str = "arn:aws:cloudformation:eu-west-1:111122223333";

/// A change set of the stack `orders`.
fn change_set(rows: Vec<Value>) -> Value {
    of_stack("orders", rows)
}

fn of_stack(stack: &str, rows: Vec<Value>) -> Value {
    json!({
        "Changes": rows.into_iter().map(|row| json!({"Type": "Resource", "ResourceChange": row})).collect::<Vec<_>>(),
        "ChangeSetName": "release", "ChangeSetId": format!("{ARN}:changeSet/release/{stack}"),
        "StackId": format!("{ARN}:stack/{stack}/5a9b"), "StackName": stack,
        "ExecutionStatus": "AVAILABLE", "Status": "CREATE_COMPLETE"
    })
}

/// A row; `more` is laid over it.
fn row(action: &str, id: &str, kind: &str, more: Value) -> Value {
    let mut row = json!({"Action": action, "LogicalResourceId": id, "ResourceType": kind, "Scope": [], "Details": []});
    if action != "Add" {
        row["PhysicalResourceId"] = json!(format!("orders-{}-1ABC", id.to_lowercase()));
    }
    for (name, value) in more.as_object().unwrap() {
        row[name] = value.clone();
    }
    row
}

fn detail(property: &str, recreation: &str, evaluation: &str, more: Value) -> Value {
    let target = json!({"Attribute": "Properties", "Name": property, "RequiresRecreation": recreation});
    let mut detail = json!({"Target": target, "Evaluation": evaluation, "ChangeSource": "DirectModification"});
    for (name, value) in more.as_object().unwrap() {
        detail[name] = value.clone();
    }
    detail
}

/// Files by their kind and content.
type Beside<'b> = &'b [(Tells, Value)];

fn read(documents: &[Value], beside: Beside<'_>) -> Vec<Result<Plan<'static>, InputError>> {
    let mut stacks = Stacks::default();
    let mut failed = Vec::new();
    for (at, (tells, content)) in beside.iter().enumerate() {
        let text = content.as_str().map_or_else(|| content.to_string(), str::to_owned);
        failed.extend(stacks.read(*tells, &format!("beside-{at}"), &text, &Limits::default()).err().map(Err));
    }
    let texts: Vec<String> = documents.iter().map(Value::to_string).collect();
    let opened = texts.iter().enumerate().map(|(at, text)| {
        // Kept for as long as the test runs.
        let text: &'static str = Box::leak(text.clone().into_boxed_str());
        input::open(&format!("input-{at}"), text, &Limits::default(), &input::Beside::default())
    });
    let (opened, refused): (Vec<_>, Vec<_>) = opened.partition(Result::is_ok);
    failed.extend(refused.into_iter().map(|error| Err(error.unwrap_err())));
    failed.into_iter().chain(input::join(opened.into_iter().map(Result::unwrap).collect(), &stacks)).collect()
}

fn judged(documents: &[Value], beside: Beside<'_>) -> Report {
    let plans: Vec<Plan<'_>> = read(documents, beside).into_iter().map(|plan| plan.expect("it is read")).collect();
    blastgate::assess(&plans)
}

fn refused(documents: &[Value], beside: Beside<'_>) -> String {
    read(documents, beside).into_iter().find_map(Result::err).expect("it is refused").to_string()
}

/// The verdict, and the rule and address of each finding that was not lowered to nothing.
fn told(report: &Report) -> (&'static str, Vec<String>) {
    let open = report.findings.iter().filter(|finding| finding.verdict != Outcome::Allow);
    (report.verdict.word(), open.map(|finding| format!("{} {}", finding.rule, finding.address)).collect())
}

fn one(row: Value) -> (&'static str, String) {
    let (verdict, found) = told(&judged(&[change_set(vec![row])], &[]));
    (verdict, found.join(", "))
}

const TABLE: &str = "AWS::DynamoDB::Table";
const DATABASE: &str = "AWS::RDS::DBInstance";

#[test]
fn every_action_is_told_apart() {
    for (action, more, expected) in [
        ("Add", json!({}), ("allow", "")),
        ("Add", json!({"Replacement": "True"}), ("allow", "")),
        ("Remove", json!({"PolicyAction": "Delete"}), ("block", "data-loss orders/Orders")),
        ("Remove", json!({}), ("block", "data-loss orders/Orders")),
        ("Modify", json!({"Replacement": "False"}), ("allow", "")),
        ("Modify", json!({"Replacement": "True"}), ("block", "data-loss orders/Orders")),
        ("Modify", json!({"Replacement": "Conditional"}), ("review", "not-vouched orders/Orders")),
        ("Import", json!({}), ("allow", "")),
        ("Dynamic", json!({}), ("review", "not-vouched orders/Orders")),
        ("SyncWithActual", json!({}), ("allow", "")),
        ("Obliterate", json!({"AfterContext": {}}), ("review", "not-vouched orders/Orders")),
        ("Obliterate", json!({}), ("block", "data-loss orders/Orders")),
    ] {
        assert_eq!(
            one(row(action, "Orders", TABLE, more.clone())),
            (expected.0, expected.1.to_owned()),
            "{action} {more}"
        );
    }
}

#[test]
fn a_policy_decides_between_loss_a_way_back_and_forgotten() {
    let replaced = |policy: Value| row("Modify", "Orders", DATABASE, with(json!({"Replacement": "True"}), policy));
    let removed = |policy: Value| row("Remove", "Orders", DATABASE, policy);
    let cases = [
        (removed(json!({"PolicyAction": "Snapshot"})), "review", "recoverable-loss orders/Orders"),
        (removed(json!({"PolicyAction": "Retain"})), "review", "forgotten orders/Orders"),
        (removed(json!({"PolicyAction": "Delete"})), "block", "data-loss orders/Orders"),
        (removed(json!({"PolicyAction": "Burn"})), "block", "data-loss orders/Orders"),
        // Nobody shows that the template does not say Delete.
        (removed(json!({})), "block", "data-loss orders/Orders"),
        // Without a word of its policy, a database that is no member of a cluster has a snapshot taken of it.
        (removed(json!({"BeforeContext": {"Properties": {}}})), "review", "recoverable-loss orders/Orders"),
        (
            removed(json!({"BeforeContext": {"Properties": {"DBClusterIdentifier": "c"}}})),
            "review",
            "service-interrupted orders/Orders",
        ),
        (removed(json!({"BeforeContext": {"DeletionPolicy": "Delete"}})), "block", "data-loss orders/Orders"),
        (
            removed(json!({"BeforeContext": {"DeletionPolicy": "RetainExceptOnCreate"}})),
            "review",
            "forgotten orders/Orders",
        ),
        // Two that disagree: the worse.
        (
            removed(json!({"PolicyAction": "Retain", "BeforeContext": {"DeletionPolicy": "Delete"}})),
            "block",
            "data-loss orders/Orders",
        ),
        (
            removed(json!({"PolicyAction": "Retain", "BeforeContext": {"DeletionPolicy": "Snapshot"}})),
            "review",
            "recoverable-loss orders/Orders",
        ),
        (replaced(json!({"PolicyAction": "ReplaceAndSnapshot"})), "review", "recoverable-loss orders/Orders"),
        (replaced(json!({"PolicyAction": "ReplaceAndRetain"})), "review", "forgotten orders/Orders"),
        (replaced(json!({"PolicyAction": "ReplaceAndDelete"})), "block", "data-loss orders/Orders"),
        // A replacement's default is to delete, whatever the type, and the old template's policy says nothing of it.
        (
            replaced(json!({"BeforeContext": {"UpdateReplacePolicy": "Retain"}, "AfterContext": {}})),
            "block",
            "data-loss orders/Orders",
        ),
        (replaced(json!({"AfterContext": {"UpdateReplacePolicy": "Retain"}})), "review", "forgotten orders/Orders"),
        (
            replaced(json!({"AfterContext": {"UpdateReplacePolicy": "Snapshot"}})),
            "review",
            "recoverable-loss orders/Orders",
        ),
        (replaced(json!({"AfterContext": {"DeletionPolicy": "Retain"}})), "block", "data-loss orders/Orders"),
    ];
    for (row, verdict, found) in cases {
        assert_eq!(one(row.clone()), (verdict, found.to_owned()), "{row}");
    }
    // A type that has no snapshots loses its records all the same.
    let table = one(row("Remove", "Orders", TABLE, json!({"PolicyAction": "Snapshot"})));
    assert_eq!(table, ("block", "data-loss orders/Orders".to_owned()));
}

fn with(mut one: Value, other: Value) -> Value {
    for (name, value) in other.as_object().unwrap() {
        one[name] = value.clone();
    }
    one
}

#[test]
fn a_policy_that_is_loosened_is_protection_removed() {
    let update = |more: Value| row("Modify", "Orders", DATABASE, with(json!({"Replacement": "False"}), more));
    let policy = |before: Value, after: Value| {
        update(json!({"Scope": ["DeletionPolicy"], "BeforeContext": before, "AfterContext": after}))
    };
    for (row, is_found) in [
        (policy(json!({"DeletionPolicy": "Retain"}), json!({"DeletionPolicy": "Delete"})), true),
        (policy(json!({"DeletionPolicy": "Retain"}), json!({"DeletionPolicy": "Snapshot"})), true),
        (policy(json!({"DeletionPolicy": "Retain"}), json!({})), true),
        (policy(json!({}), json!({"DeletionPolicy": "Delete"})), true),
        (policy(json!({"UpdateReplacePolicy": "Retain"}), json!({})), true),
        (policy(json!({"DeletionPolicy": "Delete"}), json!({"DeletionPolicy": "Retain"})), false),
        (policy(json!({}), json!({"UpdateReplacePolicy": "Retain"})), false),
        (policy(json!({"DeletionPolicy": "Retain"}), json!({"DeletionPolicy": "RetainExceptOnCreate"})), false),
        (
            update(json!({"Scope": ["DeletionPolicy"], "Details": [{"Target": {"Attribute": "DeletionPolicy",
                "RequiresRecreation": "Never", "BeforeValue": "Retain", "AfterValue": "Delete"}, "Evaluation": "Static"}]})),
            true,
        ),
        // Nobody sees from what to what.
        (update(json!({"Scope": ["DeletionPolicy"], "Details": [{"Target": {"Attribute": "DeletionPolicy"}}]})), true),
    ] {
        let found = if is_found { "protection-removed orders/Orders" } else { "" };
        assert_eq!(one(row.clone()).1, found, "{row}");
    }
}

#[test]
fn a_guard_is_told_by_contexts_details_or_not_at_all() {
    let update = |more: Value| one(row("Modify", "Orders", TABLE, with(json!({"Replacement": "False"}), more))).1;
    let found = "protection-removed orders/Orders";
    let on = json!({"Properties": {"DeletionProtectionEnabled": "true"}});
    let off = json!({"Properties": {"DeletionProtectionEnabled": "false"}});
    assert_eq!(update(json!({"BeforeContext": on, "AfterContext": off})), found);
    assert_eq!(update(json!({"BeforeContext": on.to_string(), "AfterContext": off.to_string()})), found);
    assert_eq!(update(json!({"BeforeContext": off, "AfterContext": on})), "");
    let value = |before: &str, after: &str| {
        let mut detail = detail("DeletionProtectionEnabled", "Never", "Static", json!({}));
        detail["Target"]["BeforeValue"] = json!(before);
        detail["Target"]["AfterValue"] = json!(after);
        json!({"Details": [detail]})
    };
    assert_eq!(update(value("true", "false")), found);
    assert_eq!(update(value("false", "true")), "");
    assert_eq!(update(json!({"Details": [detail("DeletionProtectionEnabled", "Never", "Static", json!({}))]})), found);
    assert_eq!(update(json!({"Details": [detail("BillingMode", "Never", "Static", json!({}))]})), "");
}

#[test]
fn what_is_routine_stays_routine_and_custom_code_is_not_vouched_for() {
    let conditional =
        json!({"Replacement": "Conditional", "Details": [detail("Analytics", "Conditionally", "Static", json!({}))]});
    assert_eq!(one(row("Modify", "CDKMetadata", "AWS::CDK::Metadata", conditional)).0, "allow");
    for kind in ["Custom::Thing", "AWS::CloudFormation::CustomResource"] {
        let gone = judged(&[change_set(vec![row("Remove", "Thing", kind, json!({"PolicyAction": "Delete"}))])], &[]);
        assert!(gone.findings[0].also.contains(&"not-vouched".to_owned()), "{kind}");
    }
    let perhaps = row("Modify", "Thing", "Custom::Thing", json!({"Replacement": "Conditional"}));
    assert_eq!(one(perhaps).0, "allow");
    assert_eq!(one(row("Remove", "Thing", "Acme::Own::Thing", json!({}))).1, "not-vouched orders/Thing");
    assert_eq!(
        one(row("Modify", "Thing", "Acme::Own::Thing", json!({"Replacement": "Conditional"}))).1,
        "not-vouched orders/Thing"
    );
}

#[test]
fn a_foundation_counts_as_used_unless_it_is_known_what_there_is() {
    let vpc = || change_set(vec![row("Remove", "Vpc", "AWS::EC2::VPC", json!({"PolicyAction": "Delete"}))]);
    assert_eq!(told(&judged(&[vpc()], &[])).1, ["foundation-destroyed orders/Vpc"]);
    let template = json!({"Resources": {"Vpc": {"Type": "AWS::EC2::VPC"}, "Queue": {"Type": "AWS::SQS::Queue"}}});
    assert_eq!(told(&judged(&[vpc()], &[(Tells::Template, template)])).1, ["foundation-unused orders/Vpc"]);
    let used = "Resources:\n  Vpc: {Type: AWS::EC2::VPC}\n  Subnet:\n    Type: AWS::EC2::Subnet\n    Properties: {VpcId: !Ref Vpc}\n";
    let got = json!({"TemplateBody": used, "StagesAvailable": ["Original", "Processed"]});
    for template in [json!(used), got] {
        assert_eq!(told(&judged(&[vpc()], &[(Tells::Template, template)])).1, ["foundation-destroyed orders/Vpc"]);
    }
    let listed = |kind: &str| json!({"LogicalResourceId": kind.rsplit(':').next().unwrap().replace("VPC", "Vpc"), "PhysicalResourceId": "x-1", "ResourceType": kind, "ResourceStatus": "CREATE_COMPLETE"});
    let resources = json!({"StackResourceSummaries": [listed("AWS::EC2::VPC"), listed("AWS::SQS::Queue")]});
    // A list says what there is, and not who refers to whom.
    assert_eq!(told(&judged(&[vpc()], &[(Tells::Resources, resources)])).1, ["foundation-destroyed orders/Vpc"]);
}

#[test]
fn a_share_is_taken_only_of_what_is_known() {
    let functions: Vec<Value> = (0..5)
        .map(|at| row("Remove", &format!("Fn{at}"), "AWS::Lambda::Function", json!({"PolicyAction": "Delete"})))
        .collect();
    let of = |all: usize| {
        let resources: serde_json::Map<String, Value> =
            (0..all).map(|at| (format!("Fn{at}"), json!({"Type": "AWS::Lambda::Function"}))).collect();
        told(&judged(&[change_set(functions.clone())], &[(Tells::Template, json!({"Resources": resources}))])).0
    };
    assert_eq!(told(&judged(&[change_set(functions.clone())], &[])).0, "review");
    assert_eq!((of(10), of(11)), ("block", "review"));
    // What a condition may leave out makes the share no smaller.
    let mut resources: serde_json::Map<String, Value> =
        (0..20).map(|at| (format!("Fn{at}"), json!({"Type": "AWS::Lambda::Function", "Condition": "Large"}))).collect();
    for at in 0..5 {
        resources[&format!("Fn{at}")] = json!({"Type": "AWS::Lambda::Function"});
    }
    let conditional = [(Tells::Template, json!({"Resources": resources}))];
    assert_eq!(told(&judged(&[change_set(functions)], &conditional)).0, "block");
}

#[test]
fn tags_before_the_change_tell_the_environment_and_proposed_ones_do_not() {
    let table = |before: Value| {
        change_set(vec![row("Remove", "Orders", TABLE, json!({"PolicyAction": "Delete", "BeforeContext": before}))])
    };
    let tagged = |value: &str| json!({"Properties": {"Tags": [{"Key": "Environment", "Value": value}]}});
    let stack = |value: &str| {
        let tags = json!([{"Key": "Environment", "Value": value}]);
        (
            Tells::Stack,
            json!({"Stacks": [{"StackName": "orders", "StackId": format!("{ARN}:stack/orders/5a9b"), "Tags": tags}]}),
        )
    };
    assert_eq!(told(&judged(&[table(tagged("dev"))], &[])).0, "allow");
    let proposed = with(table(json!({})), json!({"Tags": [{"Key": "Environment", "Value": "dev"}]}));
    assert_eq!(told(&judged(&[proposed], &[])).0, "block");
    assert_eq!(told(&judged(&[table(json!({}))], &[stack("dev")])).0, "allow");
    assert_eq!(told(&judged(&[table(json!({}))], &[stack("prod")])).0, "block");
    // An object's own tag of the same key stands in the place of its stack's.
    assert_eq!(told(&judged(&[table(tagged("prod"))], &[stack("dev")])).0, "block");
    assert_eq!(told(&judged(&[table(tagged("dev"))], &[stack("prod")])).0, "allow");
}

#[test]
fn an_ephemeral_tag_that_the_stack_gets_is_protection_removed() {
    let update = row(
        "Modify",
        "Orders",
        TABLE,
        json!({"Replacement": "False", "Scope": ["Tags"],
        "BeforeContext": {"Properties": {}}, "AfterContext": {"Properties": {}}}),
    );
    let tags = |value: &str| json!([{"Key": "Environment", "Value": value}]);
    let set = with(change_set(vec![update]), json!({"Tags": tags("dev")}));
    let stack = json!({"Stacks": [{"StackName": "orders", "StackId": format!("{ARN}:stack/orders/5a9b"), "Tags": tags("prod")}]});
    assert_eq!(told(&judged(&[set], &[(Tells::Stack, stack)])).1, ["protection-removed orders/Orders"]);
}

#[test]
fn a_cause_is_followed_to_the_parameter_that_was_edited() {
    let vpc = row(
        "Modify",
        "Vpc",
        "AWS::EC2::VPC",
        json!({"Replacement": "True", "Details": [
            detail("CidrBlock", "Always", "Static", json!({"ChangeSource": "ParameterReference", "CausingEntity": "Cidr"})),
            detail("CidrBlock", "Always", "Dynamic", json!({}))]}),
    );
    let subnet = row(
        "Modify",
        "Subnet",
        "AWS::EC2::Subnet",
        json!({"Replacement": "Conditional", "Details": [
            detail("VpcId", "Always", "Static", json!({"ChangeSource": "ResourceReference", "CausingEntity": "Vpc"})),
            detail("VpcId", "Always", "Dynamic", json!({}))]}),
    );
    let report = judged(&[change_set(vec![subnet, vpc])], &[]);
    assert_eq!(report.groups.len(), 1);
    let cause = |address: &str| {
        let finding = report.findings.iter().find(|finding| finding.address == address).unwrap();
        let cause = finding.cause.as_ref().unwrap();
        (cause.origin.clone(), cause.address.clone(), cause.variables.clone(), cause.path.clone())
    };
    let edited = ("edited".to_owned(), "orders/Vpc".to_owned(), vec!["orders/parameter Cidr".to_owned()]);
    let (origin, address, variables) = edited;
    assert_eq!(cause("orders/Vpc"), (origin.clone(), address.clone(), variables.clone(), Vec::new()));
    assert_eq!(cause("orders/Subnet"), (origin, address, variables, vec!["orders/Vpc".to_owned()]));
}

#[test]
fn what_was_deleted_outside_has_vanished() {
    let gone = row("Add", "Orders", TABLE, json!({"ResourceDriftStatus": "DELETED"}));
    assert_eq!(one(gone).1, "vanished orders/Orders");
    assert_eq!(one(row("Remove", "Orders", TABLE, json!({"ResourceDriftStatus": "DELETED"}))).0, "allow");
}

#[test]
fn pages_are_put_together_and_a_missing_one_is_refused() {
    let table = row("Remove", "Orders", TABLE, json!({"PolicyAction": "Delete"}));
    let queue = row("Modify", "Queue", "AWS::SQS::Queue", json!({"Replacement": "False"}));
    let first = with(change_set(vec![queue.clone()]), json!({"NextToken": "AAAA/bb+=="}));
    let last = change_set(vec![table]);
    let whole = judged(&[first.clone(), last.clone()], &[]);
    assert_eq!((told(&whole).1, whole.inputs.len()), (vec!["data-loss orders/Orders".to_owned()], 1));
    assert_eq!(told(&judged(&[last.clone(), first.clone()], &[])).1, ["data-loss orders/Orders"]);
    let error = refused(std::slice::from_ref(&first), &[]);
    assert!(error.contains("NextToken") && error.contains("--next-token AAAA/bb+=="), "{error}");
    assert!(error.contains(&format!("--change-set-name {ARN}:changeSet/release/orders")), "{error}");
    for mixed in [[first.clone(), first.clone()], [last.clone(), last.clone()]] {
        assert!(refused(&mixed, &[]).contains("given twice"));
    }
    let third = with(change_set(vec![queue]), json!({"NextToken": "CCCC"}));
    assert!(refused(&[first, third, last], &[]).contains("have Queue twice"));
}

#[test]
fn nested_stacks_lie_under_their_parents_and_a_missing_one_is_never_allowed() {
    let child = with(
        of_stack("orders-Data-1XYZ", vec![row("Remove", "Orders", TABLE, json!({"PolicyAction": "Delete"}))]),
        json!({"ParentChangeSetId": format!("{ARN}:changeSet/release/orders")}),
    );
    let nested =
        |more: Value| row("Modify", "Data", "AWS::CloudFormation::Stack", with(json!({"Replacement": "False"}), more));
    let named = json!({"ChangeSetId": format!("{ARN}:changeSet/release/orders-Data-1XYZ")});
    let parent = change_set(vec![nested(named.clone())]);
    for both in [[parent.clone(), child.clone()], [child.clone(), parent.clone()]] {
        let report = judged(&both, &[]);
        assert_eq!((told(&report).1, report.inputs.len()), (vec!["data-loss orders/Data/Orders".to_owned()], 1));
    }
    assert_eq!(told(&judged(&[parent], &[])), ("review", vec!["not-vouched orders/Data".to_owned()]));
    assert_eq!(told(&judged(&[change_set(vec![nested(json!({}))])], &[])).1, ["not-vouched orders/Data"]);
    for more in [named.clone(), json!({})] {
        let added = row("Add", "Data", "AWS::CloudFormation::Stack", more);
        assert_eq!(told(&judged(&[change_set(vec![added])], &[])).1, ["not-vouched orders/Data"]);
    }
    // A child that leads back to its parent is in no circle.
    let up = row(
        "Modify",
        "Up",
        "AWS::CloudFormation::Stack",
        json!({"Replacement": "False", "ChangeSetId": format!("{ARN}:changeSet/release/orders")}),
    );
    let circle = judged(&[change_set(vec![nested(named)]), of_stack("orders-Data-1XYZ", vec![up])], &[]);
    assert_eq!((circle.verdict, circle.inputs.len()), (Outcome::Review, 1));
}

#[test]
fn what_a_nested_stack_is_handed_and_hands_out_is_followed() {
    let vpc = row(
        "Modify",
        "Vpc",
        "AWS::EC2::VPC",
        json!({"Replacement": "True", "PolicyAction": "ReplaceAndDelete",
        "Details": [detail("CidrBlock", "Always", "Static", json!({}))]}),
    );
    let nested = row(
        "Modify",
        "App",
        "AWS::CloudFormation::Stack",
        json!({"Replacement": "False",
        "ChangeSetId": format!("{ARN}:changeSet/release/orders-App-1XYZ"),
        "Details": [detail("Parameters", "Never", "Static", json!({"ChangeSource": "ResourceReference", "CausingEntity": "Vpc"}))]}),
    );
    let user = row(
        "Modify",
        "Alarm",
        "AWS::Lambda::Function",
        json!({"Replacement": "False",
        "Details": [detail("Environment", "Never", "Dynamic", json!({"ChangeSource": "ResourceAttribute", "CausingEntity": "App.Outputs.Url"}))]}),
    );
    let service = row(
        "Modify",
        "Service",
        "AWS::ECS::Service",
        json!({"Replacement": "False",
        "Details": [detail("NetworkConfiguration", "Never", "Static", json!({"ChangeSource": "ParameterReference", "CausingEntity": "VpcId"}))]}),
    );
    let report = judged(&[change_set(vec![vpc, nested, user]), of_stack("orders-App-1XYZ", vec![service])], &[]);
    let finding = &report.findings[0];
    let nearest: Vec<&str> = finding.dependents.nearest.iter().map(|one| one.address.as_str()).collect();
    assert_eq!((finding.address.as_str(), finding.dependents.count), ("orders/Vpc", 3));
    assert_eq!(nearest, ["orders/App", "orders/Alarm", "orders/App/Service"]);
}

#[test]
fn plans_and_change_sets_are_one_change() {
    let network =
        row("Remove", "Vpc", "AWS::EC2::VPC", json!({"PolicyAction": "Delete", "PhysicalResourceId": "vpc-0a1b2c3d"}));
    let bucket = row(
        "Remove",
        "Receipts",
        "AWS::S3::Bucket",
        json!({"PolicyAction": "Delete", "PhysicalResourceId": "acme-receipts"}),
    );
    let reader = |address: &str, before: Value, actions: Value| {
        let (kind, name) = address.split_once('.').unwrap();
        json!({"address": address, "mode": "managed", "type": kind, "name": name,
            "change": {"actions": actions, "before": before, "after": null}})
    };
    let plan = |rows: Vec<Value>| json!({"format_version": "1.2", "resource_changes": rows});
    let users = plan(vec![
        reader("aws_ecs_service.web", json!({"id": "svc-1", "network": "vpc-0a1b2c3d"}), json!(["no-op"])),
        reader(
            "aws_lambda_function.read",
            json!({"id": "read-1", "arn": "arn:aws:lambda:eu-west-1:111122223333:function:read-1", "policy": "arn:aws:s3:::acme-receipts"}),
            json!(["no-op"]),
        ),
    ]);
    let report = judged(&[users, change_set(vec![network, bucket])], &[]);
    let count = |address: &str| {
        report
            .findings
            .iter()
            .find(|f| f.address == address)
            .unwrap()
            .dependents
            .nearest
            .iter()
            .map(|one| one.address.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(count("orders/Vpc"), ["input-0: aws_ecs_service.web"]);
    assert_eq!(count("orders/Receipts"), ["input-0: aws_lambda_function.read"]);
    // The other way: what a plan destroys, and a stack uses.
    let function = row(
        "Modify",
        "Fn",
        "AWS::Lambda::Function",
        json!({"Replacement": "False",
        "BeforeContext": {"Properties": {"Environment": {"Variables": {"TABLE": "arn:aws:dynamodb:eu-west-1:111122223333:table/carts"}}}}, "AfterContext": {}}),
    );
    let destroys = plan(vec![reader(
        "aws_dynamodb_table.carts",
        json!({"id": "carts", "arn": "arn:aws:dynamodb:eu-west-1:111122223333:table/carts"}),
        json!(["delete"]),
    )]);
    let report = judged(&[destroys, change_set(vec![function])], &[]);
    let table = report.findings.iter().find(|finding| finding.address == "aws_dynamodb_table.carts").unwrap();
    assert_eq!(table.dependents.nearest[0].address, "input-1: orders/Fn");
}

#[test]
fn a_stack_policy_is_a_note_and_its_loosening_a_finding() {
    let replaced = change_set(vec![row(
        "Modify",
        "Orders",
        TABLE,
        json!({"Replacement": "True", "PolicyAction": "ReplaceAndDelete"}),
    )]);
    let denying = json!({"StackPolicyBody": json!({"Statement": [
        {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "Update:Replace", "Principal": "*", "Resource": "LogicalResourceId/Orders"}]}).to_string()});
    let open = json!({"Statement": [{"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}]});
    let report = judged(&[replaced], &[(Tells::Policy, denying.clone())]);
    assert_eq!(report.verdict, Outcome::Block);
    assert!(
        report.findings[0].evidence.iter().any(|one| one.contains("denies Update:Replace")),
        "{:?}",
        report.findings[0].evidence
    );
    let update = change_set(vec![row("Modify", "Orders", TABLE, json!({"Replacement": "False"}))]);
    let loosened =
        judged(std::slice::from_ref(&update), &[(Tells::Policy, denying.clone()), (Tells::Policy, open.clone())]);
    assert_eq!(told(&loosened).1, ["protection-removed orders/Orders"]);
    assert_eq!(judged(&[update], &[(Tells::Policy, open), (Tells::Policy, denying)]).verdict, Outcome::Allow);
}

#[test]
fn termination_protection_that_goes_off_is_protection_removed() {
    let stack = |on: bool| {
        (
            Tells::Stack,
            json!({"Stacks": [{"StackName": "orders", "StackId": format!("{ARN}:stack/orders/5a9b"), "EnableTerminationProtection": on}]}),
        )
    };
    let update = || [change_set(vec![row("Modify", "Queue", "AWS::SQS::Queue", json!({"Replacement": "False"}))])];
    assert_eq!(told(&judged(&update(), &[stack(true), stack(false)])).1, ["protection-removed orders"]);
    assert_eq!(judged(&update(), &[stack(false), stack(true)]).verdict, Outcome::Allow);
}

#[test]
fn what_cannot_be_judged_is_refused_with_its_reason() {
    let table = || vec![row("Remove", "Orders", TABLE, json!({}))];
    let reason =
        "The submitted information didn't contain changes. Submit different information to create a change set.";
    let failed = |reason: &str| {
        with(change_set(vec![]), json!({"Status": "FAILED", "ExecutionStatus": "UNAVAILABLE", "StatusReason": reason}))
    };
    for nothing in [reason, "No updates are to be performed."] {
        assert_eq!(judged(&[failed(nothing)], &[]).verdict, Outcome::Allow);
    }
    for (document, word) in [
        (failed("Parameters: [Stage] must have values"), "must have values"),
        (failed("Somebody says: No updates are to be performed."), "failed"),
        (with(failed(reason), json!({"Changes": [{"Type": "Resource", "ResourceChange": table()[0]}]})), "failed"),
        (with(change_set(table()), json!({"Status": "CREATE_IN_PROGRESS"})), "still being made"),
        (with(change_set(table()), json!({"Status": "CREATE_PENDING"})), "still being made"),
        (with(change_set(table()), json!({"Status": "DELETE_COMPLETE"})), "deleted"),
        (with(change_set(table()), json!({"Status": "SLEEPING"})), "none that is known"),
        (with(change_set(table()), json!({"ExecutionStatus": "OBSOLETE"})), "OBSOLETE"),
        (with(change_set(table()), json!({"Changes": null})), "no list of Changes"),
        (with(change_set(vec![]), json!({"Status": null})), "trimmed"),
        (with(change_set(table()), json!({"StackName": null, "StackId": null})), "which stack"),
        (with(change_set(table()), json!({"StackName": "a b"})), "none that a stack can have"),
        (with(change_set(table()), json!({"Changes": [{"Type": "Hook"}]})), "no change of a resource"),
        (change_set(vec![json!({"Action": "Remove"})]), "logical id"),
        (change_set(vec![row("Remove", "A/B", TABLE, json!({}))]), "logical id"),
        (change_set([table(), table()].concat()), "has Orders twice"),
        (change_set(vec![row("Remove", "Orders", TABLE, json!({"BeforeContext": "{"}))]), "BeforeContext"),
        (change_set(vec![row("Remove", "Orders", TABLE, json!({"Details": "none"}))]), "malformed"),
        (json!({"Summaries": [], "NextToken": null}), "list-change-sets"),
        (json!({"Id": "x", "StackId": "y"}), "create-change-set"),
        (json!({"Stacks": []}), "describe-stacks"),
        (json!({"StackResources": []}), "describe-stack-resources"),
        (json!({"TemplateBody": {}, "StagesAvailable": []}), "get-template"),
        (json!({"Changes": []}), "which stack"),
    ] {
        let error = refused(&[document], &[]);
        assert!(error.contains(word), "{word}: {error}");
    }
}

#[test]
fn what_tools_print_for_people_is_refused_in_its_own_words() {
    for (text, word) in [
        (
            "\nWaiting for changeset to be created..\nChangeset created successfully. Run the following command",
            "deploy",
        ),
        ("Changes:\n- ResourceChange:\n    Action: Add\n", "--output json"),
        ("--------------------------\n|    DescribeChangeSet   |\n", "--output json"),
        ("CHANGES\tResource\nRESOURCECHANGE\tAdd\n", "--output json"),
        ("AWSTemplateFormatVersion: '2010-09-09'\nResources: {}\n", "give the change set to judge"),
    ] {
        let error = input::open("t", text, &Limits::default(), &input::Beside::default()).unwrap_err().to_string();
        assert!(error.contains(word), "{text}: {error}");
    }
}

#[test]
fn files_about_stacks_must_fit() {
    let set = || change_set(vec![row("Remove", "Orders", TABLE, json!({"PolicyAction": "Delete"}))]);
    let with_orders = || (Tells::Template, json!({"Resources": {"Orders": {"Type": TABLE}}}));
    let stack = |name: &str| (Tells::Stack, json!({"Stacks": [{"StackName": name}]}));
    for (beside, word) in [
        (vec![(Tells::Template, json!({"Resources": {"Other": {"Type": TABLE}}}))], "not the deployed template"),
        (
            vec![(Tells::Template, json!({"Resources": {"Orders": {"Type": "AWS::SQS::Queue"}}}))],
            "not the deployed template",
        ),
        (vec![(Tells::Template, json!({"Stacks": []}))], "describe-stacks"),
        (vec![(Tells::Template, json!("Resources: [a, *b]"))], "cannot be read"),
        (vec![with_orders(), with_orders()], "has one already"),
        (vec![stack("other")], "no change set of its stack"),
        (vec![(Tells::Stack, json!({"TemplateBody": {}}))], "get-template"),
        (vec![(Tells::Resources, json!({"StackResourceSummaries": [], "NextToken": "x"}))], "not known to be whole"),
        (vec![(Tells::Policy, json!({"Statement": 7}))], "cannot be read"),
    ] {
        let error = refused(&[set()], &beside);
        assert!(error.contains(word), "{word}: {error}");
    }
    // Of two stacks with the same logical ids nobody can say which one is meant.
    let twin = of_stack("carts", vec![row("Remove", "Orders", TABLE, json!({"PolicyAction": "Delete"}))]);
    assert!(refused(&[set(), twin], &[with_orders()]).contains("more than one"));
    assert!(judged(&[set()], &[with_orders(), stack("orders")]).verdict == Outcome::Block);
}

/// Every place in a document.
fn places(value: &Value, path: &str, found: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.replace('~', "~0").replace('/', "~1"), value)).collect()
        }
        Value::Array(items) => items.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    for (step, value) in inner {
        let path = format!("{path}/{step}");
        places(value, &path, found);
        found.push(path);
    }
}

/// The document without what stands at a place, or with something else there.
fn changed(document: &Value, path: &str, into: Option<&Value>) -> Value {
    let mut document = document.clone();
    let (parent, step) = path.rsplit_once('/').unwrap();
    match (document.pointer_mut(parent).unwrap(), into) {
        (_, Some(value)) => *document.pointer_mut(path).unwrap() = value.clone(),
        (Value::Object(members), None) => drop(members.remove(&step.replace("~1", "/").replace("~0", "~"))),
        (Value::Array(items), None) => drop(items.remove(step.parse().unwrap())),
        _ => {}
    }
    document
}

#[test]
fn what_is_lost_or_garbled_never_lets_a_block_pass() {
    let context = |more: Value| {
        with(
            json!({"Properties": {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "Tags": [{"Key": "Environment", "Value": "prod"}]}}),
            more,
        )
    };
    let forced =
        detail("KeySchema", "Always", "Static", json!({"CausingEntity": "Other", "ChangeSource": "ResourceReference"}));
    let rows = [
        row(
            "Remove",
            "Orders",
            TABLE,
            json!({"PolicyAction": "Delete", "BeforeContext": context(json!({"DeletionPolicy": "Delete"}))}),
        ),
        row(
            "Remove",
            "Orders",
            TABLE,
            json!({"PolicyAction": "Retain", "BeforeContext": context(json!({"DeletionPolicy": "Delete"})).to_string()}),
        ),
        row(
            "Modify",
            "Orders",
            TABLE,
            json!({"Replacement": "True", "PolicyAction": "ReplaceAndDelete", "Scope": ["Properties"], "Details": [forced],
            "BeforeContext": context(json!({})), "AfterContext": context(json!({}))}),
        ),
        row(
            "Modify",
            "Vpc",
            "AWS::EC2::VPC",
            json!({"Replacement": "Conditional", "Scope": ["Properties"],
            "Details": [detail("CidrBlock", "Always", "Static", json!({})), detail("CidrBlock", "Always", "Dynamic", json!({}))]}),
        ),
        row("Remove", "Data", "AWS::CloudFormation::Stack", json!({"PolicyAction": "Delete", "ChangeSetId": "arn:x"})),
    ];
    let others = [
        Value::Null,
        json!("Quux"),
        json!(""),
        json!(7),
        json!([]),
        json!({}),
        json!(["False"]),
        json!({"Never": true}),
    ];
    for row in rows {
        let document = change_set(vec![row]);
        assert_eq!(judged(std::slice::from_ref(&document), &[]).verdict, Outcome::Block, "{document}");
        let mut all = Vec::new();
        places(&document, "", &mut all);
        // Without its rows, nothing is left to judge.
        for path in all.iter().filter(|path| *path != "/Changes/0") {
            for into in std::iter::once(None).chain(others.iter().map(Some)) {
                if path == "/Changes" && into == Some(&json!([])) {
                    continue;
                }
                let changed = changed(&document, path, into);
                for result in read(&[changed], &[]) {
                    let allowed = result.is_ok_and(|plan| blastgate::assess(&[plan]).verdict == Outcome::Allow);
                    assert!(!allowed, "{path} {into:?}");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever stands in a change set or beside it, it is judged or refused.
    #[test]
    fn anything_is_judged_or_refused(
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..12), 1..6),
        beside in any::<bool>(),
    ) {
        let deep = (0..200).fold(json!("x"), |inner, _| json!({"a": inner}));
        let large: Value = (0..2_000).map(|at| json!({"Key": at.to_string(), "Value": "v"})).collect();
        let others = [Value::Null, json!(""), json!("Remove"), json!("True"), json!(-1e308), json!([]), json!({}), json!([[[]]]),
            json!({"Ref": "Orders"}), deep, large];
        let mut document = change_set(vec![
            row("Modify", "Orders", TABLE, json!({"Replacement": "Conditional", "PolicyAction": "ReplaceAndSnapshot",
                "BeforeContext": {"Properties": {"A": [{"B": "{{changeSet:KNOWN_AFTER_APPLY}}"}]}, "DeletionPolicy": "Retain"},
                "Details": [detail("A", "Always", "Dynamic", json!({"CausingEntity": "Data.Outputs.Url", "ChangeSource": "ResourceAttribute"}))]})),
            row("Modify", "Data", "AWS::CloudFormation::Stack", json!({"ChangeSetId": format!("{ARN}:changeSet/release/orders")})),
        ]);
        let mut file = json!({"Resources": {"Orders": {"Type": TABLE, "Properties": {"A": {"Fn::Sub": "${X}-${!y}"}}, "DependsOn": "Data"},
            "Data": {"Type": "AWS::CloudFormation::Stack"}}, "Outputs": {"O": {"Value": {"Ref": "Orders"}, "Export": {"Name": "n"}}}});
        for (place, kind) in cuts {
            let target = if beside { &mut file } else { &mut document };
            let mut all = Vec::new();
            places(target, "", &mut all);
            if !all.is_empty() {
                *target = changed(target, &all[place.index(all.len())], others.get(kind));
            }
        }
        let plans: Vec<Plan<'_>> = read(&[document], &[(Tells::Template, file)]).into_iter().filter_map(Result::ok).collect();
        let report = blastgate::assess(&plans);
        for format in blastgate::output::FORMATS {
            common::written(&report, format.name);
        }
    }
}

#[test]
fn a_name_or_a_value_is_only_a_name_or_a_value() {
    let evil = "\u{1b}[2J::error::<script>alert(1)</script>`rm -rf /`";
    let row = row(
        "Remove",
        "Orders",
        TABLE,
        json!({"ResourceType": evil, "PhysicalResourceId": evil,
        "BeforeContext": {"Properties": {"MasterUserPassword": "hunter2", "Tags": [{"Key": "env", "Value": evil}]}}}),
    );
    let report = judged(&[change_set(vec![row])], &[]);
    for format in blastgate::output::FORMATS {
        let text = common::written(&report, format.name);
        assert!(!text.contains('\u{1b}') && !text.contains("hunter2"), "{}", format.name);
    }
}
