//! Which agents took part in a change, by what its commits say.

use std::collections::BTreeMap;

use super::pull::{Commit, Person};
use crate::report::AgentCommits;

/// A coding agent, and what its commits are known by.
#[derive(Debug)]
pub struct Agent {
    /// Its name.
    pub name: &'static str,
    /// Its accounts on GitHub, without `[bot]`.
    pub logins: &'static [&'static str],
    /// The addresses that its commits give, or their ends from the `@` on.
    pub emails: &'static [&'static str],
    /// What an author's name is or holds in brackets, in lower case.
    pub names: &'static [&'static str],
}

/// The agents that are known. What they write into commits is a habit and no promise: who hides is not found here.
pub const AGENTS: &[Agent] = &[
    Agent { name: "Aider", logins: &[], emails: &["aider@aider.chat"], names: &["aider"] },
    Agent {
        name: "Amazon Q Developer",
        logins: &["amazon-q-developer"],
        emails: &[],
        names: &["amazon q", "amazon q developer"],
    },
    Agent { name: "Amp", logins: &[], emails: &["amp@ampcode.com"], names: &["amp"] },
    Agent {
        name: "Claude Code",
        logins: &["claude"],
        emails: &["noreply@anthropic.com"],
        names: &["claude", "claude code"],
    },
    Agent {
        name: "Codex",
        logins: &["chatgpt-codex-connector", "codex"],
        emails: &["codex@openai.com", "noreply@openai.com"],
        names: &["codex", "openai codex"],
    },
    Agent {
        name: "Cursor",
        logins: &["cursor", "cursoragent"],
        emails: &["cursoragent@cursor.com"],
        names: &["cursor", "cursor agent"],
    },
    Agent { name: "Devin", logins: &["devin-ai-integration"], emails: &[], names: &["devin", "devin ai"] },
    Agent { name: "Factory", logins: &["factory-droid"], emails: &[], names: &["factory-droid"] },
    Agent {
        name: "Gemini",
        logins: &["gemini-cli", "gemini-code-assist", "google-labs-jules"],
        emails: &[],
        names: &["gemini", "gemini cli", "gemini-cli", "jules"],
    },
    Agent {
        name: "GitHub Copilot",
        logins: &["copilot", "copilot-swe-agent"],
        emails: &["copilot@github.com"],
        names: &["copilot", "copilot-swe-agent", "github copilot"],
    },
    Agent { name: "Junie", logins: &[], emails: &["junie@jetbrains.com"], names: &["junie"] },
    Agent { name: "Kiro", logins: &["kiro", "kiro-agent"], emails: &["@kiro.dev"], names: &["kiro", "kiro agent"] },
    Agent { name: "opencode", logins: &["opencode-agent"], emails: &["noreply@opencode.ai"], names: &["opencode"] },
    Agent {
        name: "OpenHands",
        logins: &["openhands-agent", "openhands-ai"],
        emails: &["openhands@all-hands.dev"],
        names: &["openhands"],
    },
];

/// The agents that commits name, with how many commits each has a part in; other bots by their login.
#[must_use]
pub fn agents(commits: &[Commit]) -> Vec<AgentCommits> {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for commit in commits {
        let mut names: Vec<String> = commit.people.iter().filter_map(agent).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            let count = found.entry(name).or_default();
            *count = count.saturating_add(1);
        }
    }
    found.into_iter().map(|(name, commits)| AgentCommits { name, commits }).collect()
}

/// It is an agent's account, though GitHub may call it a person's.
pub(super) fn is_agent(login: &str) -> bool {
    let login = login.to_lowercase();
    AGENTS.iter().any(|agent| agent.logins.contains(&login.as_str()))
}

/// The agent, or another bot, that somebody whom a commit names is.
fn agent(person: &Person) -> Option<String> {
    let known = AGENTS.iter().find(|agent| is(agent, person)).map(|agent| agent.name.to_owned());
    // GitHub's own account that commits what is done in a browser is nobody's.
    known.or_else(|| person.account().filter(|login| login.ends_with("[bot]")).map(str::to_owned))
}

fn is(agent: &Agent, person: &Person) -> bool {
    let account = person.account().map(|login| login.strip_suffix("[bot]").unwrap_or(login).to_lowercase());
    let (name, email) = (person.name.to_lowercase(), person.email.to_lowercase());
    let inside = name.rsplit_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    // Agents add the model to their name: `Claude Opus 4.5`.
    let first = |known: &&str| name.strip_prefix(*known).is_some_and(|rest| rest.is_empty() || is_model(rest));
    account.is_some_and(|account| agent.logins.contains(&account.as_str()))
        || agent.emails.iter().any(|known| email == *known || (known.starts_with('@') && email.ends_with(known)))
        || agent.names.iter().any(|known| inside == Some(known) || (first(known) && !is_human(&email)))
}

/// What stands behind an agent's name: a version or a model, which holds a digit.
fn is_model(rest: &str) -> bool {
    rest.starts_with([' ', '-']) && rest.contains(|c: char| c.is_ascii_digit())
}

/// An address of a person by its form. Somebody may well be called Claude or Devin.
fn is_human(email: &str) -> bool {
    let machine = ["noreply", "no-reply", "bot", "agent"].iter().any(|word| email.contains(word));
    !email.is_empty() && !machine
}

#[cfg(test)]
mod tests {
    use super::{AGENTS, agents};
    use crate::github::pull::{Commit, Person};

    fn named(name: &str, email: &str, login: Option<&str>) -> Vec<String> {
        let person = Person { name: name.to_owned(), email: email.to_owned(), login: login.map(str::to_owned) };
        agents(&[Commit { oid: String::new(), people: vec![person] }]).into_iter().map(|one| one.name).collect()
    }

    #[test]
    fn agents_are_known_by_any_of_their_signs() {
        assert_eq!(named("Claude Opus 4.5", "noreply@anthropic.com", None), ["Claude Code"]);
        assert_eq!(named("Copilot", "198982749+Copilot@users.noreply.github.com", None), ["GitHub Copilot"]);
        assert_eq!(named("copilot-swe-agent[bot]", "", Some("copilot-swe-agent[bot]")), ["GitHub Copilot"]);
        assert_eq!(named("Ann Lee (aider)", "ann@example.com", Some("ann")), ["Aider"]);
        assert_eq!(
            named("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com", None),
            ["dependabot[bot]"]
        );
    }

    #[test]
    fn people_are_no_agents_by_their_first_name() {
        assert_eq!(named("Devin", "devin.moore@example.com", Some("dmoore")), [""; 0]);
        assert_eq!(named("Claude Monet", "claude@example.com", Some("monet")), [""; 0]);
        assert_eq!(named("Ann", "noreply@github.com", Some("web-flow")), [""; 0]);
    }

    #[test]
    fn the_table_is_sorted_and_in_lower_case() {
        assert!(AGENTS.is_sorted_by_key(|agent| agent.name.to_lowercase()));
        let words = AGENTS.iter().flat_map(|agent| [agent.logins, agent.emails, agent.names].concat());
        assert!(words.into_iter().all(|word| word == word.to_lowercase()));
    }
}
