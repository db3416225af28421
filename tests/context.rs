//! What exists elsewhere: other units' objects are dependents, and are never judged.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use blastgate::facts::Facts;
use blastgate::input::{self, InputError, Limits};
use blastgate::plan::Plan;
use blastgate::report::{Outcome, Report};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A judged plan and its context, as texts with their names.
struct Given {
    plan: String,
    context: Vec<(String, String)>,
}

impl Given {
    fn new(plan: &str, context: &[&str]) -> Self {
        let read = |name: &str| std::fs::read_to_string(folder().join(name)).expect(name);
        Self { plan: read(plan), context: context.iter().map(|name| ((*name).to_owned(), read(name))).collect() }
    }

    fn with<T>(&self, then: impl FnOnce(&[Plan<'_>]) -> T) -> Result<T, InputError> {
        let limits = Limits::default();
        let mut plans = input::read("plan.json", &self.plan, &limits)?;
        for (name, text) in &self.context {
            plans.extend(input::read_context(name, text, &limits)?);
        }
        let (plans, _) = input::take_out_copies(plans);
        Ok(then(&plans))
    }

    #[allow(clippy::redundant_closure_for_method_calls, reason = "a method is not general enough over lifetimes")]
    fn units(&self) -> usize {
        self.with(|plans| plans.len()).unwrap()
    }

    fn report(&self) -> Report {
        self.with(blastgate::assess).unwrap()
    }

    /// For every destroyed object the addresses of all its dependents, without their units.
    fn dependents(&self) -> BTreeMap<String, BTreeSet<String>> {
        self.with(|plans| {
            let facts = Facts::gather(plans);
            let destroyed = facts.changes.iter().filter(|change| change.destroys());
            let bare = |address: String| address.rsplit(": ").next().unwrap().to_owned();
            let all = destroyed.filter_map(|change| {
                let found: Vec<String> = facts.nearest(change.node?).map(|d| bare(facts.address(d.node))).collect();
                let set: BTreeSet<String> = found.iter().cloned().collect();
                assert_eq!(set.len(), found.len(), "something is counted twice: {found:?}");
                assert_eq!(set.len(), change.reach.counted as usize);
                Some((change.change.address.to_string(), set))
            });
            all.collect()
        })
        .unwrap()
    }
}

fn folder() -> PathBuf {
    common::folder("testdata/context")
}

/// What the units of one kind of context are called.
fn forms(variant: &str) -> Vec<Vec<String>> {
    let file = |form: &str, unit: &str| match form {
        "raw" => format!("{variant}/states/{unit}/terraform.tfstate"),
        "printed" => format!("{variant}/{unit}.state.json"),
        _ => format!("{variant}/{unit}.json"),
    };
    let forms = [("raw", "raw"), ("printed", "printed"), ("plan", "plan"), ("raw", "plan"), ("plan", "printed")];
    forms.iter().map(|(one, other)| vec![file(one, "platform"), file(other, "app")]).collect()
}

#[test]
fn one_flat_unit_and_three_have_the_same_dependents() {
    let flat = Given::new("flat/network.json", &[]).dependents();
    assert!(flat["aws_vpc.main"].len() >= 40, "{}", flat["aws_vpc.main"].len());
    for variant in ["remote", "copied"] {
        for context in forms(variant) {
            let context: Vec<&str> = context.iter().map(String::as_str).collect();
            let three = Given::new(&format!("{variant}/network.json"), &context).dependents();
            for (address, dependents) in &three {
                assert_eq!(dependents, &flat[address], "{address} with {context:?}");
            }
            assert!(three.len() == 4, "{:?}", three.keys());
        }
    }
}

/// A judged plan of one VPC and one group, of which those that are named are replaced, with the outputs that hand both out.
fn producer(replaced: &[&str]) -> String {
    let values = |kind: &str| json!({"id": format!("{kind}-0a1b2c3d"), "name": "shared"});
    let row = |address: &str, kind: &str, id: &str| {
        let actions = if replaced.contains(&address) { json!(["delete", "create"]) } else { json!(["no-op"]) };
        json!({"address": address, "mode": "managed", "type": kind, "name": "main", "change": {"actions": actions,
            "before": values(id), "after": values(id), "after_unknown": {}}})
    };
    let state = |address: &str, kind: &str, id: &str| json!({"address": address, "mode": "managed", "type": kind, "name": "main", "values": values(id)});
    let objects = [("aws_vpc.main", "aws_vpc", "vpc"), ("aws_security_group.main", "aws_security_group", "sg")];
    let refer = |to: &str| json!({"expression": {"references": [format!("{to}.id"), to]}});
    json!({"format_version": "1.2", "terraform_version": "1.11.4",
        "resource_changes": objects.map(|(a, k, i)| row(a, k, i)),
        "prior_state": {"format_version": "1.0", "values": {
            "outputs": {"vpc": {"sensitive": false, "value": "vpc-0a1b2c3d"}, "group": {"sensitive": false, "value": "sg-0a1b2c3d"},
                "region": {"sensitive": false, "value": "eu-west-1"}},
            "root_module": {"resources": objects.map(|(a, k, i)| state(a, k, i))}}},
        "configuration": {"root_module": {
            "outputs": {"vpc": refer("aws_vpc.main"), "group": refer("aws_security_group.main"), "region": {"expression": {"constant_value": "eu-west-1"}}},
            "resources": objects.map(|(a, k, _)| json!({"address": a, "mode": "managed", "type": k, "name": "main", "expressions": {}}))}}})
    .to_string()
}

/// One consumer with its values, and what its configuration refers to.
type Consumer<'c> = (&'c str, Value, &'c [&'c str]);

const REMOTE: &str = "data.terraform_remote_state.net";

/// A unit that has read the producer's outputs, with a consumer for each of the pairs.
fn consumer(consumers: &[Consumer<'_>], form: &str) -> String {
    let outputs = json!({"vpc": "vpc-0a1b2c3d", "group": "sg-0a1b2c3d", "region": "eu-west-1"});
    let config = json!({"path": "../net/terraform.tfstate"});
    let data = json!({"address": REMOTE, "mode": "data", "type": "terraform_remote_state", "name": "net",
        "values": {"backend": "local", "config": config, "outputs": outputs}});
    let printed = consumers.iter().map(|(name, values, _)| {
        json!({"address": format!("aws_instance.{name}"), "mode": "managed", "type": "aws_instance", "name": name,
            "values": values, "depends_on": [REMOTE]})
    });
    let resources: Vec<Value> = std::iter::once(data).chain(printed).collect();
    let state = json!({"format_version": "1.0", "values": {"root_module": {"resources": resources}}});
    if form == "printed" {
        return state.to_string();
    }
    if form == "raw" {
        let dynamic = |value: &Value| json!({"value": value, "type": "dynamic"});
        let data = json!({"mode": "data", "type": "terraform_remote_state", "name": "net", "provider": "p", "instances": [
            {"attributes": {"backend": "local", "config": dynamic(&config), "outputs": dynamic(&outputs)}}]});
        let raw = consumers.iter().map(|(name, values, _)| {
            json!({"mode": "managed", "type": "aws_instance", "name": name, "provider": "p",
                "instances": [{"attributes": values, "dependencies": [REMOTE]}]})
        });
        let resources: Vec<Value> = std::iter::once(data).chain(raw).collect();
        return json!({"version": 4, "serial": 3, "lineage": "consumer", "outputs": {}, "resources": resources})
            .to_string();
    }
    let blocks = consumers.iter().map(|(name, _, references)| {
        json!({"address": format!("aws_instance.{name}"), "mode": "managed", "type": "aws_instance", "name": name,
            "expressions": {"user_data": {"references": references}}})
    });
    let data =
        json!({"address": REMOTE, "mode": "data", "type": "terraform_remote_state", "name": "net", "expressions": {}});
    let blocks: Vec<Value> = std::iter::once(data).chain(blocks).collect();
    json!({"format_version": "1.2", "prior_state": state, "configuration": {"root_module": {"resources": blocks}},
        "applyable": false, "errored": false})
    .to_string()
}

/// The names of the consumers that stand on what is replaced.
fn reached(replaced: &str, consumers: &[Consumer<'_>], form: &str) -> BTreeSet<String> {
    let context = vec![("app.json".to_owned(), consumer(consumers, form))];
    let found = Given { plan: producer(&[replaced]), context }.dependents();
    found[replaced].iter().map(|address| address.replace("aws_instance.", "")).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn who_uses_one_output_stands_on_what_is_behind_that_one() {
    let whole = [REMOTE];
    let consumers: [Consumer<'_>; 4] = [
        (
            "in_vpc",
            json!({"id": "i-1", "user_data": "vpc-0a1b2c3d"}),
            &["data.terraform_remote_state.net.outputs.vpc", REMOTE],
        ),
        (
            "in_group",
            json!({"id": "i-2", "user_data": "sg-0a1b2c3d"}),
            &["data.terraform_remote_state.net.outputs[\"group\"]", REMOTE],
        ),
        // Whoever uses what nobody can tell stands on all of it.
        ("of_all", json!({"id": "i-3", "user_data": "c29tZXRoaW5n"}), &whole),
        ("through_a_local", json!({"id": "i-4", "user_data": "c29tZXRoaW5n"}), &["local.net"]),
    ];
    for form in ["plan", "printed", "raw"] {
        assert_eq!(reached("aws_vpc.main", &consumers, form), set(&["in_vpc", "of_all", "through_a_local"]), "{form}");
        assert_eq!(
            reached("aws_security_group.main", &consumers, form),
            set(&["in_group", "of_all", "through_a_local"]),
            "{form}"
        );
    }
}

#[test]
fn the_configuration_says_more_than_values() {
    // The region alone is used, in a text; a state without configuration cannot tell that.
    let text = json!({"id": "i-1", "user_data": "region=eu-west-1"});
    let region: &[&str] = &["data.terraform_remote_state.net.outputs.region", REMOTE];
    assert_eq!(reached("aws_vpc.main", &[("regional", text.clone(), region)], "plan"), set(&[]));
    assert_eq!(reached("aws_vpc.main", &[("regional", text, region)], "raw"), set(&["regional"]));
    // The output is used in a form in which nobody finds it again.
    let hidden = json!({"id": "i-2", "user_data": "aGlkZGVu"});
    let vpc: &[&str] = &["data.terraform_remote_state.net.outputs.vpc", REMOTE];
    assert_eq!(reached("aws_vpc.main", &[("hidden", hidden.clone(), vpc)], "plan"), set(&["hidden"]));
    assert_eq!(reached("aws_security_group.main", &[("hidden", hidden, vpc)], "plan"), set(&[]));
}

#[test]
fn a_remote_state_may_have_instances_stand_in_a_module_and_configure_a_provider() {
    let remote = |address: &str, index: Value, output: &str, value: &str| {
        json!({"address": address, "mode": "data", "type": "terraform_remote_state", "name": "net", "index": index,
            "values": {"backend": "local", "config": {"path": "x"}, "outputs": {output: value}}})
    };
    let object = |address: &str, on: &str| json!({"address": address, "mode": "managed", "type": "aws_instance", "name": "i", "values": {"id": "i"}, "depends_on": [on]});
    let (keyed, inner) = ("data.terraform_remote_state.net", "module.m.data.terraform_remote_state.net");
    let state = json!({"format_version": "1.0", "values": {"root_module": {
        "resources": [
            remote(&format!("{keyed}[\"a\"]"), json!("a"), "it", "vpc-0a1b2c3d"),
            remote(&format!("{keyed}[\"b\"]"), json!("b"), "it", "sg-0a1b2c3d"),
            object("aws_instance.a", keyed), object("aws_instance.b", keyed), object("aws_instance.by_provider", keyed)],
        "child_modules": [{"address": "module.m", "resources": [
            remote(inner, Value::Null, "it", "vpc-0a1b2c3d"), object("module.m.aws_instance.i", inner)]}]}}});
    let data = json!({"address": keyed, "mode": "data", "type": "terraform_remote_state", "name": "net", "expressions": {},
        "for_each_expression": {"constant_value": {}}});
    let uses = |name: &str, expressions: Value, provider: &str| {
        json!({"address": format!("aws_instance.{name}"), "mode": "managed", "type": "aws_instance", "name": name,
            "provider_config_key": provider, "expressions": expressions})
    };
    let it = |key: &str| json!({"references": [format!("{keyed}[\"{key}\"].outputs.it"), format!("{keyed}[\"{key}\"]"), keyed]});
    let plan = json!({"format_version": "1.2", "prior_state": state, "applyable": false, "errored": false, "configuration": {
        "provider_config": {"aws": {"name": "aws"}, "aws.two": {"name": "aws", "alias": "two", "expressions": {"host": it("b")}}},
        "root_module": {
            "resources": [data, uses("a", json!({"x": it("a")}), "aws"), uses("b", json!({"x": it("b")}), "aws"), uses("by_provider", json!({}), "aws.two")],
            "module_calls": {"m": {"module": {"resources": [
                {"address": keyed, "mode": "data", "type": "terraform_remote_state", "name": "net", "expressions": {}},
                {"address": "aws_instance.i", "mode": "managed", "type": "aws_instance", "name": "i",
                    "expressions": {"x": {"references": [format!("{keyed}.outputs.it"), keyed]}}}]}}}}}});
    let reached = |replaced: &str| {
        let context = vec![("app.json".to_owned(), plan.to_string())];
        Given { plan: producer(&[replaced]), context }.dependents()[replaced].clone()
    };
    assert_eq!(reached("aws_vpc.main"), set(&["aws_instance.a", "module.m.aws_instance.i"]));
    assert_eq!(reached("aws_security_group.main"), set(&["aws_instance.b", "aws_instance.by_provider"]));
}

#[test]
fn the_producer_is_found_by_its_outputs_or_by_its_place() {
    let remote = |path: &str, outputs: Value| {
        json!({"format_version": "1.0", "values": {"root_module": {"resources": [
            {"address": REMOTE, "mode": "data", "type": "terraform_remote_state", "name": "net",
                "values": {"backend": "local", "config": {"path": path}, "outputs": outputs}},
            {"address": "aws_instance.i", "mode": "managed", "type": "aws_instance", "name": "i",
                "values": {"id": "i-1"}, "depends_on": [REMOTE]}]}}})
        .to_string()
    };
    // A name is no identity: only the output leads to it, and only where its unit is known to be the one that was read.
    let middle = json!({"version": 4, "lineage": "middle", "serial": 1,
        "outputs": {"endpoint": {"value": "https://cluster-1.example", "type": "string"}},
        "resources": [{"mode": "managed", "type": "aws_eks_cluster", "name": "main", "provider": "p", "instances": [{"attributes":
            {"id": "platform", "endpoint": "https://cluster-1.example", "vpc": "vpc-0a1b2c3d"}}]}]})
    .to_string();
    let count = |path: &str, outputs: Value| {
        let context =
            vec![("states/middle.tfstate".to_owned(), middle.clone()), ("app.json".to_owned(), remote(path, outputs))];
        Given { plan: producer(&["aws_vpc.main"]), context }.dependents()["aws_vpc.main"].len()
    };
    assert_eq!(count("elsewhere.tfstate", json!({"endpoint": "https://cluster-1.example"})), 2);
    assert_eq!(count("../middle/terraform.tfstate", json!({"endpoint": "https://cluster-0.example"})), 2);
    assert_eq!(count("../other/terraform.tfstate", json!({"endpoint": "https://cluster-0.example"})), 1);
}

#[test]
fn context_is_never_judged() {
    let own = common::report(&folder().join("remote/network.json")).unwrap();
    // A plan that destroys everything, given as context.
    let path = common::folder("testdata/labelled/azure-production-destroyed.json");
    let mut given = Given::new("remote/network.json", &[]);
    given.context.push(("azure.json".to_owned(), std::fs::read_to_string(path).unwrap()));
    let report = given.report();
    let findings =
        |report: &Report| report.findings.iter().map(|f| (f.rule.clone(), f.address.clone())).collect::<Vec<_>>();
    assert_eq!(findings(&report), findings(&own));
    assert_eq!(json!(report.summary.changes), json!(own.summary.changes));
    assert_eq!(json!(report.notes), json!(own.notes));
    let roles: Vec<_> = report.inputs.iter().map(|input| (input.role.as_str(), input.objects > 0)).collect();
    assert_eq!(roles, [("plan", true), ("context", true)]);
}

#[test]
fn objects_of_the_one_judged_plan_keep_their_bare_addresses() {
    let report = Given::new("remote/network.json", &["remote/states/app/terraform.tfstate"]).report();
    let vpc = report.findings.iter().find(|f| f.address == "aws_vpc.main").unwrap();
    let nearest: Vec<&str> = vpc.dependents.nearest.iter().map(|one| one.address.as_str()).collect();
    assert_eq!(nearest[..2], ["aws_security_group.shared", "aws_subnet.a"]);
    assert!(nearest[3].starts_with("remote/states/app/terraform.tfstate: aws_"), "{nearest:?}");
}

#[test]
fn a_unit_that_was_given_already_is_left_out() {
    let states = ["remote/states/network/terraform.tfstate", "remote/network.state.json", "remote/group.json"];
    let alone = Given::new("remote/network.json", &[]).dependents();
    for state in states {
        assert_eq!(Given::new("remote/network.json", &[state]).dependents(), alone, "{state}");
    }
    let app = ["remote/states/app/terraform.tfstate", "remote/app.state.json", "remote/app.json"];
    let once = Given::new("remote/network.json", &app[..1]).dependents();
    assert_eq!(Given::new("remote/network.json", &app).dependents(), once);
    // The same addresses under other ids are another unit: here the same environment, made a second time.
    let other = Given::new("remote/network.json", &["copied/states/network/terraform.tfstate"]);
    assert_eq!(other.units(), 2);
}

#[test]
fn two_environments_that_are_alike_are_not_taken_for_copies() {
    let cluster = |uid: &str| {
        let object = |name: &str| {
            json!({"address": format!("kubernetes_deployment.{name}"), "mode": "managed", "type": "kubernetes_deployment",
                "name": name, "values": {"id": format!("default/{name}"), "metadata": [{"uid": format!("{uid}-{name}")}]}})
        };
        json!({"format_version": "1.0", "values": {"root_module": {"resources": [object("web"), object("job")]}}})
            .to_string()
    };
    let with = |other: &str| {
        let context = vec![("blue.json".to_owned(), cluster("aa")), ("green.json".to_owned(), cluster(other))];
        Given { plan: producer(&["aws_vpc.main"]), context }.units()
    };
    assert_eq!((with("bb"), with("aa")), (3, 2));
}

#[test]
fn templates_are_objects_and_edges() {
    let network = json!({"AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {
            "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": "vpc-0a1b2c3d", "Tags": [{"Key": "Name", "Value": "a"}]}},
            "Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "plain"}}},
        "Outputs": {
            "SubnetId": {"Value": {"Ref": "Subnet"}, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-SubnetId"}}},
            "RoleArn": {"Value": {"Fn::GetAtt": ["Role", "Arn"]}, "Export": {"Name": "net-RoleArn"}}}});
    let app = json!({"Resources": {
        "Service": {"Type": "AWS::ECS::Service", "Properties": {"Subnets": [{"Fn::ImportValue": {"Fn::Sub": "${Network}-SubnetId"}}]}},
        "Alarm": {"Type": "AWS::Lambda::Function", "DependsOn": "Service", "Properties": {"Code": "x"}},
        "Named": {"Type": "AWS::Lambda::Function", "Properties": {"Name": {"Fn::Sub": ["${Of}-${X}", {"X": {"Fn::GetAtt": "Service.Name"}}]}}},
        "Alone": {"Type": "AWS::Lambda::Function", "Properties": {"Role": {"Fn::ImportValue": "net-RoleArn"}}}}});
    let context = vec![("net.template".to_owned(), network.to_string()), ("app.template".to_owned(), app.to_string())];
    let given = Given { plan: producer(&["aws_vpc.main"]), context };
    assert_eq!(given.dependents()["aws_vpc.main"], set(&["Subnet", "Service", "Alarm", "Named"]));
    let formats: Vec<_> = given.report().inputs.into_iter().filter_map(|input| input.format).collect();
    assert_eq!(formats, ["terraform-plan", "cloudformation-template", "cloudformation-template"]);
}

#[test]
fn a_template_is_the_same_in_yaml_and_as_it_is_printed() {
    let json = r#"{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {
        "Role": {"Type": "AWS::IAM::Role"},
        "Function": {"Type": "AWS::Lambda::Function", "Properties": {"Role": {"Fn::GetAtt": ["Role", "Arn"]}, "Code": "x"}}}}"#;
    let yaml = "
# made by hand
AWSTemplateFormatVersion: 2010-09-09
Resources:
  Role: {Type: 'AWS::IAM::Role'}
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Role.Arn
      Code: x
";
    let got = |body: Value| json!({"TemplateBody": body, "StagesAvailable": ["Original"]}).to_string();
    let forms = [
        json.to_owned(),
        yaml.to_owned(),
        got(serde_json::from_str(json).unwrap()),
        got(yaml.into()),
        got(json.into()),
    ];
    let read = |text: &str| {
        let units = input::read_context("c", text, &Limits::default()).unwrap();
        let [unit] = units.as_slice() else { panic!("{text}") };
        let kinds: Vec<(String, String)> =
            unit.estate.instances.iter().map(|i| (i.address.to_string(), i.kind.to_string())).collect();
        let references: Vec<usize> = unit.configuration.blocks.iter().map(|block| block.references.len()).collect();
        (
            kinds.into_iter().collect::<BTreeMap<_, _>>(),
            references.iter().sum::<usize>(),
            unit.header.format_version.clone(),
        )
    };
    let expected = read(&forms[0]);
    assert_eq!((expected.0.len(), expected.1), (2, 1));
    for form in &forms {
        assert_eq!(read(form), expected, "{form}");
    }
}

#[test]
fn what_is_no_context_is_refused_in_its_own_words() {
    for (text, word) in [
        ("", "nothing in it"),
        ("[]", "neither a state, nor a plan"),
        ("hello", "neither a state, nor a plan"),
        ("{}", "neither a state, nor a plan"),
        (r#"{"name":"x","version":"1.0.0","dependencies":{}}"#, "neither a state, nor a plan"),
        (r#"{"version":3,"serial":1,"lineage":"x","modules":[]}"#, "version 3"),
        (
            r#"{"version":4,"serial":1,"lineage":"x","resources":[{"mode":"managed","type":"a","name":"b","instances":[{"attributes":[]}]}]}"#,
            "must be an object",
        ),
        (r#"{"version":4,"serial":1,"lineage":"x","resources":"y"}"#, "malformed"),
        (
            r#"{"version":4,"serial":1,"lineage":"x","resources":[{"mode":"managed","type":"a","name":"b","instances":[{},{}]}]}"#,
            "twice",
        ),
        (r#"{"format_version":"2.0","values":{}}"#, "format_version"),
        (r#"{"Resources":{"A":{"Type":"T","Properties":{"a":1,"a":2}}}}"#, "cannot be read"),
        (r#"{"Resources":{"A":{"Type":"T"},"A":{"Type":"T"}}}"#, "twice"),
        (r#"{"encrypted_data":"x","meta":{}}"#, "encrypted"),
        ("AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  A: {}\n", "malformed"),
        ("Resources:\n  A: {Type: T}\n  B: *a\n", "no valid YAML"),
        ("Resources:\n  A: {Type: T}\n  A: {Type: T}\n", "a key stands twice"),
        (r#"{"Changes":[],"ChangeSetName":"x","StackName":"y"}"#, "change set"),
        (r#"{"version":4,"serial":1,"lineage":"x","resources":["#, "truncated"),
    ] {
        let error = input::read_context("c", text, &Limits::default()).expect_err(text);
        assert!(error.what.contains(word), "{text}: {error}");
        assert!(error.help.is_some() || error.place.is_some(), "{error}");
    }
    // An empty workspace is a state without objects.
    assert_eq!(input::read_context("c", r#"{"format_version":"1.0"}"#, &Limits::default()).unwrap().len(), 1);
}

#[test]
fn secrets_of_a_raw_state_stay_inside() {
    let marker = "m4rk3r";
    for state in ["states/platform/terraform.tfstate", "platform.state.json", "platform.json"] {
        let given =
            Given::new("remote/network.json", &[&format!("remote/{state}"), "remote/states/app/terraform.tfstate"]);
        assert!(given.context[0].1.contains(marker), "{state}");
        let report = given.report();
        let database = "aws_db_instance.orders";
        for format in ["human", "json"] {
            assert!(!common::written(&report, format).contains(marker), "{state}");
        }
        // Nor what a library's user may look at.
        given
            .with(|plans| {
                let instances = plans[1].estate.instances.iter();
                assert!(instances.clone().any(|instance| instance.address == database));
                for instance in instances {
                    assert!(!format!("{:?}", instance.values.view()).contains(marker), "{state}: {}", instance.address);
                }
            })
            .unwrap();
    }
    // A masked environment tag of a dependent is evidence for nobody's reading.
    let mut state: Value = serde_json::from_str(&consumer(&[], "raw")).unwrap();
    state["resources"] = json!([{"mode": "managed", "type": "aws_instance", "name": "i", "provider": "p", "instances": [{
        "attributes": {"id": "i-1", "vpc": "vpc-0a1b2c3d", "tags": {"env": "dev m4rk3r"}},
        "sensitive_attributes": [[{"type": "get_attr", "value": "tags"}, {"type": "index", "value": {"value": "env", "type": "string"}}]]}]}]);
    let given =
        Given { plan: producer(&["aws_vpc.main"]), context: vec![("app.tfstate".to_owned(), state.to_string())] };
    let report = given.report();
    assert_eq!(report.verdict, Outcome::Block);
    for format in ["human", "json"] {
        let text = common::written(&report, format);
        assert!(!text.contains(marker) && text.contains("(not to be seen)"), "{text}");
    }
}

/// More context never lowers a verdict, nor a number of dependents, but by what dependents say of their environment: tags
/// of what stands on a thing count, wherever it lives.
#[test]
fn more_context_never_helps() {
    let rank = |verdict: Outcome| {
        [Outcome::Allow, Outcome::Review, Outcome::Block].iter().position(|v| *v == verdict).unwrap()
    };
    let plans = common::files(&common::folder("testdata/labelled"), "json");
    let text = |path: &PathBuf| std::fs::read_to_string(path).unwrap();
    for (place, path) in plans.iter().enumerate() {
        let without = Given { plan: text(path), context: Vec::new() };
        let others = [1, 7, 50].map(|step| &plans[(place + step) % plans.len()]);
        let context = others.map(|other| (common::stem(other), text(other))).to_vec();
        let (before, after) = (without.report(), Given { context, ..without }.report());
        for finding in &before.findings {
            let same = |f: &&blastgate::report::Finding| f.address == finding.address && f.deposed == finding.deposed;
            let now =
                after.findings.iter().find(same).unwrap_or_else(|| panic!("{}: {}", path.display(), finding.address));
            assert!(now.dependents.count >= finding.dependents.count, "{}: {}", path.display(), finding.address);
            let by_context = now.environment.address.as_ref().is_some_and(|address| address.contains(": "));
            assert!(
                rank(now.verdict) >= rank(finding.verdict) || by_context,
                "{}: {}",
                path.display(),
                finding.address
            );
        }
    }
}

#[test]
fn the_tags_of_dependents_elsewhere_count() {
    let with = |environment: &str| {
        let values = json!({"id": "i-1", "vpc": "vpc-0a1b2c3d", "tags": {"env": environment}});
        let context = vec![("app.json".to_owned(), consumer(&[("i", values, &[])], "printed"))];
        Given { plan: producer(&["aws_vpc.main"]), context }.report().verdict
    };
    assert_eq!((with("prod"), with("dev")), (Outcome::Block, Outcome::Allow));
}

/// Replaces one value somewhere in a document.
fn mutate(value: &mut Value, place: &mut usize, with: &Value) {
    if *place == 0 {
        *value = with.clone();
    }
    *place = place.wrapping_sub(1);
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| mutate(item, place, with)),
        Value::Object(members) => members.values_mut().for_each(|member| mutate(member, place, with)),
        _ => {}
    }
}

fn context_files() -> Vec<String> {
    let mut files: Vec<String> = forms("remote").into_iter().flatten().collect();
    files.sort();
    files.dedup();
    files
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever stands in a context, there is a report or an error, and never a panic.
    #[test]
    fn any_context_is_read_or_refused(
        file in prop::sample::select(context_files()),
        place in 0_usize..1200,
        with in prop::sample::select(vec![json!(null), json!(true), json!(-1), json!(1e300), json!("x"), json!([]), json!({}),
            json!([[{"type": "index", "value": {"value": 1e18}}]]), json!([REMOTE, "module.a[0].b.c", "["]), json!({"a": {"value": "é\"\\"}})]),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut given = Given::new("remote/network.json", &[&file, "remote/states/app/terraform.tfstate"]);
        let mut document: Value = serde_json::from_str(&given.context[0].1).unwrap();
        mutate(&mut document, &mut place.clone(), &with);
        given.context[0].1 = document.to_string();
        let _ = given.with(blastgate::assess);
        let mut bytes = document.to_string().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        given.context[0].1 = String::from_utf8_lossy(&bytes).into_owned();
        let _ = given.with(blastgate::assess);
    }
}

/// A folder as it is found on a disk: what belongs to tools is passed over, and links are not followed.
#[cfg(all(feature = "cli", unix))]
#[test]
fn a_folder_is_walked_and_never_left() {
    let work = std::env::temp_dir().join(format!("blastgate-context-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&work);
    let (inside, outside) = (work.join("inside"), work.join("outside"));
    let state = |id: &str| {
        json!({"version": 4, "serial": 1, "lineage": id, "resources": [{"mode": "managed", "type": "aws_instance", "name": id,
            "provider": "p", "instances": [{"attributes": {"id": id, "vpc": "vpc-0a1b2c3d"}}]}]})
        .to_string()
    };
    for (path, id) in [
        (inside.join("a/terraform.tfstate"), "found"),
        (inside.join("a/terraform.tfstate.backup"), "backup"),
        (inside.join("b/lost.tfstate.backup"), "found-too"),
        (inside.join("c/again.json"), "found"),
        (inside.join("a/.terraform/terraform.tfstate"), "pointer"),
        (inside.join("node_modules/m/state.json"), "module"),
        (outside.join("terraform.tfstate"), "outside"),
    ] {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, state(id)).unwrap();
    }
    std::os::unix::fs::symlink(&outside, inside.join("link")).unwrap();
    std::os::unix::fs::symlink(outside.join("terraform.tfstate"), inside.join("link.tfstate")).unwrap();
    // A socket stands for a pipe, a device and the rest: opening a pipe would wait for ever.
    let _socket = std::os::unix::net::UnixListener::bind(inside.join("pipe.json")).unwrap();
    std::fs::write(work.join("plan.json"), producer(&["aws_vpc.main"])).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_blastgate"))
        .args(["check", "plan.json", "--format", "json", "--context", "inside"])
        .current_dir(&work)
        .output()
        .unwrap();
    std::fs::remove_dir_all(&work).unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let names: Vec<&str> = report["inputs"].as_array().unwrap().iter().map(|i| i["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["plan.json", "inside/a/terraform.tfstate", "inside/b/lost.tfstate.backup"]);
    let gaps = report["gaps"].to_string();
    assert!(gaps.contains("inside/link, inside/link.tfstate: it is a link"), "{gaps}");
    assert!(gaps.contains("inside/pipe.json: it is no ordinary file"), "{gaps}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("inside/c/again.json was given already"));
}
