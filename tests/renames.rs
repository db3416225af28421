//! Which deletes and creates are one thing: what must never be paired, and what must be found.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

use std::time::{Duration, Instant};

use blastgate::facts::Facts;
use blastgate::input::{self, Limits};
use serde_json::{Value, json};

/// A plan that deletes and makes objects, written row by row.
#[derive(Default)]
struct Change {
    rows: Vec<Value>,
    blocks: Vec<(String, Value)>,
}

impl Change {
    fn row(mut self, address: &str, actions: &[&str], before: Value, after: Value, unknown: &[&str]) -> Self {
        let steps: Vec<&str> = address.split('[').next().unwrap().split('.').collect();
        let last = address.rsplit("].").next().unwrap();
        let own: Vec<&str> = last.split('[').next().unwrap().split('.').collect();
        let (kind, name) = (own[own.len() - 2], own[own.len() - 1]);
        assert!(!steps.is_empty());
        let unknown: serde_json::Map<String, Value> =
            unknown.iter().map(|name| ((*name).to_owned(), json!(true))).collect();
        self.rows.push(json!({
            "address": address, "mode": "managed", "type": kind, "name": name,
            "change": {"actions": actions, "before": before, "after": after, "after_unknown": unknown}
        }));
        self
    }

    fn gone(self, address: &str, before: Value) -> Self {
        self.row(address, &["delete"], before, Value::Null, &[])
    }

    fn made(self, address: &str, after: Value) -> Self {
        self.row(address, &["create"], Value::Null, after, &["id", "arn"])
    }

    fn made_with(self, address: &str, after: Value, unknown: &[&str]) -> Self {
        let unknown: Vec<&str> = ["id", "arn"].iter().chain(unknown).copied().collect();
        self.row(address, &["create"], Value::Null, after, &unknown)
    }

    /// A block of the root, and what its attributes refer to.
    fn refers(mut self, block: &str, attribute: &str, to: &str) -> Self {
        self.blocks.push((block.to_owned(), json!({ attribute: {"references": [to]} })));
        self
    }

    fn text(&self) -> String {
        let state: Vec<Value> = self
            .rows
            .iter()
            .filter(|row| !row["change"]["before"].is_null())
            .map(|row| {
                json!({"address": row["address"], "mode": "managed", "type": row["type"], "name": row["name"],
                "values": row["change"]["before"], "deposed_key": row["deposed"]})
            })
            .collect();
        let blocks: Vec<Value> = self
            .blocks
            .iter()
            .map(|(address, expressions)| {
                let (kind, name) = address.split_once('.').unwrap();
                json!({"address": address, "mode": "managed", "type": kind, "name": name, "expressions": expressions})
            })
            .collect();
        json!({
            "format_version": "1.2", "terraform_version": "1.11.4", "applyable": true, "complete": true,
            "resource_changes": self.rows,
            "prior_state": {"format_version": "1.0", "values": {"root_module": {"resources": state}}},
            "configuration": {"root_module": {"resources": blocks}}
        })
        .to_string()
    }

    /// The pairs, as old and new addresses.
    fn pairs(&self) -> Vec<(String, String)> {
        let text = self.text();
        let plans = input::read("plan.json", &text, &Limits::default()).unwrap();
        let facts = Facts::gather(&plans);
        let address = |place: usize| facts.changes[place].change.address.to_string();
        facts.renames.pairs().map(|(from, to)| (address(from), address(to))).collect()
    }

    fn found(&self, wanted: &[(&str, &str)]) {
        let mut pairs = self.pairs();
        pairs.sort();
        let mut wanted: Vec<(String, String)> =
            wanted.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect();
        wanted.sort();
        assert_eq!(pairs, wanted);
    }

    fn none(&self) {
        self.found(&[]);
    }
}

fn database(identifier: &str) -> Value {
    json!({"identifier": identifier, "engine": "postgres", "instance_class": "db.r6g.large", "allocated_storage": 100,
        "db_name": "app", "username": "app", "storage_type": "gp3", "id": format!("db-{identifier}")})
}

/// What is asked for: the same without what the cloud gives.
fn wanted(mut value: Value) -> Value {
    value.as_object_mut().unwrap().retain(|name, _| name != "id" && name != "arn");
    value
}

#[test]
fn two_databases_with_the_same_settings_are_two() {
    Change::default()
        .gone("aws_db_instance.orders", database("orders"))
        .made("aws_db_instance.analytics", wanted(database("analytics")))
        .none();
}

#[test]
fn databases_without_identifiers_are_not_one_by_their_settings() {
    let mut after = wanted(database(""));
    after.as_object_mut().unwrap().remove("identifier");
    Change::default()
        .gone("aws_db_instance.orders", database("terraform-20250101"))
        .made_with("aws_db_instance.analytics", after, &["identifier"])
        .none();
}

#[test]
fn tables_with_other_names_are_two() {
    let table = |name: &str| json!({"name": name, "hash_key": "id", "billing_mode": "PAY_PER_REQUEST", "table_class": "STANDARD"});
    Change::default()
        .gone("aws_dynamodb_table.orders", table("orders"))
        .made("aws_dynamodb_table.analytics", table("analytics"))
        .none();
    let table = |name: &str| json!({"dataset_id": "shop", "table_id": name, "schema": "[]", "project": "acme"});
    Change::default()
        .gone("google_bigquery_table.orders", table("orders"))
        .made("google_bigquery_table.analytics", table("analytics"))
        .none();
    // What it belongs to names a table no more than its schema does.
    let table = |name: &str| json!({"dataset_id": "shop", "friendly_name": name, "schema": "[]", "project": "acme"});
    Change::default()
        .gone("google_bigquery_table.orders", table("a"))
        .made("google_bigquery_table.analytics", table("b"))
        .none();
}

#[test]
fn twins_that_nothing_tells_apart_are_left_alone() {
    let volume = || json!({"availability_zone": "eu-west-1a", "size": 100, "type": "gp3"});
    Change::default()
        .gone("aws_ebs_volume.a", volume())
        .gone("aws_ebs_volume.b", volume())
        .made("aws_ebs_volume.c", volume())
        .made("aws_ebs_volume.d", volume())
        .none();
    // One of them alone is no better: a volume holds records.
    Change::default().gone("aws_ebs_volume.a", volume()).made("aws_ebs_volume.c", volume()).none();
}

#[test]
fn the_same_tags_are_no_identity() {
    let with = |tags: Value| json!({"ami": "ami-1", "tags": tags, "tags_all": {"team": "shop"}});
    let tags = || json!({"team": "shop", "environment": "production"});
    Change::default().gone("aws_instance.web", with(tags())).made("aws_instance.worker", with(tags())).none();
    // A name in a tag that is another one is another machine.
    let machine = |name: &str| json!({"ami": "ami-1", "instance_type": "m6i.large", "subnet_id": "subnet-1", "tags": {"Name": name}});
    Change::default().gone("aws_instance.web", machine("web")).made("aws_instance.worker", machine("worker")).none();
}

#[test]
fn the_same_addresses_in_another_network_are_another_subnet() {
    let subnet = |network: &str| json!({"vpc_id": network, "cidr_block": "10.0.1.0/24", "availability_zone": "eu-west-1a", "tags": {"Name": "a"}});
    Change::default().gone("aws_subnet.a", subnet("vpc-1")).made("aws_subnet.b", subnet("vpc-2")).none();
    // The new network is made in the same plan, and is not the old one.
    let network = |range: &str| json!({"cidr_block": range, "id": "vpc-1"});
    Change::default()
        .gone("aws_vpc.old", network("10.0.0.0/16"))
        .gone("aws_subnet.a", subnet("vpc-1"))
        .made("aws_vpc.new", wanted(network("10.0.0.0/20")))
        .made_with("aws_subnet.b", json!({"cidr_block": "10.0.1.0/24", "availability_zone": "eu-west-1a"}), &["vpc_id"])
        .refers("aws_vpc.new", "tags", "local.tags")
        .refers("aws_subnet.b", "vpc_id", "aws_vpc.new.id")
        .none();
}

#[test]
fn a_bucket_whose_name_is_not_known_is_no_other_bucket() {
    let before =
        json!({"bucket": "acme-logs-1a2b", "acl": "private", "region": "eu-west-1", "request_payer": "BucketOwner"});
    let after = json!({"acl": "private", "region": "eu-west-1", "request_payer": "BucketOwner"});
    Change::default().gone("aws_s3_bucket.logs", before).made_with("aws_s3_bucket.data", after, &["bucket"]).none();
}

#[test]
fn a_secret_in_common_is_no_identity() {
    let with =
        |user: &str| json!({"password": "hunter2", "secret_string": "x", "username": user, "engine": "postgres"});
    Change::default().gone("aws_db_instance.a", with("a")).made("aws_db_instance.b", with("b")).none();
    let only = || json!({"password": "hunter2", "token": "x"});
    Change::default().gone("contoso_login.a", only()).made("contoso_login.b", only()).none();
}

#[test]
fn another_region_is_another_thing() {
    let table = |region: &str| json!({"name": "orders", "hash_key": "id", "region": region});
    Change::default()
        .gone("aws_dynamodb_table.eu", table("eu-west-1"))
        .made("aws_dynamodb_table.us", table("us-east-1"))
        .none();
}

#[test]
fn names_that_differ_in_case_are_two() {
    let queue = |name: &str| json!({"name": name, "delay_seconds": 5, "visibility_timeout_seconds": 30});
    Change::default().gone("aws_sqs_queue.a", queue("Orders")).made("aws_sqs_queue.b", queue("orders")).none();
}

#[test]
fn what_is_imported_or_deposed_is_no_rename() {
    let table = || json!({"name": "orders", "hash_key": "id"});
    let mut imported = Change::default().gone("aws_dynamodb_table.a", table()).made("aws_dynamodb_table.b", table());
    imported.rows[1]["change"]["importing"] = json!({"id": "orders"});
    imported.none();
    let mut deposed = Change::default().gone("aws_dynamodb_table.a", table()).made("aws_dynamodb_table.b", table());
    deposed.rows[0]["deposed"] = json!("0123abcd");
    deposed.none();
}

#[test]
fn names_that_changed_places_are_told_apart() {
    let table = |name: &str| json!({"name": name, "hash_key": "id"});
    Change::default()
        .gone("aws_dynamodb_table.a", table("one"))
        .gone("aws_dynamodb_table.b", table("two"))
        .gone("aws_dynamodb_table.c", table("three"))
        .made("module.m.aws_dynamodb_table.a", table("two"))
        .made("module.m.aws_dynamodb_table.b", table("three"))
        .made("module.m.aws_dynamodb_table.c", table("one"))
        .found(&[
            ("aws_dynamodb_table.a", "module.m.aws_dynamodb_table.c"),
            ("aws_dynamodb_table.b", "module.m.aws_dynamodb_table.a"),
            ("aws_dynamodb_table.c", "module.m.aws_dynamodb_table.b"),
        ]);
    // a becomes b and b becomes c: what stands at b is rebuilt, and `moved` blocks would be a chain.
    Change::default()
        .gone("aws_dynamodb_table.a", table("one"))
        .row("aws_dynamodb_table.b", &["delete", "create"], table("two"), table("one"), &["id"])
        .made("aws_dynamodb_table.c", table("two"))
        .none();
}

#[test]
fn one_name_that_two_have_tells_nothing() {
    let queue = |size: u32| json!({"name": "work", "delay_seconds": 5, "size": size});
    Change::default()
        .gone("aws_sqs_queue.a", queue(1))
        .made("aws_sqs_queue.b", queue(1))
        .made("aws_sqs_queue.c", queue(1))
        .none();
}

#[test]
fn rules_of_one_group_are_told_apart() {
    let rule = |port: u32| json!({"security_group_id": "sg-1", "type": "ingress", "protocol": "tcp", "from_port": port, "to_port": port});
    Change::default()
        .gone("aws_security_group_rule.web", rule(80))
        .made("aws_security_group_rule.tls", rule(443))
        .none();
}

#[test]
fn what_is_only_called_a_name_elsewhere_is_none() {
    let grant = |who: &str| json!({"function_name": "resize", "statement_id": who, "action": "lambda:InvokeFunction", "principal": "s3"});
    Change::default().gone("aws_lambda_permission.a", grant("a")).made("aws_lambda_permission.b", grant("b")).none();
    let protection = |pattern: &str| json!({"repository_id": "shop", "pattern": pattern, "enforce_admins": true});
    Change::default()
        .gone("github_branch_protection.a", protection("main"))
        .made("github_branch_protection.b", protection("release/*"))
        .none();
    // The name of the role that a policy belongs to, and no other.
    let policy = |role: &str| json!({"role": role, "name": "write", "policy": "{}"});
    Change::default().gone("aws_iam_role_policy.a", policy("one")).made("aws_iam_role_policy.b", policy("two")).none();
}

#[test]
fn a_key_that_may_enter_names_no_machine() {
    let machine = |kind: &str, name: &str| {
        json!({"ami": "ami-1", "instance_type": kind, "key_name": "ops", "subnet_id": "subnet-1",
            "tags": {"Name": name}, "id": "i-1"})
    };
    Change::default()
        .gone("aws_instance.legacy_db", machine("m6i.large", "legacy-db"))
        .made("aws_instance.runner", wanted(machine("c6i.large", "ci-runner")))
        .none();
    let key = json!({"key_name": "ops", "public_key": "ssh-ed25519 A", "id": "ops"});
    Change::default()
        .gone("aws_key_pair.a", key.clone())
        .made("aws_key_pair.b", wanted(key))
        .found(&[("aws_key_pair.a", "aws_key_pair.b")]);
}

#[test]
fn a_name_outweighs_what_is_changed_in_place() {
    let stream = |name: &str, shards: u8| json!({"name": name, "shard_count": shards, "id": name});
    Change::default()
        .gone("aws_kinesis_stream.s[\"orders\"]", stream("orders", 1))
        .gone("aws_kinesis_stream.s[\"clicks\"]", stream("clicks", 1))
        .made("aws_kinesis_stream.s[\"o\"]", wanted(stream("orders", 2)))
        .made("aws_kinesis_stream.s[\"c\"]", wanted(stream("clicks", 2)))
        .found(&[
            ("aws_kinesis_stream.s[\"orders\"]", "aws_kinesis_stream.s[\"o\"]"),
            ("aws_kinesis_stream.s[\"clicks\"]", "aws_kinesis_stream.s[\"c\"]"),
        ]);
}

#[test]
fn what_may_replace_it_all_the_same_is_told() {
    let table =
        |key: &str| json!({"name": "orders", "billing_mode": "PAY_PER_REQUEST", "hash_key": key, "id": "orders"});
    let text_of = |key: &str| {
        let change = Change::default()
            .gone("aws_dynamodb_table.orders", table("id"))
            .made("aws_dynamodb_table.orders_v2", wanted(table(key)));
        let text = change.text();
        let report = blastgate::assess(&input::read("plan.json", &text, &Limits::default()).unwrap());
        let way = report.findings[0].ways_out.iter().find(|way| way.id == "moved").cloned().unwrap();
        way.text
    };
    let told = text_of("order_id");
    assert!(
        told.contains("hash_key of aws_dynamodb_table.orders_v2 to \"id\"") && !told.contains("nothing is"),
        "{told}"
    );
    assert!(text_of("id").ends_with("nothing is destroyed."));
}

#[test]
fn a_namespace_alone_names_nothing() {
    let claim =
        |extra: Value| json!({"metadata": [{"namespace": "shop", "generate_name": extra}], "spec": [{"size": "10Gi"}]});
    Change::default()
        .gone("kubernetes_persistent_volume_claim.a", claim(json!("a-")))
        .made("kubernetes_persistent_volume_claim.b", claim(json!("b-")))
        .none();
    let named =
        |namespace: &str| json!({"metadata": [{"name": "data", "namespace": namespace}], "spec": [{"size": "10Gi"}]});
    Change::default()
        .gone("kubernetes_persistent_volume_claim.a", named("shop"))
        .made("kubernetes_persistent_volume_claim.b", named("web"))
        .none();
}

#[test]
fn a_name_inside_of_metadata_is_found() {
    let before =
        json!({"metadata": [{"name": "data", "namespace": "shop", "uid": "1", "labels": {"a": "b"}}], "wait": true});
    let after = json!({"metadata": [{"name": "data", "namespace": "shop", "labels": {"a": "c"}}], "wait": true});
    let mut change = Change::default()
        .gone("kubernetes_persistent_volume_claim.a", before)
        .made("kubernetes_persistent_volume_claim.b", after);
    change.rows[1]["change"]["after_unknown"] = json!({"id": true, "metadata": [{"uid": true}]});
    change.found(&[("kubernetes_persistent_volume_claim.a", "kubernetes_persistent_volume_claim.b")]);
}

#[test]
fn a_name_in_a_tag_is_found() {
    let address = |name: &str| json!({"domain": "vpc", "tags": {"Name": name}});
    Change::default()
        .gone("aws_eip.a", address("nat-a"))
        .gone("aws_eip.b", address("nat-b"))
        .made("aws_eip.nat", address("nat-b"))
        .made("aws_eip.other", address("nat-a"))
        .found(&[("aws_eip.a", "aws_eip.other"), ("aws_eip.b", "aws_eip.nat")]);
}

#[test]
fn a_small_edit_beside_the_rename_is_no_other_thing() {
    let before = json!({"name": "orders", "hash_key": "id", "billing_mode": "PROVISIONED", "read_capacity": 5,
        "tags": {"team": "shop"}, "id": "orders"});
    let after = json!({"name": "orders", "hash_key": "id", "billing_mode": "PROVISIONED", "read_capacity": 10,
        "tags": {"team": "orders", "Name": "orders"}});
    Change::default()
        .gone("aws_dynamodb_table.a", before)
        .made("aws_dynamodb_table.b", after)
        .found(&[("aws_dynamodb_table.a", "aws_dynamodb_table.b")]);
    // The tag may be edited where something better names the thing.
    let network = |name: &str| json!({"cidr_block": "10.0.0.0/16", "tags": {"Name": name}, "id": "vpc-1"});
    Change::default()
        .gone("aws_vpc.main", network("main"))
        .made("aws_vpc.core", wanted(network("core")))
        .found(&[("aws_vpc.main", "aws_vpc.core")]);
}

#[test]
fn what_belongs_to_something_renamed_goes_along() {
    let vpc = json!({"cidr_block": "10.0.0.0/16", "id": "vpc-1"});
    let link = |subnet: &str| json!({"subnet_id": subnet, "route_table_id": "rtb-1"});
    let subnet = |range: &str, id: &str| json!({"vpc_id": "vpc-1", "cidr_block": range, "id": id});
    Change::default()
        .gone("aws_vpc.main", vpc.clone())
        .gone("aws_subnet.main[0]", subnet("10.0.0.0/24", "subnet-0"))
        .gone("aws_subnet.main[1]", subnet("10.0.1.0/24", "subnet-1"))
        .gone("aws_route_table_association.main[0]", link("subnet-0"))
        .gone("aws_route_table_association.main[1]", link("subnet-1"))
        .made("aws_vpc.core", wanted(vpc))
        .made_with("aws_subnet.core[0]", json!({"cidr_block": "10.0.0.0/24"}), &["vpc_id"])
        .made_with("aws_subnet.core[1]", json!({"cidr_block": "10.0.1.0/24"}), &["vpc_id"])
        .made_with("aws_route_table_association.core[0]", json!({"route_table_id": "rtb-1"}), &["subnet_id"])
        .made_with("aws_route_table_association.core[1]", json!({"route_table_id": "rtb-1"}), &["subnet_id"])
        .refers("aws_vpc.core", "tags", "local.tags")
        .refers("aws_subnet.core", "vpc_id", "aws_vpc.core.id")
        .refers("aws_route_table_association.core", "subnet_id", "aws_subnet.core")
        .found(&[
            ("aws_vpc.main", "aws_vpc.core"),
            ("aws_subnet.main[0]", "aws_subnet.core[0]"),
            ("aws_subnet.main[1]", "aws_subnet.core[1]"),
            ("aws_route_table_association.main[0]", "aws_route_table_association.core[0]"),
            ("aws_route_table_association.main[1]", "aws_route_table_association.core[1]"),
        ]);
}

/// Thirty objects in a module, of which a third has no identity at all.
fn module(change: Change, module: &str, gone: bool, suffix: &str) -> Change {
    (0..10).fold(change, |change, at| {
        let bucket = json!({"bucket": format!("acme-{suffix}-{at}"), "acl": "private"});
        let random = json!({"byte_length": 4, "keepers": null});
        let attachment = json!({"role": format!("r{at}"), "policy_arn": "arn:aws:iam::aws:policy/ReadOnly"});
        let address = |kind: &str| format!("{module}.{kind}.x{at}");
        if gone {
            change
                .gone(&address("aws_s3_bucket"), bucket)
                .gone(&address("random_id"), json!({"byte_length": 4, "hex": format!("{at:08x}"), "id": "r"}))
                .gone(&address("aws_iam_role_policy_attachment"), attachment)
        } else {
            change.made(&address("aws_s3_bucket"), bucket).made_with(&address("random_id"), random, &["hex"]).made_with(
                &address("aws_iam_role_policy_attachment"),
                json!({"policy_arn": "arn:aws:iam::aws:policy/ReadOnly"}),
                &["role"],
            )
        }
    })
}

#[test]
fn a_module_moves_whole() {
    let change = module(module(Change::default(), "module.old", true, "a"), "module.new", false, "a");
    assert_eq!(change.pairs().len(), 30);
    assert!(change.pairs().iter().all(|(from, to)| from.replace("module.old", "module.new") == *to));
    // With keys, each by what is in it.
    let keyed = ["x", "y"].iter().fold(Change::default(), |change, key| {
        let change = module(change, &format!("module.old[\"{key}\"]"), true, key);
        module(change, &format!("module.new[\"{key}{key}\"]"), false, key)
    });
    assert_eq!(keyed.pairs().len(), 60);
    assert!(keyed.pairs().iter().all(|(from, to)| from.contains("\"x\"") == to.contains("\"xx\"")));
}

#[test]
fn a_module_in_which_nothing_has_a_name_moves_by_its_form() {
    let with = |change: Change, module: &str, gone: bool| {
        let random = json!({"byte_length": 4, "hex": "00ff", "id": "r"});
        let bucket = json!({"bucket": "acme-00ff", "acl": "private"});
        let (a, b) = (format!("{module}.random_id.this"), format!("{module}.aws_s3_bucket.this"));
        if gone {
            change.gone(&a, random).gone(&b, bucket)
        } else {
            change.made_with(&a, json!({"byte_length": 4}), &["hex"]).made_with(
                &b,
                json!({"acl": "private"}),
                &["bucket"],
            )
        }
    };
    let one = with(with(Change::default(), "module.old", true), "module.new", false);
    assert_eq!(one.pairs().len(), 2);
    // Of two alike nobody can say which became which.
    let two = ["a", "b"].iter().fold(Change::default(), |change, key| {
        with(with(change, &format!("module.old_{key}"), true), &format!("module.new_{key}"), false)
    });
    two.none();
}

#[test]
fn count_becomes_keys_and_a_module_takes_an_index() {
    let bucket = |name: &str| json!({"bucket": name, "acl": "private"});
    Change::default()
        .gone("aws_s3_bucket.x[0]", bucket("a"))
        .gone("aws_s3_bucket.x[1]", bucket("b"))
        .made("aws_s3_bucket.x[\"b\"]", bucket("b"))
        .made("aws_s3_bucket.x[\"c\"]", bucket("c"))
        .found(&[("aws_s3_bucket.x[1]", "aws_s3_bucket.x[\"b\"]")]);
    let vpc = |name: &str| json!({"cidr_block": "10.0.0.0/16", "tags": {"Name": name}});
    Change::default()
        .gone("aws_vpc.main", vpc("main"))
        .made("module.vpc.aws_vpc.this[0]", vpc("shop"))
        .found(&[("aws_vpc.main", "module.vpc.aws_vpc.this[0]")]);
}

#[test]
fn thousands_are_compared_at_once() {
    let many = (0..3_000).fold(Change::default(), |change, at| {
        let queue = |name: String| {
            json!({"name": name, "delay_seconds": 5, "visibility_timeout_seconds": 30, "fifo_queue": false,
                "message_retention_seconds": 345_600, "tags": {"team": "shop"}, "policy": "{}", "max_message_size": 262_144})
        };
        change
            .gone(&format!("aws_sqs_queue.q{at}"), queue(format!("queue-{at}")))
            .made(&format!("aws_sqs_queue.p{at}"), queue(format!("queue-{at}")))
    });
    let text = many.text();
    let plans = input::read("plan.json", &text, &Limits::default()).unwrap();
    let start = Instant::now();
    let facts = Facts::gather(&plans);
    let took = start.elapsed();
    println!("facts of 3,000 renames took {took:?}");
    assert_eq!(facts.renames.pairs().count(), 3_000);
    let start = Instant::now();
    let report = blastgate::assess(&plans);
    println!("the report took {:?}", start.elapsed());
    assert!(report.findings.len() >= 3_000);
    // Without optimization, on a busy machine.
    assert!(took < Duration::from_secs(10));
}

#[test]
fn thousands_that_are_no_renames_are_as_fast() {
    let many = (0..3_000).fold(Change::default(), |change, at| {
        let queue = |name: String| json!({"name": name, "delay_seconds": 5, "visibility_timeout_seconds": 30});
        change
            .gone(&format!("aws_sqs_queue.q{at}"), queue(format!("old-{at}")))
            .made(&format!("aws_sqs_queue.p{at}"), queue(format!("new-{at}")))
    });
    let start = Instant::now();
    many.none();
    println!("3,000 that were not renamed took {:?}", start.elapsed());
    assert!(start.elapsed() < Duration::from_secs(10));
}
