//! Types that hide what they hold are looked into, as far as their values tell it.
//!
//! The `inside` trait of such a type says which attribute names what it really is, and `data/inside.tsv` what sort of name
//! that is: a kind of Kubernetes, a type of CloudFormation or of Azure's resource manager, or a template, whose worst
//! resource decides.

use super::entry::{Basis, Entry, Holds, Standing};
use super::rows::{self, kind_of};
use super::traits::{self, Trait};
use super::{Catalog, files};
use crate::plan::{Attributes, Value};

impl Catalog {
    /// What an object really is, where that is not what the catalogue says of its type `kind`, which is `entry`: the type
    /// only wraps another, or the object is a member of another.
    #[must_use]
    pub fn inside(&self, kind: &str, entry: &Entry, object: &Attributes<'_>) -> Option<Entry> {
        let inside = self.wrapped(kind, entry, object);
        let real = inside.as_ref().unwrap_or(entry);
        let may_be_member = real.traits.iter().any(|one| matches!(one, Trait::Member(_)));
        let member = may_be_member.then(|| real.as_member(&real.values(&object.view()))).flatten();
        member.or(inside)
    }

    /// What is inside of an object whose type only wraps another.
    fn wrapped(&self, kind: &str, entry: &Entry, object: &Attributes<'_>) -> Option<Entry> {
        let path = entry.wraps()?;
        let wrapper = rows::exact(rows::parts(files::INSIDE).1, kind).unwrap_or_default();
        let mut columns = wrapper.split('\t').skip(1).map(|column| Some(column).filter(|column| *column != "-"));
        let mut column = || columns.next().flatten();
        let (sort, beside, values) = (column(), column(), column());
        let beside: Vec<&str> = beside.map(|path| path.split('.').collect()).unwrap_or_default();
        let picked = object.pick(|name| path.first() == Some(&name) || beside.first() == Some(&name));
        let found = picked.at(path);
        let name = found.first()?.text()?;
        let mut inside = match sort.unwrap_or_else(|| sort_of(name)) {
            "cloudformation" => Some(self.properties(name)).filter(is_known),
            "arm" => self.azure(name),
            "arm-part" => self.azure(name).and_then(|whole| part_of(entry, &whole)),
            "template" => self.template(name),
            _ if beside.is_empty() => self.kind(name, &Value::Null),
            _ => self.kind(name, picked.at(&beside).first().copied().unwrap_or(&Value::Null)),
        }?;
        inside.values = values;
        inside.traits.extend(entry.guards().filter(|guard| !guard.common).cloned().map(Trait::Guard));
        Some(inside)
    }

    /// A type of CloudFormation that is not made by a stack: policies of a template do not hold for it.
    fn properties(&self, kind: &str) -> Entry {
        let mut entry = self.lookup(kind);
        entry.traits.retain(|one| !matches!(one, Trait::Snapshot(_)));
        entry
    }

    /// A type of the provider `awscc`: the service in small letters, the resource in snake case, as are its attributes.
    /// Both are generated from CloudFormation's types and properties.
    pub(super) fn cloud_control(kind: &str) -> Option<Entry> {
        let (service, resource) = kind.strip_prefix("awscc_")?.split_once('_')?;
        let small = format!("aws::{service}::{}", resource.replace('_', ""));
        let mut entry = Entry::parse(rows::in_small_letters(files::CLOUDFORMATION, &small)?)?;
        entry.traits.retain(|one| !matches!(one, Trait::Snapshot(_)));
        entry.traits = traits::in_any_spelling(entry.traits);
        Some(entry)
    }

    /// A type of Azure's resource manager, with or without its version: `Microsoft.Sql/servers/databases@2023-05-01`.
    /// `data/arm.tsv` names the type that answers for it, and the guards by their names there.
    fn azure(&self, kind: &str) -> Option<Entry> {
        let plain = kind.split('@').next()?;
        if let Some(own) = self.own.as_ref().and_then(|own| own.row(plain)) {
            return Entry::parse(own);
        }
        let row = rows::in_small_letters(files::ARM, &plain.to_ascii_lowercase())?;
        let mut columns = row.split('\t').skip(1);
        let mut entry = self.lookup(columns.next()?);
        entry.traits.retain(is_flag);
        entry.traits.extend(traits::in_any_spelling(traits::parse(columns.next()?)?));
        // What azurerm does besides, such as purging, azapi does not.
        entry.note = entry.note.filter(|note| !note.contains("provider"));
        if kind_of(row).contains('*') {
            entry.basis = Basis::Pattern(kind_of(row));
        }
        Some(entry).filter(is_known)
    }

    /// A template as JSON: the worst of what is in it. What it keeps or copies when it goes, and what nobody knows, stays
    /// unjudged, so that a person looks; so does all of a template that something transforms.
    fn template(&self, text: &str) -> Option<Entry> {
        let template = json(text)?;
        let Value::Object(resources) = template.get("Resources") else { return None };
        if *template.get("Transform") != Value::Null {
            return None;
        }
        let (mut lost, mut unjudged) = (Vec::new(), false);
        for (_, resource) in resources {
            let entry = self.lookup(resource.get("Type").text()?);
            let entry = entry.as_member(resource.get("Properties")).unwrap_or(entry);
            let survives = match resource.get("DeletionPolicy").text() {
                Some("Retain" | "RetainExceptOnCreate") => true,
                Some("Snapshot") => entry.snapshot_policy().is_some(),
                Some(_) => false,
                None => entry.is_snapshotted_by_default(resource.get("Properties")),
            };
            unjudged |= survives || !is_known(&entry) || entry.is(&Trait::Opaque);
            lost.extend(Some(entry).filter(|entry| !survives && is_known(entry)));
        }
        Some(worst(&lost, unjudged))
    }
}

/// What sort of name a name is, where only its form tells: of a user's own wrapper.
fn sort_of(name: &str) -> &'static str {
    match name {
        name if name.trim_start().starts_with('{') => "template",
        name if name.contains("::") => "cloudformation",
        name if name.contains('/') => "arm",
        _ => "kind",
    }
}

/// What a resource is that sets a part of an object and leaves the object alone when it goes: a guard of that object, where
/// the part may guard anything.
fn part_of(part: &Entry, whole: &Entry) -> Option<Entry> {
    let guards = whole.guards().any(|guard| !guard.common) && (whole.holds_records() || whole.guards_what().is_some());
    // Where the whole is a setting of something else, that is what is guarded, and not the setting.
    let named = [whole, part].into_iter().find_map(|entry| entry.guards_what()).cloned().map(Trait::Guards);
    let theirs = whole.traits.iter().filter(|one| matches!(one, Trait::Guard(guard) if !guard.common)).cloned();
    let traits = theirs.chain(named).collect();
    guards.then(|| Entry { traits, ..part.clone() })
}

/// One answer for several objects that go together.
fn worst(entries: &[Entry], unjudged: bool) -> Entry {
    let holds = Holds::KNOWN.into_iter().find(|holds| entries.iter().any(|entry| entry.holds == *holds));
    let standing = Standing::KNOWN.into_iter().find(|s| entries.iter().any(|entry| entry.standing == *s));
    let carries = entries.iter().any(|entry| entry.is(&Trait::Carries)).then_some(Trait::Carries);
    Entry {
        holds: holds.unwrap_or(Holds::Nothing),
        standing: standing.unwrap_or(Standing::Routine),
        traits: unjudged.then_some(Trait::Opaque).into_iter().chain(carries).collect(),
        note: Some("What its template makes goes with it."),
        basis: Basis::Exact,
        values: None,
    }
}

pub(super) fn is_known(entry: &Entry) -> bool {
    entry.basis != Basis::Unknown
}

/// It takes no attribute, so it holds whatever the attributes are called.
fn is_flag(one: &Trait) -> bool {
    matches!(one, Trait::Carries | Trait::Opaque | Trait::Alarm | Trait::Job | Trait::Key)
}

/// JSON that stands as text in an attribute. An object with the same key twice has no one reading.
pub(super) fn json(text: &str) -> Option<Value<'_>> {
    let values = Attributes::new(Some(text), None, None);
    values.check().ok().map(|()| values.view())
}

#[cfg(test)]
mod tests {
    use super::super::{Catalog, Entry, GuardKind, Holds, Standing, Trait};
    use crate::plan::{Attributes, Value};

    fn object(kind: &str, values: &str) -> Option<Entry> {
        let catalog = Catalog::default();
        catalog.inside(kind, &catalog.lookup(kind), &Attributes::new(Some(values), None, None))
    }

    /// The kinds of guards that are on by what is written.
    fn written(entry: &Entry, values: &str) -> Vec<GuardKind> {
        let view = Attributes::new(Some(values), None, None).view();
        let values: Value<'_> = entry.values(&view).into_owned();
        entry.guards().filter(|guard| guard.written_on(&values)).map(|guard| guard.kind).collect()
    }

    #[test]
    fn a_manifest_is_what_its_kind_says() {
        let of = |kind: &str| object("kubernetes_manifest", &format!(r#"{{"manifest":{{"kind":"{kind}"}}}}"#));
        assert!(of("Namespace").unwrap().is_foundation());
        assert!(of("Whatever").is_none() && of("").is_none());
        let kept = r#"{"manifest":{"kind":"PersistentVolume","spec":{"persistentVolumeReclaimPolicy":"Retain"}}}"#;
        assert_eq!(written(&object("kubernetes_manifest", kept).unwrap(), kept), [GuardKind::Copy]);
    }

    #[test]
    fn a_cloud_control_resource_is_what_its_type_name_says() {
        let values = r#"{"type_name":"AWS::DynamoDB::Table","desired_state":"{\"DeletionProtectionEnabled\":true}"}"#;
        let table = object("aws_cloudcontrolapi_resource", values).unwrap();
        assert!(table.holds_records());
        assert_eq!(written(&table, values), [GuardKind::Lock]);
        assert!(object("aws_cloudcontrolapi_resource", r#"{"type_name":"Acme::Own::Thing"}"#).is_none());
        assert!(
            object("aws_cloudcontrolapi_resource", r#"{"type_name":"AWS::RDS::DBCluster"}"#)
                .unwrap()
                .snapshot_policy()
                .is_none()
        );
    }

    #[test]
    fn a_member_of_a_database_cluster_holds_nothing_of_its_own() {
        let member = object("AWS::RDS::DBInstance", r#"{"DBClusterIdentifier":"c"}"#).unwrap();
        assert_eq!((member.holds, member.standing), (Holds::Nothing, Standing::Service));
        assert!(object("AWS::RDS::DBInstance", "{}").is_none());
        assert!(object("AWS::RDS::DBInstance", r#"{"DBClusterIdentifier":""}"#).is_none());
    }

    #[test]
    fn an_awscc_type_is_its_cloudformation_type() {
        let catalog = Catalog::default();
        let same = [
            ("awscc_rds_db_instance", "AWS::RDS::DBInstance"),
            ("awscc_ec2_vpc", "AWS::EC2::VPC"),
            ("awscc_s3_bucket", "AWS::S3::Bucket"),
            ("awscc_s3tables_table", "AWS::S3Tables::Table"),
            ("awscc_opensearchservice_domain", "AWS::OpenSearchService::Domain"),
            ("awscc_ec2_vpc_cidr_block", "AWS::EC2::VPCCidrBlock"),
        ];
        for (awscc, kind) in same {
            let (one, other) = (catalog.lookup(awscc), catalog.lookup(kind));
            assert_eq!((one.holds, one.standing, one.note), (other.holds, other.standing, other.note), "{awscc}");
            assert_ne!(one.holds, Holds::Unknown);
        }
        let table = catalog.lookup("awscc_dynamodb_table");
        let on = r#"{"deletion_protection_enabled":true,
            "point_in_time_recovery_specification":{"point_in_time_recovery_enabled":true}}"#;
        assert_eq!(written(&table, on), [GuardKind::Lock, GuardKind::Backup]);
        assert_eq!(catalog.lookup("awscc_nosuchservice_thing").holds, Holds::Unknown);
    }

    #[test]
    fn a_wrapper_of_ones_own_is_what_its_name_says() {
        let rows = "acme_wrapper\tnothing\tservice\topaque inside:what\t-\nkubernetes_manifest\tnothing\tsupport\t-\t-\nAcme.Own/things\trecords\tservice\t-\t-\n";
        let catalog = Catalog::with_rows(rows).unwrap();
        let of = |kind: &str, values: &str| {
            let values = Attributes::new(Some(values), None, None);
            catalog.inside(kind, &catalog.lookup(kind), &values)
        };
        for name in ["AWS::S3::Bucket", "Microsoft.Sql/servers/databases@2023-05-01", "PersistentVolumeClaim"] {
            assert!(of("acme_wrapper", &format!(r#"{{"what":"{name}"}}"#)).unwrap().holds_records(), "{name}");
        }
        assert!(of("acme_wrapper", r#"{"what":"Whatever"}"#).is_none());
        assert!(of("azapi_resource", r#"{"type":"Acme.Own/things@1"}"#).unwrap().holds_records());
        // A row that says nothing of what is inside is the last word.
        assert!(of("kubernetes_manifest", r#"{"manifest":{"apiVersion":"v1","kind":"Namespace"}}"#).is_none());
    }

    #[test]
    fn a_member_of_a_cluster_holds_nothing_itself() {
        let catalog = Catalog::default();
        let of = |kind: &str, values: &str| {
            let entry = catalog.lookup(kind);
            let object = Attributes::new(Some(values), None, None);
            catalog.inside(kind, &entry, &object).unwrap_or(entry).holds
        };
        assert_eq!(of("AWS::RDS::DBInstance", r#"{"DBClusterIdentifier":{"Ref":"Cluster"}}"#), Holds::Nothing);
        assert_eq!(of("AWS::RDS::DBInstance", r#"{"DBClusterIdentifier":""}"#), Holds::Records);
        assert_eq!(of("AWS::RDS::DBInstance", "{}"), Holds::Records);
        assert_eq!(of("awscc_rds_db_instance", r#"{"db_cluster_identifier":"orders"}"#), Holds::Nothing);
        assert_eq!(of("awscc_rds_db_instance", r#"{"db_cluster_identifier":null}"#), Holds::Records);
        let stated = r#"{"type_name":"AWS::RDS::DBInstance","desired_state":"{\"DBClusterIdentifier\":\"orders\"}"}"#;
        assert_eq!(of("aws_cloudcontrolapi_resource", stated), Holds::Nothing);
        assert_eq!(of("aws_elasticache_cluster", r#"{"replication_group_id":"orders"}"#), Holds::Nothing);
        assert_eq!(of("aws_elasticache_cluster", r#"{"replication_group_id":null}"#), Holds::Records);
        let hidden =
            Attributes::new(Some(r#"{"db_cluster_identifier":"x"}"#), None, Some(r#"{"db_cluster_identifier":true}"#));
        assert!(catalog.inside("awscc_rds_db_instance", &catalog.lookup("awscc_rds_db_instance"), &hidden).is_none());
    }

    #[test]
    fn an_azure_resource_is_what_its_type_says() {
        let of = |kind: &str| object("azapi_resource", &format!(r#"{{"type":"{kind}"}}"#));
        assert!(of("Microsoft.Sql/servers/databases@2023-05-01").unwrap().holds_records());
        assert!(of("microsoft.network/virtualNetworks@2024-01-01").unwrap().is_foundation());
        assert!(of("Acme.Own/things@2024-01-01").is_none());
        for body in [
            r#"{"properties":{"enablePurgeProtection":true}}"#,
            r#""{\"properties\":{\"enablePurgeProtection\":true}}""#,
        ] {
            let vault = format!(r#"{{"type":"Microsoft.KeyVault/vaults@2023-07-01","body":{body}}}"#);
            assert_eq!(written(&object("azapi_resource", &vault).unwrap(), &vault), [GuardKind::Hold]);
        }
    }

    #[test]
    fn a_stack_is_the_worst_of_its_template() {
        let of = |resources: &str| {
            let template = serde_json::to_string(&format!(r#"{{"Resources":{{{resources}}}}}"#)).unwrap();
            object("aws_cloudformation_stack", &format!(r#"{{"template_body":{template}}}"#)).unwrap()
        };
        let open = of(r#""A":{"Type":"AWS::SQS::Queue"},"B":{"Type":"AWS::DynamoDB::Table"}"#);
        assert_eq!((open.holds, open.standing), (Holds::Records, Standing::Service));
        assert!(!open.is(&Trait::Opaque));
        let kept = of(r#""B":{"Type":"AWS::DynamoDB::Table","DeletionPolicy":"Retain"}"#);
        assert!(kept.is(&Trait::Opaque) && !kept.holds_records());
        let copied = of(r#""D":{"Type":"AWS::RDS::DBInstance","Properties":{}}"#);
        assert!(copied.is(&Trait::Opaque) && !copied.holds_records());
        let member = of(r#""D":{"Type":"AWS::RDS::DBInstance","Properties":{"DBClusterIdentifier":"c"}}"#);
        assert!(!member.holds_records() && !member.is(&Trait::Opaque));
        assert!(of(r#""C":{"Type":"Custom::Thing"}"#).is(&Trait::Opaque));
        assert!(of(r#""C":{"Type":"Acme::Own::Thing"}"#).is(&Trait::Opaque));
        assert!(object("aws_cloudformation_stack", r#"{"template_body":"Resources: {}"}"#).is_none());
    }
}
