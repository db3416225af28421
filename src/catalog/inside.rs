//! Types that hide what they hold are looked into, as far as their values tell it.
//!
//! `data/inside.tsv` says of such a type which attribute names what it really is, and which one has its values. What the name
//! is follows from its form: a kind of Kubernetes, a type of CloudFormation, a type of Azure's resource manager, or a
//! template, whose worst resource decides.

use super::entry::{Basis, Entry, Holds, Standing};
use super::rows::{self, kind_of};
use super::traits::{self, SnapshotPolicy, Trait};
use super::{Catalog, files};
use crate::plan::{Attributes, Value};

impl Catalog {
    /// What an object really is, where its type only wraps another. `entry` is what the catalogue says of the type `kind`.
    #[must_use]
    pub fn inside(&self, kind: &str, entry: &Entry, object: &Attributes<'_>) -> Option<Entry> {
        if let Some(member) = member(entry, object) {
            return Some(member);
        }
        let wrapper = rows::exact(rows::parts(files::INSIDE).1, kind);
        let mut columns = wrapper.unwrap_or_default().split('\t').skip(1);
        let (name, values) = (columns.next(), columns.next().filter(|values| *values != "-"));
        let path = name.map(|name| name.split('.').collect()).or_else(|| entry.wraps().map(<[_]>::to_vec))?;
        let first = path.first()?;
        let picked = object.pick(|name| name == *first);
        let found = picked.at(&path);
        let mut inside = self.named(found.first()?.text()?)?;
        inside.values = values;
        Some(inside)
    }

    /// What a name means that an object gives as its real type.
    fn named(&self, name: &str) -> Option<Entry> {
        if name.trim_start().starts_with('{') {
            self.template(name)
        } else if name.contains("::") {
            Some(self.properties(name)).filter(is_known)
        } else if name.contains('/') {
            self.azure(name)
        } else {
            self.kubernetes(name)
        }
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

    /// A kind of Kubernetes: `PersistentVolumeClaim`. A manifest spells its fields in its own way.
    fn kubernetes(&self, kind: &str) -> Option<Entry> {
        if kind.is_empty() || !kind.chars().all(|c| c.is_ascii_alphanumeric()) {
            return None;
        }
        let mut snake = String::from("kubernetes");
        for c in kind.chars() {
            if c.is_ascii_uppercase() {
                snake.push('_');
            }
            snake.push(c.to_ascii_lowercase());
        }
        let mut entry = [format!("{snake}_v1"), snake].iter().map(|kind| self.lookup(kind)).find(is_known)?;
        entry.traits = traits::in_any_spelling(entry.traits);
        Some(entry)
    }

    /// A type of Azure's resource manager, with or without its version: `Microsoft.Sql/servers/databases@2023-05-01`.
    /// `data/arm.tsv` names the type that answers for it, and the guards by their names there.
    fn azure(&self, kind: &str) -> Option<Entry> {
        let small = kind.split('@').next()?.to_ascii_lowercase();
        let row = rows::in_small_letters(files::ARM, &small)?;
        let mut columns = row.split('\t').skip(1);
        let mut entry = self.lookup(columns.next()?);
        entry.traits.retain(is_flag);
        entry.traits.extend(traits::parse(columns.next()?)?);
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

/// A member of a cluster, which has its data: what is not copied by default on its own, because of such a property, holds
/// nothing of its own.
fn member(entry: &Entry, object: &Attributes<'_>) -> Option<Entry> {
    let Some(SnapshotPolicy::DefaultWithout(property)) = entry.snapshot_policy() else { return None };
    let is_member = !object.pick(|name| name == property).get(property).is_empty();
    is_member.then(|| Entry { holds: Holds::Nothing, ..entry.clone() })
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

fn is_known(entry: &Entry) -> bool {
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
        assert!(of("PersistentVolumeClaim").unwrap().holds_records());
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
        assert!(member.holds_records());
        assert!(of(r#""C":{"Type":"Custom::Thing"}"#).is(&Trait::Opaque));
        assert!(of(r#""C":{"Type":"Acme::Own::Thing"}"#).is(&Trait::Opaque));
        assert!(object("aws_cloudformation_stack", r#"{"template_body":"Resources: {}"}"#).is_none());
    }
}
