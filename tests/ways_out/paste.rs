//! Pastes as a person would: new blocks go to the end of the root's `main.tf`, a block that is there takes arguments in.

use std::path::Path;

use hcl_edit::structure::{Block, Body, Structure};

use crate::scenario::Scenario;

/// Pastes blocks. A comment such as `# in module.db` before a block says where that stands.
pub fn hcl(one: &Scenario, work: &Path, text: &str) -> Result<(), String> {
    let pasted: Body = text.parse().map_err(|error| format!("this is no HCL: {error}\n{text}"))?;
    for structure in pasted {
        let block = structure.into_block().map_err(|_| format!("an argument outside of any block:\n{text}"))?;
        let file = work.join(file_of(one, &block)?);
        let known = std::fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let mut body: Body = known.parse().map_err(|error| format!("{}: {error}", file.display()))?;
        let is_new = matches!(block.ident.as_str(), "moved" | "removed" | "import");
        if is_new {
            body.push(block);
        } else {
            let labels: Vec<String> = block.labels.iter().map(|label| label.as_str().to_owned()).collect();
            let there = body.get_blocks_mut(block.ident.as_str()).find(|other| other.has_exact_labels(&labels));
            merge(
                &mut there.ok_or_else(|| format!("{} has no such block: {labels:?}", file.display()))?.body,
                block.body,
            );
        }
        std::fs::write(&file, body.to_string()).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// The file that a pasted block goes to.
fn file_of(one: &Scenario, block: &Block) -> Result<String, String> {
    let before = hcl_edit::Decorate::decor(block).prefix().map(|prefix| prefix.to_string()).unwrap_or_default();
    let module = before.lines().find_map(|line| line.strip_prefix("# in ")).map(str::trim);
    match module.filter(|line| line.starts_with("module.")) {
        None => Ok("main.tf".to_owned()),
        Some(module) => {
            one.modules.get(module).cloned().ok_or_else(|| format!("the scenario says nothing of {module}"))
        }
    }
}

fn merge(into: &mut Body, from: Body) {
    for structure in from {
        match structure {
            Structure::Attribute(attribute) => {
                // `for_each` comes in place of `count`: a block has one of them.
                if attribute.has_key("for_each") {
                    into.remove_attribute("count");
                }
                into.remove_attribute(attribute.key.as_str());
                into.push(attribute);
            }
            Structure::Block(block) => {
                let there = into.get_blocks_mut(block.ident.as_str()).next();
                match there {
                    Some(there) => merge(&mut there.body, block.body),
                    None => into.push(block),
                }
            }
        }
    }
}

/// Puts lines into `terraform.tfvars`, in place of what they name.
pub fn variables(work: &Path, text: &str) -> Result<(), String> {
    let file = work.join("terraform.tfvars");
    let known = std::fs::read_to_string(&file).unwrap_or_default();
    let mut body: Body = known.parse().map_err(|error| format!("{}: {error}", file.display()))?;
    let pasted: Body = text.parse().map_err(|error| format!("this is no tfvars: {error}\n{text}"))?;
    merge(&mut body, pasted);
    std::fs::write(&file, body.to_string()).map_err(|error| error.to_string())
}
