//! A table of commands, decided in every dialect.

use std::path::{Path, PathBuf};

use blastgate::command::{Files, SavedPlanRun};
use blastgate::hook::{self, Answer, Elsewhere, Judge, Judged, Payload};
use blastgate::input::{self, Limits};
use blastgate::report::Outcome;

use crate::agents::{AGENTS, Fate, Seen};
use crate::{common, payloads};

/// The files of the project that commands run in.
struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path, most: usize) -> Option<Vec<u8>> {
        let mut bytes = std::fs::read(path).ok()?;
        bytes.truncate(most);
        Some(bytes)
    }

    fn exists(&self, path: &Path) -> bool {
        path.exists()
    }
}

/// Where they run.
pub fn project() -> String {
    common::folder("testdata/hook/project").to_str().unwrap().to_owned()
}

/// Judges every saved plan like this one.
pub struct Always(pub &'static str);

impl Judge for Always {
    fn judge(&self, _: &SavedPlanRun) -> Judged {
        let text = format!(
            r#"{{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[{{"address":"{kind}.x",
            "mode":"managed","type":"{kind}","name":"x","provider_name":"registry.terraform.io/hashicorp/aws",
            "change":{{"actions":["delete"],"before":{{"id":"i-1"}},"after":null}}}},{{"address":"aws_iam_policy.y",
            "mode":"managed","type":"aws_iam_policy","name":"y",
            "change":{{"actions":["create"],"before":null,"after":{{}}}}}}]}}"#,
            kind = self.0
        );
        let plans = input::read("p", &text, &Limits::default()).unwrap();
        Judged::Read(Box::new(blastgate::assess(&plans)))
    }

    fn elsewhere(&self, _: &Path, _: &Path) -> Elsewhere {
        Elsewhere::Nothing
    }
}

/// Types whose deletion is judged so.
const PLANS: [(&str, Outcome); 3] =
    [("aws_iam_role_policy", Outcome::Allow), ("aws_instance", Outcome::Review), ("aws_db_instance", Outcome::Block)];

/// What is answered.
pub fn answer(agent: &str, payload: &str, judge: &dyn Judge) -> Answer {
    let dialect = hook::dialect(agent).unwrap();
    let request = Payload::read(payload.as_bytes()).and_then(|payload| (dialect.read)(&payload));
    match request {
        Ok(request) => hook::decide(&request, dialect.agent, Path::new("/here"), &Disk, judge),
        Err(why) => Answer::deny(hook::unreadable(&why)),
    }
}

/// What becomes of it.
pub fn fate(agent: &str, answer: &Answer) -> Fate {
    let written = (hook::dialect(agent).unwrap().write)(answer);
    Seen { code: Some(i32::from(written.code)), stdout: written.stdout, stderr: written.stderr }.by(agent)
}

/// The table: what a command deserves, and the command.
fn rows() -> Vec<(String, String)> {
    let text = std::fs::read_to_string(common::folder("testdata/hook/commands.tsv")).unwrap();
    let row = |line: &str| {
        let (expected, command) = line.split_once('\t').unwrap_or_else(|| panic!("{line}"));
        let parts: Vec<String> = command.split("\\\\").map(|part| part.replace("\\n", "\n")).collect();
        (expected.to_owned(), parts.join("\\"))
    };
    text.lines().filter(|line| !line.starts_with('#')).map(row).collect()
}

fn wanted(expected: Outcome, asks: bool) -> Fate {
    match expected {
        Outcome::Allow => Fate::Untouched,
        Outcome::Review if asks => Fate::Asked,
        _ => Fate::Denied,
    }
}

#[test]
fn the_plans_are_judged_as_they_should_be() {
    let run = SavedPlanRun {
        tool: blastgate::command::Tool::Terraform,
        directory: PathBuf::from("/w"),
        plan: PathBuf::from("/w/tfplan"),
    };
    for (kind, expected) in PLANS {
        let Judged::Read(report) = Always(kind).judge(&run) else { panic!("{kind}") };
        assert_eq!(report.verdict, expected, "{kind}");
    }
}

#[test]
fn every_command_meets_its_fate_in_every_dialect() {
    let rows = rows();
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let rows = &rows;
        let start = |(place, (agent, asks))| scope.spawn(move || wrong_fates(agent, asks, rows, place));
        let all: Vec<_> = AGENTS.into_iter().enumerate().map(start).collect();
        all.into_iter().flat_map(|one| one.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{} of them:\n{}", wrong.len(), wrong.join("\n"));
}

/// Each row is one agent's, so that all of them are judged and each dialect has hundreds of every kind.
fn wrong_fates(agent: &str, asks: bool, rows: &[(String, String)], first: usize) -> Vec<String> {
    let mut wrong = Vec::new();
    let own: Vec<&(String, String)> = rows.iter().skip(first).step_by(AGENTS.len()).collect();
    assert!(own.len() >= 300, "{agent}: {}", own.len());
    for kind in ["pass", "ask", "deny", "judge"] {
        assert!(own.iter().any(|(expected, _)| expected.starts_with(kind)), "{agent}: {kind}");
    }
    for (place, (expected, command)) in own.into_iter().enumerate() {
        let cases: &[(&str, Outcome)] = match expected.split(' ').next().unwrap() {
            "pass" => &[(PLANS[2].0, Outcome::Allow)],
            "ask" => &[(PLANS[0].0, Outcome::Review)],
            "deny" => &[(PLANS[0].0, Outcome::Block)],
            "judge" => &PLANS,
            other => panic!("{other}: {command}"),
        };
        // Each spelling of the payload has its turn.
        let payloads = payloads::of(agent, command, &project());
        let payload = payloads[place % payloads.len()].to_string();
        for (kind, expected) in cases {
            let answer = answer(agent, &payload, &Always(kind));
            let (is, should) = (fate(agent, &answer), wanted(*expected, asks));
            if is != should {
                wrong.push(format!("{agent}: {command:?}: {is:?}, not {should:?}: {}", answer.reason));
            }
            assert!(answer.reason.len() < 4000, "{}", answer.reason);
        }
    }
    wrong
}

#[test]
fn what_is_not_ours_gets_no_opinion() {
    for (agent, _) in AGENTS {
        for payload in payloads::others(agent) {
            let answer = answer(agent, &payload.to_string(), &Always("aws_db_instance"));
            assert_eq!(fate(agent, &answer), Fate::Untouched, "{agent}: {payload}: {}", answer.reason);
        }
    }
}

#[test]
fn what_is_no_payload_is_denied() {
    for (agent, _) in AGENTS {
        for payload in payloads::broken().iter().filter(|payload| payload.len() < 1 << 20) {
            let dialect = hook::dialect(agent).unwrap();
            let read = Payload::read(payload).and_then(|payload| (dialect.read)(&payload));
            let shown = String::from_utf8_lossy(payload).chars().take(200).collect::<String>();
            let answer = match read {
                Ok(request) => hook::decide(&request, agent, Path::new("/w"), &Disk, &Always("aws_db_instance")),
                Err(why) => Answer::deny(hook::unreadable(&why)),
            };
            assert_eq!(fate(agent, &answer), Fate::Denied, "{agent}: {shown}");
        }
    }
}

#[test]
fn a_noisy_line_before_it_weakens_no_refusal() {
    for (agent, asks) in AGENTS {
        for (command, expected) in [("terraform destroy", Outcome::Block), ("terraform import a b", Outcome::Review)] {
            let payload = payloads::of(agent, command, "/w").remove(0).to_string();
            let written = (hook::dialect(agent).unwrap().write)(&answer(agent, &payload, &Always("aws_instance")));
            if wanted(expected, asks) != Fate::Denied {
                continue;
            }
            let stdout = format!("Welcome to your shell!\n{}", written.stdout);
            let seen = Seen { code: Some(i32::from(written.code)), stdout, stderr: written.stderr };
            assert_eq!(seen.by(agent), Fate::Denied, "{agent}");
        }
    }
}

/// In these modes Claude Code runs what a hook wants a person to be asked about.
#[test]
fn where_asking_is_not_heeded_it_is_denied() {
    let ask = |mode: Option<&str>, more: &[(&str, &str)]| {
        let mut payload = payloads::of("claude", "terraform import a b", "/w").remove(0);
        match mode {
            Some(mode) => payload["permission_mode"] = mode.into(),
            None => drop(payload.as_object_mut().unwrap().remove("permission_mode")),
        }
        for (key, value) in more {
            payload[*key] = (*value).into();
        }
        fate("claude", &answer("claude", &payload.to_string(), &Always("aws_instance")))
    };
    for mode in [None, Some("default"), Some("acceptEdits"), Some("plan"), Some("dontAsk")] {
        assert_eq!(ask(mode, &[]), Fate::Asked, "{mode:?}");
    }
    for mode in ["bypassPermissions", "auto", "whatever"] {
        assert_eq!(ask(Some(mode), &[]), Fate::Denied, "{mode}");
    }
    assert_eq!(ask(Some("default"), &[("cursor_version", "3")]), Fate::Denied);
}

/// An agent that only tells where its session began could mean another file of that name.
#[test]
fn where_the_directory_is_not_told_a_plan_must_be_the_only_one() {
    struct Two;
    impl Judge for Two {
        fn judge(&self, run: &SavedPlanRun) -> Judged {
            Always("aws_iam_role_policy").judge(run)
        }

        fn elsewhere(&self, directory: &Path, _: &Path) -> Elsewhere {
            assert_eq!(directory, Path::new("/w"));
            Elsewhere::Found(PathBuf::from("/w/other/tfplan"))
        }
    }
    for (agent, _) in AGENTS {
        let blind = matches!(agent, "codex" | "copilot");
        let of = |command: &str| {
            let payload = payloads::of(agent, command, "/w").remove(0).to_string();
            fate(agent, &answer(agent, &payload, &Two))
        };
        let relative = of("terraform apply tfplan");
        assert_eq!(relative, if blind { Fate::Denied } else { Fate::Untouched }, "{agent}");
        assert_eq!(of("terraform apply /w/tfplan"), Fate::Untouched, "{agent}");
    }
}
