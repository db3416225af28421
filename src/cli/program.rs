//! Which tool shows a saved plan, and where on this machine it is.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::input::{Form, InputError, MadeBy, SavedPlan};

/// The tool that shows a plan.
pub(super) struct Program {
    /// Where it is.
    pub(super) path: PathBuf,
    /// Why it is not the one that made the plan.
    pub(super) instead: String,
}

impl Program {
    /// The tool that the user names, else the one that made the plan, else the other.
    pub(super) fn choose(saved: &SavedPlan, name: &str, wanted: Option<&OsStr>) -> Result<Self, InputError> {
        if let Some(wanted) = wanted {
            return Self::wanted(name, wanted);
        }
        let (first, second) = match saved.made_by {
            MadeBy::Terraform => ("terraform", "tofu"),
            MadeBy::OpenTofu => ("tofu", "terraform"),
        };
        if let Some(path) = on_path(OsStr::new(first)) {
            return Ok(Self { path, instead: String::new() });
        }
        // Nobody but OpenTofu can decrypt.
        let other = on_path(OsStr::new(second)).filter(|_| saved.form != Form::Encrypted);
        let other = other.map(|path| Self { path, instead: format!(", since {first} is not on the PATH") });
        other.ok_or_else(|| {
            let what = match saved.form {
                Form::Archive => "this is a saved plan, and neither terraform nor tofu is on the PATH",
                Form::Bookmark => {
                    "this is a bookmark of a plan that HCP Terraform keeps, and neither terraform nor tofu is on the PATH"
                }
                Form::Encrypted => "this is an encrypted OpenTofu plan, and tofu is not on the PATH",
            };
            InputError::new(name, format!("{what} to show it"))
                .help(format!("name one with --tool, or {}", by_hand(name, first)))
        })
    }

    /// What a person should know where no tool is trusted to show plans: where one is that they may name.
    pub(super) fn none_trusted() -> Option<String> {
        let names = ["terraform", "tofu"];
        let system = |name: &&str| FOLDERS.iter().any(|folder| is_program(&Path::new(folder).join(name)));
        if names.iter().any(system) {
            return None;
        }
        let found = names.iter().find_map(|name| on_path(OsStr::new(name)));
        let found = found.map_or_else(|| "PATH".to_owned(), |path| path.display().to_string());
        Some(format!(
            "neither terraform nor tofu is in a folder of the system, so saved plans cannot be judged and are refused: \
             install it with --tool {found}"
        ))
    }

    /// One of the tools that are trusted by their paths, else one of a folder that belongs to the system: the tool that
    /// made the plan where there is one, and never one that the environment chose.
    pub(super) fn trusted(saved: &SavedPlan, name: &str, tools: &[PathBuf]) -> Result<Self, InputError> {
        let (first, second) = match saved.made_by {
            MadeBy::Terraform => ("terraform", "tofu"),
            MadeBy::OpenTofu => ("tofu", "terraform"),
        };
        let named = |wanted: &str| {
            let own = tools.iter().find(|tool| tool.file_stem().is_some_and(|stem| stem == wanted)).cloned();
            own.or_else(|| FOLDERS.iter().map(|folder| Path::new(folder).join(wanted)).find(|path| is_program(path)))
        };
        let other = || named(second).filter(|_| saved.form != Form::Encrypted);
        let path = named(first).or_else(other).or_else(|| tools.first().cloned());
        let path = path.filter(|path| path.is_absolute() && is_program(path));
        let path = path.ok_or_else(|| {
            let what = format!("this is a saved plan, and there is no {first} to show it that the hook may trust");
            let help = format!("let a person install the hook with --tool and the path of {first}");
            InputError::new(name, what).help(help)
        })?;
        Ok(Self { path, instead: String::new() })
    }

    fn wanted(name: &str, wanted: &OsStr) -> Result<Self, InputError> {
        let path = if Path::new(wanted).components().count() > 1 {
            std::path::absolute(wanted).ok().filter(|path| is_program(path))
        } else {
            on_path(wanted)
        };
        let path = path.ok_or_else(|| {
            InputError::new(name, format!("--tool: there is no program {}", wanted.to_string_lossy()))
                .help("give `terraform`, `tofu`, or the path of one")
        })?;
        Ok(Self { path, instead: String::new() })
    }
}

/// Folders in which a system or its package manager keeps programs.
const FOLDERS: [&str; 5] =
    ["/usr/bin", "/usr/local/bin", "/bin", "/opt/homebrew/bin", "/home/linuxbrew/.linuxbrew/bin"];

/// Looks for a program in the absolute folders of the PATH: never in the current directory, where anybody may have put one.
fn on_path(name: &OsStr) -> Option<PathBuf> {
    let mut file = name.to_owned();
    if Path::new(name).extension().is_none() {
        file.push(std::env::consts::EXE_SUFFIX);
    }
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(&file))
        .find(|path| is_program(path))
}

fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file() && may_run(&found))
}

#[cfg(unix)]
fn may_run(found: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    found.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn may_run(_: &fs::Metadata) -> bool {
    true
}

/// The way out that is always there.
pub(super) fn by_hand(name: &str, program: &str) -> String {
    let name = if name == "-" { "PLAN" } else { name };
    format!(
        "print it yourself with `{program} show -json {name} > plan.json` where {program} and its providers are \
         installed, and give plan.json"
    )
}
