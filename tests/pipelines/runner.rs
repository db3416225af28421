//! Runs the steps of a composite action as a runner does: inputs with their defaults, conditions, environment files.
//!
//! Written after <https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax> and
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::yaml;

/// What became of a run.
pub struct Run {
    /// The action's outputs.
    pub outputs: BTreeMap<String, String>,
    /// Everything that was printed.
    pub log: String,
    /// What the steps wrote into the job's summary.
    pub summary: String,
    /// The actions that were used, with what they were given.
    pub used: Vec<(String, BTreeMap<String, String>)>,
    /// The first exit code that was none of success.
    pub code: i32,
}

/// One job of a workflow.
pub struct Runner {
    pub folder: tempfile::TempDir,
    pub env: Vec<(String, String)>,
    /// A program to take instead of one that is built.
    pub program: PathBuf,
    /// The action's checkout, and the repository that it is from.
    pub action: PathBuf,
    pub repository: String,
}

impl Runner {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["work", "temp"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        Self {
            folder,
            env: Vec::new(),
            program: env!("CARGO_BIN_EXE_blastgate").into(),
            action: env!("CARGO_MANIFEST_DIR").into(),
            repository: String::new(),
        }
    }

    pub fn work(&self, name: &str) -> PathBuf {
        self.folder.path().join("work").join(name)
    }

    /// Runs an action of the repository with these inputs.
    pub fn run(&self, action: &str, inputs: &[(&str, &str)]) -> Run {
        let path = self.action.join(action);
        let read = yaml::read(&std::fs::read_to_string(path.join("action.yml")).unwrap());
        let mut given: BTreeMap<String, String> = BTreeMap::new();
        for (name, about) in read["inputs"].as_object().unwrap() {
            let value = inputs.iter().find(|(input, _)| input == name).map(|(_, value)| (*value).to_owned());
            let default = || about["default"].as_str().unwrap_or_default().replace("${{ github.token }}", "token");
            given.insert(name.clone(), value.unwrap_or_else(default));
        }
        for (name, _) in inputs {
            assert!(given.contains_key(*name), "the action has no input {name}");
        }
        let mut run =
            Run { outputs: BTreeMap::new(), log: String::new(), summary: String::new(), used: Vec::new(), code: 0 };
        let mut known: BTreeMap<String, String> =
            given.into_iter().map(|(name, value)| (format!("inputs.{name}"), value)).collect();
        known.insert("github.action_path".to_owned(), path.to_string_lossy().into_owned());
        known.insert("github.action_repository".to_owned(), self.repository.clone());
        for (place, step) in read["runs"]["steps"].as_array().unwrap().iter().enumerate() {
            self.step(place, step, &mut known, &mut run);
        }
        let empty = serde_json::Map::new();
        for (name, about) in read["outputs"].as_object().unwrap_or(&empty) {
            run.outputs.insert(name.clone(), fill(about["value"].as_str().unwrap(), &known));
        }
        run
    }

    fn step(&self, place: usize, step: &Value, known: &mut BTreeMap<String, String>, run: &mut Run) {
        let condition = step["if"].as_str().unwrap_or("${{ success() }}");
        let inside = condition.trim_start_matches("${{ ").trim_end_matches(" }}");
        let always = inside == "always()";
        if (run.code != 0 && !always) || !(always || inside == "success()" || holds(inside, known)) {
            return;
        }
        let of = |field: &str| -> BTreeMap<String, String> {
            let members = step[field].as_object().cloned().unwrap_or_default();
            members.into_iter().map(|(name, value)| (name, fill(&text(&value), known))).collect()
        };
        if let Some(uses) = step["uses"].as_str() {
            run.used.push((uses.split('@').next().unwrap().to_owned(), of("with")));
            return;
        }
        let script = step["run"].as_str().unwrap();
        assert!(!script.contains("${{"), "nothing is interpolated into a shell");
        let (file, summary) = (self.folder.path().join(format!("output{place}")), self.folder.path().join("summary"));
        std::fs::write(&file, "").unwrap();
        let output = Command::new("bash")
            .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
            .current_dir(self.folder.path().join("work"))
            .env_clear()
            .env("PATH", self.path())
            .env("HOME", self.folder.path())
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_OUTPUT", &file)
            .env("GITHUB_STEP_SUMMARY", &summary)
            .env("RUNNER_TEMP", self.folder.path().join("temp"))
            .envs(self.env.iter().cloned())
            .envs(of("env"))
            .output()
            .unwrap();
        run.log += &String::from_utf8_lossy(&output.stdout);
        run.log += &String::from_utf8_lossy(&output.stderr);
        run.summary = std::fs::read_to_string(&summary).unwrap_or_default();
        if run.code == 0 {
            run.code = output.status.code().unwrap();
        }
        let id = step["id"].as_str().unwrap_or_default();
        for line in std::fs::read_to_string(&file).unwrap().lines() {
            let (name, value) = line.split_once('=').expect("an output is NAME=VALUE");
            known.insert(format!("steps.{id}.outputs.{name}"), value.to_owned());
        }
    }

    /// Puts a program of these lines before the machine's.
    pub fn script(&self, name: &str, lines: &str) {
        let path = PathBuf::from(self.path().split(':').next().unwrap()).join(name);
        std::fs::write(&path, format!("#!/usr/bin/env bash\n{lines}\n")).unwrap();
        let chmod = Command::new("chmod").arg("+x").arg(path).status().unwrap();
        assert!(chmod.success());
    }

    /// The machine's programs, with a cargo that installs the program under test instead of building it again.
    fn path(&self) -> String {
        let programs = self.folder.path().join("programs");
        if !programs.exists() {
            std::fs::create_dir(&programs).unwrap();
            let script = format!(
                "#!/usr/bin/env bash\nwhile [ \"$1\" != --root ]; do shift; done\nmkdir -p \"$2/bin\"\ncp '{}' \"$2/bin/blastgate\"\n",
                self.program.display()
            );
            std::fs::write(programs.join("cargo"), script).unwrap();
            let chmod = Command::new("chmod").arg("+x").arg(programs.join("cargo")).status().unwrap();
            assert!(chmod.success());
        }
        format!("{}:/usr/bin:/bin", programs.display())
    }
}

/// `inputs.x == 'y'`, with `&&` between and `!=` too.
fn holds(condition: &str, known: &BTreeMap<String, String>) -> bool {
    condition.split(" && ").all(|part| {
        let (same, (left, right)) = match part.split_once(" == ") {
            Some(sides) => (true, sides),
            None => (false, part.split_once(" != ").expect("a comparison")),
        };
        let value = known.get(left).map(String::as_str).unwrap_or_default();
        (value == right.trim_matches('\'')) == same
    })
}

fn fill(text: &str, known: &BTreeMap<String, String>) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("${{ ") {
        let (name, after) = behind.split_once(" }}").unwrap();
        filled += before;
        filled += known.get(name).map(String::as_str).unwrap_or_default();
        rest = after;
    }
    filled + rest
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
