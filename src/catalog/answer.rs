//! What the catalogue says of a type, as it is printed.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::entry::{Basis, Entry};
use super::traits::{Guard, SnapshotPolicy};
use super::{Catalog, provider};

/// What the catalogue says of one type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Answer {
    /// The type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its provider; `cloudformation` for a type of a template.
    pub provider: String,
    /// `records`, `transient`, `nothing` or `unknown`.
    pub holds: &'static str,
    /// `foundation`, `service`, `support`, `routine` or `unknown`.
    pub standing: &'static str,
    /// What guards it.
    pub guards: Vec<GuardAnswer>,
    /// Whether what goes with it can be brought back.
    pub way_back: WayBack,
    /// `exact`, `unknown`, or the pattern.
    pub basis: &'static str,
    /// A sentence for the reader.
    pub note: Option<&'static str>,
}

/// One guard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GuardAnswer {
    /// What it means that it is on.
    pub kind: &'static str,
    /// All of these must hold.
    pub when: Vec<Condition>,
    /// It is on where nothing is written.
    pub on_by_default: bool,
    /// It holds for any type that has such attributes: whether this one has them is for its provider to say.
    pub common: bool,
}

/// One condition of a guard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Condition {
    /// The attribute, through nested blocks.
    pub attribute: String,
    /// The value that switches it on; `*` is any, and `true` is a number above zero too.
    pub value: &'static str,
    /// What holds where the attribute is absent.
    pub default: Option<&'static str>,
}

/// Whether what is lost with an object can be brought back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum WayBack {
    /// Its default destroy leaves one. A verdict counts it only where a plan shows it.
    Default,
    /// Where one of its guards is set.
    WhenSet,
    /// Where the type has one of the common attributes, and that is set.
    WhenCommonSet,
    /// Nothing that the catalogue knows brings it back.
    None,
}

impl Answer {
    fn of(kind: &str, entry: &Entry) -> Self {
        Self {
            kind: kind.to_owned(),
            provider: provider(kind).to_owned(),
            holds: entry.holds.word(),
            standing: entry.standing.word(),
            guards: entry.guards().map(GuardAnswer::of).chain(snapshot(entry)).collect(),
            way_back: way_back(entry),
            basis: entry.basis.word(),
            note: entry.note,
        }
    }
}

impl GuardAnswer {
    fn of(guard: &Guard) -> Self {
        let condition = |clause: &super::Clause| Condition {
            attribute: clause.attribute(),
            value: clause.on_value(),
            default: clause.default,
        };
        Self {
            kind: guard.kind.word(),
            when: guard.clauses.iter().map(condition).collect(),
            on_by_default: guard.is_on_by_default(),
            common: guard.common,
        }
    }

    /// Its attributes with the values that switch it on, as people write them.
    #[must_use]
    pub fn sentence(&self) -> String {
        let conditions = self.when.iter().map(|when| match when.value {
            "true" => when.attribute.clone(),
            "*" => format!("{} set", when.attribute),
            value => format!("{} = {value}", when.attribute),
        });
        conditions.collect::<Vec<_>>().join(" with ")
    }
}

/// The policy of a template, as the guard that it is.
fn snapshot(entry: &Entry) -> Option<GuardAnswer> {
    let policy = entry.snapshot_policy()?;
    let default = (policy != SnapshotPolicy::Allowed).then_some("Snapshot");
    let condition = Condition { attribute: "DeletionPolicy".to_owned(), value: "Snapshot", default };
    Some(GuardAnswer { kind: "copy", when: vec![condition], on_by_default: default.is_some(), common: false })
}

fn way_back(entry: &Entry) -> WayBack {
    let ways: Vec<&Guard> = entry.guards().filter(|guard| guard.kind.is_way_back()).collect();
    let policy = entry.snapshot_policy();
    let snapshotted = policy.is_some_and(|policy| policy != SnapshotPolicy::Allowed);
    if snapshotted || ways.iter().any(|guard| guard.is_on_by_default()) {
        WayBack::Default
    } else if policy.is_some() || ways.iter().any(|guard| !guard.common) {
        WayBack::WhenSet
    } else if ways.is_empty() {
        WayBack::None
    } else {
        WayBack::WhenCommonSet
    }
}

/// How many types are answered on which basis.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// By a row of their own.
    pub exact: usize,
    /// By a pattern.
    pub pattern: usize,
    /// Not at all.
    pub unknown: usize,
}

impl Counts {
    /// Adds one answer.
    pub fn add(&mut self, basis: Basis) {
        let count = match basis {
            Basis::Exact => &mut self.exact,
            Basis::Pattern(_) => &mut self.pattern,
            Basis::Unknown => &mut self.unknown,
        };
        *count = count.saturating_add(1);
    }

    /// How many answers there are.
    #[must_use]
    pub fn all(&self) -> usize {
        self.exact.saturating_add(self.pattern).saturating_add(self.unknown)
    }
}

impl Catalog {
    /// What is printed of a type.
    ///
    /// ```
    /// let answer = blastgate::catalog::Catalog::default().answer("aws_db_instance");
    /// assert_eq!(answer.holds, "records");
    /// assert!(answer.guards.iter().any(|guard| guard.sentence().contains("deletion_protection")));
    /// ```
    #[must_use]
    pub fn answer(&self, kind: &str) -> Answer {
        Answer::of(kind, &self.lookup(kind))
    }

    /// How many exact rows, and how many patterns, this program has of a provider.
    #[must_use]
    pub fn rows_of(provider: &str) -> (usize, usize) {
        let file = super::files::FILES.iter().find(|(name, _)| *name == provider);
        let (patterns, exact) = file.map(|(_, rows)| super::rows::parts(rows)).unwrap_or_default();
        (exact.lines().count(), patterns.lines().count())
    }

    /// The providers that this program has rows of, sorted.
    pub fn providers() -> impl Iterator<Item = &'static str> {
        super::files::FILES.iter().map(|(name, _)| *name)
    }
}

/// What `terraform providers schema -json` prints, as far as it is read: the types of each provider. What stands under them
/// is skipped: schemas are large.
#[derive(Deserialize)]
#[serde(expecting = "an object with `provider_schemas`")]
struct Schemas {
    provider_schemas: Option<Members<Provider>>,
}

#[derive(Deserialize)]
#[serde(expecting = "the schemas of a provider")]
struct Provider {
    #[serde(default)]
    resource_schemas: Option<Members<IgnoredAny>>,
}

/// The members of an object, all of them, also where two have the same name.
struct Members<T>(Vec<(String, T)>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Members<T> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        reader.deserialize_map(MembersVisitor(PhantomData))
    }
}

struct MembersVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for MembersVisitor<T> {
    type Value = Members<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut read: A) -> Result<Members<T>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = read.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

/// The resource types of providers' schemas that have no row of their own, sorted, with what they are answered by.
///
/// # Errors
/// Where the text is not what `terraform providers schema -json` prints.
pub fn missing(catalog: &Catalog, schemas: &str) -> Result<Vec<Answer>, SchemaError> {
    if !schemas.trim_start().starts_with('{') {
        return Err(SchemaError::NoObject);
    }
    let schemas: Schemas = serde_json::from_str(schemas)?;
    let providers = schemas.provider_schemas.ok_or(SchemaError::NoProviders)?;
    let types = providers.0.into_iter().filter_map(|(_, provider)| provider.resource_schemas);
    let mut kinds: Vec<String> = types.flat_map(|types| types.0).map(|(kind, _)| kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let answers = kinds.iter().map(|kind| (kind, catalog.lookup(kind)));
    Ok(answers.filter(|(_, entry)| entry.basis != Basis::Exact).map(|(kind, entry)| Answer::of(kind, &entry)).collect())
}

/// Providers' schemas that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// It is not JSON, or not of that form.
    #[error("it is not what `terraform providers schema -json` prints: {0}")]
    NotSchemas(#[from] serde_json::Error),
    /// It is something else altogether, or empty.
    #[error("it is not what `terraform providers schema -json` prints, which begins with `{{`")]
    NoObject,
    /// It says nothing of providers.
    #[error("it names no providers: `terraform providers schema -json` does, after `terraform init`")]
    NoProviders,
}

#[cfg(test)]
mod tests {
    use super::{Catalog, WayBack, missing};

    #[test]
    fn a_way_back_is_told_by_where_it_comes_from() {
        let of = |kind: &str| Catalog::default().answer(kind).way_back;
        assert_eq!(of("AWS::RDS::DBCluster"), WayBack::Default);
        assert_eq!(of("aws_secretsmanager_secret"), WayBack::Default);
        assert_eq!(of("AWS::EC2::Volume"), WayBack::WhenSet);
        assert_eq!(of("aws_memorydb_cluster"), WayBack::WhenSet);
        assert_eq!(of("aws_sqs_queue"), WayBack::WhenCommonSet);
        assert_eq!(of("AWS::SQS::Queue"), WayBack::None);
    }

    #[test]
    fn what_is_missing_is_what_has_no_row() {
        let schemas = r#"{"format_version":"1.0","provider_schemas":{"registry.terraform.io/acme/acme":{"resource_schemas":
            {"acme_registration":{"version":0},"acme_thing":{"version":0},"aws_new_bucket":{"version":0}}},"x":{}}}"#;
        let answers = missing(&Catalog::default(), schemas).unwrap();
        let said: Vec<_> = answers.iter().map(|answer| (&*answer.kind, answer.basis)).collect();
        assert_eq!(said, [("acme_thing", "unknown"), ("aws_new_bucket", "aws_*_bucket")]);
        for other in
            ["", "{}", "[1]", "null", r#"[{"a":{"resource_schemas":{"acme_thing":{}}}}]"#, r#"{"provider_schemas":[]}"#]
        {
            assert!(missing(&Catalog::default(), other).is_err(), "{other}");
        }
    }

    #[test]
    fn no_type_is_lost_to_one_that_has_its_name() {
        let of = |schemas: &str| {
            missing(&Catalog::default(), schemas).map(|a| a.into_iter().map(|a| a.kind).collect::<Vec<_>>())
        };
        let twice = r#"{"provider_schemas":{"a":{"resource_schemas":{"acme_one":{}}},"a":{"resource_schemas":{"acme_two":{}}}}}"#;
        assert_eq!(of(twice).unwrap(), ["acme_one", "acme_two"]);
        assert!(of(r#"{"provider_schemas":{"a":{}},"provider_schemas":{}}"#).is_err());
        assert!(of(r#"{"provider_schemas":{"a":{"resource_schemas":{},"resource_schemas":{}}}}"#).is_err());
        assert!(of(r#"{"provider_schemas":{"a":{"resource_schemas":null},"b":{}}}"#).unwrap().is_empty());
    }
}
