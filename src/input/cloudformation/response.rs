//! What `DescribeChangeSet` answers, as far as it is read: field names are those of its API reference,
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeChangeSet.html>.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::input::terraform::Object;
use crate::plan::Text;

/// One answer: a whole change set, or a page of one.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Response<'a> {
    #[serde(borrow, default)]
    pub(super) changes: Option<Vec<Object<Change<'a>>>>,
    #[serde(borrow, default)]
    pub(super) change_set_name: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) change_set_id: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) parent_change_set_id: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) stack_id: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) stack_name: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) status: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) status_reason: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) execution_status: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) creation_time: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) next_token: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) parameters: Option<Vec<Object<Parameter<'a>>>>,
    #[serde(borrow, default)]
    pub(super) tags: Option<Vec<Object<Tag<'a>>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Change<'a> {
    #[serde(borrow, default, rename = "Type")]
    pub(super) kind: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) resource_change: Option<Object<ResourceChange<'a>>>,
}

/// One row: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html>.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ResourceChange<'a> {
    #[serde(borrow, default)]
    pub(super) action: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) replacement: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) policy_action: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) logical_resource_id: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) physical_resource_id: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) resource_type: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) scope: Option<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    pub(super) details: Option<Vec<Object<Detail<'a>>>>,
    #[serde(borrow, default)]
    pub(super) change_set_id: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) before_context: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) after_context: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) previous_deployment_context: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) resource_drift_status: Option<Text<'a>>,
}

/// Why a row is there: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChangeDetail.html>.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Detail<'a> {
    #[serde(borrow, default)]
    pub(super) evaluation: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) change_source: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) causing_entity: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) target: Option<Object<Target<'a>>>,
}

/// What is changed: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceTargetDefinition.html>.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Target<'a> {
    #[serde(borrow, default)]
    pub(super) attribute: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) name: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) path: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) requires_recreation: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) before_value: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) after_value: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) attribute_change_type: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Parameter<'a> {
    #[serde(borrow, default)]
    pub(super) parameter_key: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) parameter_value: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) resolved_value: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag<'a> {
    #[serde(borrow, default)]
    pub(super) key: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) value: Option<Text<'a>>,
}

/// The text of an optional field, empty where it is absent.
pub(super) fn text<'t>(field: Option<&'t Text<'_>>) -> &'t str {
    field.map_or("", |text| &text.0)
}

impl Detail<'_> {
    /// What it changes: `Properties`, `Tags`, `DeletionPolicy` and so on.
    pub(super) fn attribute(&self) -> &str {
        text(self.target.as_ref().and_then(|target| target.0.attribute.as_ref()))
    }

    /// The property; empty where it changes no property.
    pub(super) fn property(&self) -> &str {
        let target = self.target.as_ref().map(|target| &target.0);
        match (self.attribute(), target) {
            ("Properties", Some(target)) => text(target.name.as_ref()),
            ("Tags", Some(_)) => "Tags",
            _ => "",
        }
    }

    /// It is a real change of this object: drift that is only written down and properties that stay are none.
    pub(super) fn changes_something(&self) -> bool {
        let kind = text(self.target.as_ref().and_then(|target| target.0.attribute_change_type.as_ref()));
        text(self.change_source.as_ref()) != "NoModification" && kind != "SyncWithActual"
    }
}
