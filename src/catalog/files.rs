//! The rows, one file a provider, compiled in as they are. A new provider is one file and one line here.

/// Provider and rows, sorted by provider.
pub(super) const FILES: &[(&str, &str)] = &[
    ("acme", include_str!("data/acme.tsv")),
    ("aiven", include_str!("data/aiven.tsv")),
    ("archive", include_str!("data/archive.tsv")),
    ("argocd", include_str!("data/argocd.tsv")),
    ("auth0", include_str!("data/auth0.tsv")),
    ("aws", include_str!("data/aws.tsv")),
    ("azapi", include_str!("data/azapi.tsv")),
    ("azuread", include_str!("data/azuread.tsv")),
    ("azurerm", include_str!("data/azurerm.tsv")),
    ("cloudflare", include_str!("data/cloudflare.tsv")),
    ("cloudformation", include_str!("data/cloudformation.tsv")),
    ("cloudinit", include_str!("data/cloudinit.tsv")),
    ("confluent", include_str!("data/confluent.tsv")),
    ("consul", include_str!("data/consul.tsv")),
    ("databricks", include_str!("data/databricks.tsv")),
    ("datadog", include_str!("data/datadog.tsv")),
    ("digitalocean", include_str!("data/digitalocean.tsv")),
    ("dns", include_str!("data/dns.tsv")),
    ("docker", include_str!("data/docker.tsv")),
    ("elasticstack", include_str!("data/elasticstack.tsv")),
    ("external", include_str!("data/external.tsv")),
    ("flux", include_str!("data/flux.tsv")),
    ("github", include_str!("data/github.tsv")),
    ("gitlab", include_str!("data/gitlab.tsv")),
    ("google", include_str!("data/google.tsv")),
    ("grafana", include_str!("data/grafana.tsv")),
    ("hcloud", include_str!("data/hcloud.tsv")),
    ("helm", include_str!("data/helm.tsv")),
    ("http", include_str!("data/http.tsv")),
    ("kafka", include_str!("data/kafka.tsv")),
    ("kubectl", include_str!("data/kubectl.tsv")),
    ("kubernetes", include_str!("data/kubernetes.tsv")),
    ("launchdarkly", include_str!("data/launchdarkly.tsv")),
    ("linode", include_str!("data/linode.tsv")),
    ("local", include_str!("data/local.tsv")),
    ("mongodbatlas", include_str!("data/mongodbatlas.tsv")),
    ("mysql", include_str!("data/mysql.tsv")),
    ("newrelic", include_str!("data/newrelic.tsv")),
    ("nomad", include_str!("data/nomad.tsv")),
    ("null", include_str!("data/null.tsv")),
    ("oci", include_str!("data/oci.tsv")),
    ("okta", include_str!("data/okta.tsv")),
    ("pagerduty", include_str!("data/pagerduty.tsv")),
    ("postgresql", include_str!("data/postgresql.tsv")),
    ("rabbitmq", include_str!("data/rabbitmq.tsv")),
    ("random", include_str!("data/random.tsv")),
    ("snowflake", include_str!("data/snowflake.tsv")),
    ("template", include_str!("data/template.tsv")),
    ("terraform", include_str!("data/terraform.tsv")),
    ("tfe", include_str!("data/tfe.tsv")),
    ("time", include_str!("data/time.tsv")),
    ("tls", include_str!("data/tls.tsv")),
    ("vault", include_str!("data/vault.tsv")),
];

/// Traits that an attribute's name alone tells.
pub(super) const COMMON: &str = include_str!("data/common.tsv");

/// CloudFormation's types, which the provider `awscc` is made from.
pub(super) const CLOUDFORMATION: &str = include_str!("data/cloudformation.tsv");

/// Types that hide what they hold, and the attributes that tell it.
pub(super) const INSIDE: &str = include_str!("data/inside.tsv");

/// Types of Azure's resource manager, and the types that answer for them.
pub(super) const ARM: &str = include_str!("data/arm.tsv");
