//! A value that changes by itself, or outside of the code: keep what is there.

use super::{Language, Paste, Subject, Way, WayOut, hcl};
use crate::facts::{Effect, Origin};

pub(super) const WAY: Way = Way { find };

fn find(subject: &Subject<'_, '_, '_>) -> Option<WayOut> {
    let cause = subject.cause()?;
    let (_, root) = subject.root.filter(|(_, root)| root.change.action.replaces() || root.effect == Effect::Update)?;
    let path = cause.attribute.as_deref()?;
    let attribute = path.split('.').next()?;
    let why = match cause.origin {
        Origin::Read => {
            let read = cause.reads.first()?;
            format!(
                "{attribute} comes from {read}, which reads something else than last time. To keep what is there, ignore that; change it on purpose another day."
            )
        }
        Origin::Drifted => format!(
            "{attribute} was changed outside of the tool, and the plan takes that back by force. To keep what is there, write its present value into the configuration, or ignore the difference."
        ),
        _ if !root.stripped.is_empty() => format!(
            "If {attribute} is filled by something else, leave it to that; else write its entries into the configuration."
        ),
        _ => return None,
    };
    let name = reference(path)?;
    let lines = ["lifecycle {".to_owned(), format!("  ignore_changes = [{name}]"), "}".to_owned()];
    let paste = hcl::resource(&root.change.block, &lines).map(|text| Paste { language: Language::Hcl, text });
    Some(WayOut { id: "ignore-changes", text: why, paste })
}

/// A path as a reference, as far as it can be one: places in lists are indexes, and what is no name ends it. Ignoring what it
/// leads to ignores everything in that.
fn reference(path: &str) -> Option<String> {
    let mut steps = path.split('.');
    let mut written = steps.next().filter(|first| hcl::is_identifier(first))?.to_owned();
    let steps: Vec<&str> = steps.collect();
    // Without its index, a step into a list means nothing: then the whole is ignored.
    if steps.first().is_none_or(|step| step.parse::<usize>().is_err()) {
        return Some(written);
    }
    for step in steps {
        match step.parse::<usize>() {
            Ok(index) => written.extend(["[", &index.to_string(), "]"]),
            Err(_) if hcl::is_identifier(step) => written.extend([".", step]),
            Err(_) => break,
        }
    }
    Some(written)
}

#[cfg(test)]
mod tests {
    use super::reference;

    #[test]
    fn a_path_is_written_as_terraform_reads_it() {
        assert_eq!(reference("ami").as_deref(), Some("ami"));
        assert_eq!(reference("node_config.0.oauth_scopes").as_deref(), Some("node_config[0].oauth_scopes"));
        assert_eq!(reference("tags.a b").as_deref(), Some("tags"));
        assert_eq!(reference("list.0.a b").as_deref(), Some("list[0]"));
        assert_eq!(reference("a] }"), None);
    }
}
