//! Kinds of Kubernetes, which manifests name.
//!
//! A built-in kind is what the provider `kubernetes` has a type for, and `kubernetes.tsv` has rows for those without one. A
//! kind that somebody else defined is another thing even where it has the same name, so its row names its group too:
//! `kubernetes_kafka.kafka.strimzi.io`.

use super::Catalog;
use super::entry::{Basis, Entry, Standing};
use super::inside::is_known;
use super::traits::{self, Trait};
use crate::plan::Value;

/// The groups of the kinds that Kubernetes has by itself; the first one has no name.
const BUILT_IN: [&str; 16] = [
    "",
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "apiregistration.k8s.io",
    "apps",
    "autoscaling",
    "batch",
    "certificates.k8s.io",
    "discovery.k8s.io",
    "extensions",
    "networking.k8s.io",
    "node.k8s.io",
    "policy",
    "rbac.authorization.k8s.io",
    "scheduling.k8s.io",
    "storage.k8s.io",
];

impl Catalog {
    /// A kind, `PersistentVolumeClaim`, with the version that stands beside it, `apps/v1`. A manifest spells its fields in
    /// its own way.
    pub(super) fn kind(&self, kind: &str, version: &Value<'_>) -> Option<Entry> {
        if kind.is_empty() || !kind.chars().all(|c| c.is_ascii_alphanumeric()) {
            return None;
        }
        let name = format!("kubernetes_{}", snake(kind));
        let group = version.text().map(|version| version.split_once('/').map_or("", |(group, _)| group));
        let mut entry = match group {
            Some(group) if BUILT_IN.contains(&group) => self.built_in(&name),
            Some(group) => self.of_group(&name, group),
            None if *version == Value::Null => self.built_in(&name).map(no_less),
            None => None,
        }
        .or_else(|| self.own.as_ref().and_then(|own| own.row(&name)).and_then(Entry::parse))?;
        entry.traits = traits::in_any_spelling(entry.traits);
        Some(entry)
    }

    fn built_in(&self, name: &str) -> Option<Entry> {
        [format!("{name}_v1"), name.to_owned()].iter().map(|kind| self.lookup(kind)).find(is_known)
    }

    /// A kind that somebody defined: a row for built-in kinds does not speak of it.
    fn of_group(&self, name: &str, group: &str) -> Option<Entry> {
        let named = |entry: &Entry| match entry.basis {
            Basis::Pattern(pattern) => pattern.contains('.'),
            basis => basis != Basis::Unknown,
        };
        Some(self.lookup(&format!("{name}.{}", group.to_ascii_lowercase()))).filter(named)
    }
}

/// Where the version is not there, the kind is believed as far as that makes things graver.
fn no_less(mut entry: Entry) -> Entry {
    if !entry.holds_records() && !entry.is_foundation() {
        entry.standing = Standing::Service;
        entry.traits.push(Trait::Opaque);
    }
    entry
}

/// The name in small letters with its words parted: `CSIDriver` is `csi_driver`.
fn snake(kind: &str) -> String {
    let letters: Vec<char> = kind.chars().collect();
    let mut snake = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(at.saturating_add(1));
        let begins = before.is_some_and(|c| !c.is_ascii_uppercase()) || after.is_some_and(char::is_ascii_lowercase);
        if letter.is_ascii_uppercase() && before.is_some() && begins {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::super::{Catalog, Entry, Holds, Standing, Trait};
    use crate::plan::Attributes;

    fn manifest(values: &str) -> Option<Entry> {
        let catalog = Catalog::default();
        let values = format!(r#"{{"manifest":{values}}}"#);
        catalog.inside(
            "kubernetes_manifest",
            &catalog.lookup("kubernetes_manifest"),
            &Attributes::new(Some(&values), None, None),
        )
    }

    fn of(version: &str, kind: &str) -> Option<Entry> {
        manifest(&format!(r#"{{"apiVersion":"{version}","kind":"{kind}"}}"#))
    }

    #[test]
    fn built_in_kinds_are_found_in_any_of_their_versions() {
        assert!(of("v1", "Namespace").unwrap().is_foundation());
        assert!(of("apiextensions.k8s.io/v1beta1", "CustomResourceDefinition").unwrap().holds_records());
        assert_eq!(of("extensions/v1beta1", "Ingress").unwrap().standing, Standing::Service);
        assert_eq!(of("storage.k8s.io/v1", "CSIDriver").unwrap().standing, Standing::Support);
        assert_eq!(of("apiregistration.k8s.io/v1", "APIService").unwrap().standing, Standing::Service);
    }

    #[test]
    fn a_kind_of_the_same_name_in_another_group_is_another_thing() {
        for (version, kind) in [
            ("acme.io/v1", "ConfigMap"),
            ("batch.volcano.sh/v1alpha1", "Job"),
            ("acme.io/v1", "RoleBinding"),
            ("acme.io/v1", "Labels"),
            ("acme.io/v1", "Namespace"),
        ] {
            assert!(of(version, kind).is_none(), "{version} {kind}");
        }
    }

    #[test]
    fn without_a_version_only_what_is_graver_is_believed() {
        assert!(manifest(r#"{"kind":"Namespace"}"#).unwrap().is_foundation());
        assert!(manifest(r#"{"kind":"PersistentVolumeClaim"}"#).unwrap().holds_records());
        for kind in ["ConfigMap", "Labels", "Env", "Job", "NodeTaint", "Deployment"] {
            let entry = manifest(&format!(r#"{{"kind":"{kind}"}}"#)).unwrap();
            assert!(entry.standing == Standing::Service && entry.is(&Trait::Opaque), "{kind}");
        }
        let hidden = Attributes::new(
            Some(r#"{"manifest":{"apiVersion":"v1","kind":"ConfigMap"}}"#),
            None,
            Some(r#"{"manifest":{"apiVersion":true}}"#),
        );
        let catalog = Catalog::default();
        assert!(catalog.inside("kubernetes_manifest", &catalog.lookup("kubernetes_manifest"), &hidden).is_none());
    }

    #[test]
    fn a_kind_is_a_kind_and_no_other_name() {
        for kind in ["", "AWS::S3::Bucket", "Microsoft.Insights/metricAlerts", r#"{\"Resources\":{}}"#, "Name space"] {
            assert!(manifest(&format!(r#"{{"apiVersion":"v1","kind":"{kind}"}}"#)).is_none(), "{kind}");
        }
        for kind in ["5", "null", "[\"Namespace\"]", "{}"] {
            assert!(manifest(&format!(r#"{{"apiVersion":"v1","kind":{kind}}}"#)).is_none(), "{kind}");
        }
    }

    #[test]
    fn kinds_that_others_defined_have_rows_with_their_group() {
        let database = of("postgresql.cnpg.io/v1", "Cluster").unwrap();
        assert_eq!((database.holds, database.standing), (Holds::Records, Standing::Service));
        assert_eq!(of("monitoring.coreos.com/v1", "ServiceMonitor").unwrap().standing, Standing::Support);
        assert!(of("cluster.x-k8s.io/v1beta1", "Cluster").is_none_or(|entry| entry.is_foundation()));
    }

    #[test]
    fn own_rows_name_kinds_with_or_without_their_group() {
        let rows = "kubernetes_widget\trecords\tservice\t-\t-\nkubernetes_thing.acme.io\tnothing\tsupport\t-\t-\n";
        let catalog = Catalog::with_rows(rows).unwrap();
        let of = |version: &str, kind: &str| {
            let values = format!(r#"{{"manifest":{{"apiVersion":"{version}","kind":"{kind}"}}}}"#);
            let values = Attributes::new(Some(&values), None, None);
            catalog.inside("kubernetes_manifest", &catalog.lookup("kubernetes_manifest"), &values)
        };
        assert!(of("acme.io/v1", "Widget").unwrap().holds_records());
        assert_eq!(of("acme.io/v2", "Thing").unwrap().standing, Standing::Support);
        assert!(of("other.io/v2", "Thing").is_none());
    }
}
