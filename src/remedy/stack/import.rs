//! A logical id that was renamed: what exists can be kept and imported under the new one.

use super::Place;
use crate::remedy::{Language, Paste, Subject, Way, WayOut, shell};

pub(in crate::remedy) const WAY: Way = Way { find };

/// A row a type: the type, and the property by which an import names an object; its value is the physical id.
const IDENTIFIERS: &str = include_str!("../data/identifiers.tsv");

fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let (from, to) = subject.renamed()?;
    let (_, change) = subject.root.filter(|(_, root)| root.change.address == from)?;
    let (old, new) = (Place::of(from)?, Place::of(to)?);
    let kind = &change.change.kind;
    let id = change.change.before.ids().first().filter(|id| !id.contains(['"', '\\']))?;
    let resource = format!(
        r#"[{{"ResourceType":"{kind}","LogicalResourceId":"{}","ResourceIdentifier":{{"{}":"{id}"}}}}]"#,
        new.logical,
        identifier(kind)?
    );
    let command = format!(
        "aws cloudformation create-change-set --stack-name {} --change-set-name import-{} --change-set-type IMPORT --template-body file://template.yaml --resources-to-import {}",
        old.stack,
        new.logical,
        shell::quoted(&resource)?
    );
    Some(WayOut {
        id: "import",
        text: format!(
            "Keep it by `DeletionPolicy: Retain`, deployed first; take {} out; then import it as {}:",
            old.logical, new.logical
        ),
        paste: Some(Paste { language: Language::Shell, text: command }),
    })
}

fn identifier(kind: &str) -> Option<&'static str> {
    let rows = IDENTIFIERS.lines().filter(|row| !row.starts_with('#'));
    rows.filter_map(|row| row.split_once('\t')).find(|(name, _)| *name == kind).map(|(_, property)| property)
}

#[cfg(test)]
mod tests {
    use super::{IDENTIFIERS, identifier};
    use crate::catalog::{self, Standing};

    #[test]
    fn every_row_is_of_a_type_that_is_known() {
        let rows: Vec<&str> = IDENTIFIERS.lines().filter(|row| !row.starts_with('#')).collect();
        assert!(rows.is_sorted(), "rows are sorted by type");
        for (kind, property) in rows.iter().map(|row| row.split_once('\t').unwrap()) {
            assert_ne!(catalog::lookup(kind).standing, Standing::Unknown, "{kind}");
            assert!(property.chars().all(|c| c.is_ascii_alphanumeric()), "{property}");
        }
        assert_eq!(identifier("AWS::S3::Bucket"), Some("BucketName"));
    }
}
