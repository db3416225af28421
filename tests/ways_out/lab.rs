//! Terraform on a stand-in provider, in working folders of our own.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use blastgate::report::Paste;

use crate::scenario::Scenario;
use crate::{common, paste};

/// A planlab with our types, and the folder for everything that is made here.
pub struct Lab {
    root: PathBuf,
}

impl Lab {
    /// Makes a lab, where Terraform and planlab are at hand. Each has its own programs: planlab writes them in every run.
    pub fn open(number: usize) -> Option<Self> {
        let planlab = common::shared("planlab")?;
        Command::new("terraform").arg("version").output().ok().filter(|output| output.status.success())?;
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("ways_out_{number}"));
        let script = common::folder("testdata/ways_out/lab.py");
        let done = Command::new("python3").arg(script).arg(planlab).arg(&root).status().expect("python3 runs");
        assert!(done.success(), "the lab cannot be made");
        Some(Self { root })
    }

    /// A working folder with nothing in it.
    pub fn work(&self, name: &str) -> PathBuf {
        let work = self.root.join("work").join(name);
        if work.exists() {
            std::fs::remove_dir_all(&work).unwrap();
        }
        work
    }

    fn command(&self, program: &str, drift: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env("PLANLAB_CACHE", self.root.join("cache"))
            .env("PLANLAB_DRIFT", if drift.is_empty() { "{}" } else { drift })
            .env("PLANLAB_TYPES", self.root.join("types.toml"))
            .env("TF_CLI_CONFIG_FILE", self.root.join("cache/terraformrc"))
            .env("CHECKPOINT_DISABLE", "1")
            .env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }

    fn planlab(&self, scenario: &Path, out: &Path, work: &Path, drift: &str) -> Result<String, String> {
        let mut command = self.command("python3", drift);
        command.arg(self.root.join("planlab")).arg(scenario).arg(out).arg("--keep").arg(work);
        run(&mut command)
    }

    /// The plan that is to be judged. What it was made from stays in the working folder.
    pub fn before(&self, one: &Scenario, work: &Path) -> Result<String, String> {
        let out = self.root.join(format!("{}.json", one.name));
        self.planlab(&one.path, &out, work, &one.drift)?;
        if one.first.is_empty() {
            return std::fs::read_to_string(out).map_err(|error| error.to_string());
        }
        for line in &one.first {
            self.shell(line, one, work)?;
        }
        self.plan(one, work)
    }

    /// The plan after the paste.
    pub fn after(&self, one: &Scenario, work: &Path, paste: &Paste) -> Result<String, String> {
        for [file, old, new] in &one.by_hand {
            let text = std::fs::read_to_string(work.join(file)).map_err(|error| format!("{file}: {error}"))?;
            assert_eq!(text.matches(old).count(), 1, "{}: {old} stands once in {file}", one.name);
            std::fs::write(work.join(file), text.replace(old, new)).unwrap();
        }
        match paste.language.as_str() {
            "hcl" => paste::hcl(one, work, &paste.text)?,
            "tfvars" => paste::variables(work, &paste.text)?,
            "sh" => self.shell(&paste.text, one, work)?,
            other => return Err(format!("nobody knows how to paste {other}")),
        }
        // A command may have made the plan itself.
        if paste.text.starts_with("terraform plan ") { self.show(work) } else { self.plan(one, work) }
    }

    fn plan(&self, one: &Scenario, work: &Path) -> Result<String, String> {
        // A module that moved within the configuration is found anew.
        run(self.command("terraform", &one.drift).args(["get", "-no-color"]).current_dir(work))?;
        run(self.command("terraform", &one.drift).args(["plan", "-no-color", "-out=tfplan"]).current_dir(work))?;
        self.show(work)
    }

    fn show(&self, work: &Path) -> Result<String, String> {
        run(self.command("terraform", "").args(["show", "-json", "tfplan"]).current_dir(work))
    }

    /// Runs a line as somebody would who says yes where it asks.
    fn shell(&self, line: &str, one: &Scenario, work: &Path) -> Result<(), String> {
        let mut command = self.command("sh", &one.drift);
        command.args(["-c", line]).current_dir(work).stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("sh runs");
        // It may well not ask, and be gone.
        let _ = child.stdin.take().unwrap().write_all(b"yes\n");
        let output = child.wait_with_output().unwrap();
        let printed = || String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned();
        if output.status.success() { Ok(()) } else { Err(format!("{line}\n{}", printed())) }
    }
}

fn run(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let printed = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    // What stands before the error says only that the providers are stand-ins.
    Err(printed.split_once("Error: ").map_or(printed.clone(), |(_, error)| error.to_owned()))
}
