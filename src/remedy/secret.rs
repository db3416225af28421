//! What looks like a secret, whatever the masks say. A text to paste goes into files and reviews: in doubt it is left out.

/// Words that a value has in it when it is, or holds, something secret.
const WORDS: [&str; 14] = [
    "&sig=",
    "-----begin",
    "?sig=",
    "accountkey=",
    "api_key",
    "apikey",
    "bearer ",
    "credential",
    "hooks.slack.com/services/",
    "passw",
    "pwd=",
    "secret",
    "sharedaccesskey",
    "token",
];

/// Beginnings of keys that clouds and services hand out.
const STARTS: [&str; 19] = [
    "AGE-SECRET-KEY-",
    "AIza",
    "AKIA",
    "ASIA",
    "SG.",
    "eyJ",
    "ghp_",
    "gho_",
    "ghs_",
    "github_pat_",
    "glpat-",
    "hvs.",
    "rk_live_",
    "sk-",
    "sk_live_",
    "xoxb-",
    "xoxp-",
    "ya29.",
    "dop_v1_",
];

/// Words of a name that says that its value is a secret.
const NAMES: [&str; 13] = [
    "auth",
    "cert",
    "certificate",
    "credential",
    "credentials",
    "dsn",
    "pass",
    "passphrase",
    "password",
    "psk",
    "pwd",
    "secret",
    "token",
];

/// Attributes of free text, which people put secrets into.
const FREE_TEXT: [&str; 9] = [
    "custom_data",
    "definition",
    "definitions",
    "environment",
    "metadata",
    "script",
    "scripts",
    "user_data",
    "variables",
];

/// What stands at a path of names is free text, which people put secrets into.
pub(super) fn is_free_text(path: &[&str]) -> bool {
    // The name of a Kubernetes object stands in its metadata, and an environment in a tag.
    let plain = matches!(path, ["metadata", "name" | "namespace" | "generate_name"] | ["tags" | "labels", _]);
    !plain && path.iter().any(|step| FREE_TEXT.iter().any(|word| has_words(step, word)))
}

/// A name has these words in it, and not only their letters: a description is no script.
fn has_words(name: &str, words: &str) -> bool {
    let (name, words) = (words_of(name), words_of(words));
    name.windows(words.len()).any(|part| part == words)
}

/// The words of `user_data`, `user-data` and `userData`.
fn words_of(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (was_lower && c.is_uppercase()) {
            words.push(String::new());
        }
        was_lower = c.is_lowercase();
        if let Some(last) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            last.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Text that is a secret by its look: a key, or an address with a password in it.
pub(super) fn looks_so(text: &str) -> bool {
    let lower = text.to_lowercase();
    WORDS.iter().any(|word| lower.contains(word))
        || text.split(is_between).any(is_key)
        || has_password(text)
        || has_jwt(text)
}

/// What stands between the words of a value: quotes, blanks, and what separates fields.
fn is_between(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ';' | '=' | ':' | '{' | '}' | '[' | ']' | '(' | ')' | '&' | '?')
}

fn is_key(word: &str) -> bool {
    let starts = STARTS.iter().any(|start| word.strip_prefix(start).is_some_and(|rest| rest.len() >= 8));
    starts || is_random(word)
}

/// Forty characters and more in which capitals, small letters and digits are mixed, as no name has them.
fn is_random(word: &str) -> bool {
    let all = |fits: fn(char) -> bool| word.chars().any(fits);
    let written = word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '_' | '-'));
    let mixed = all(|c| c.is_ascii_uppercase()) && all(|c| c.is_ascii_lowercase()) && all(|c| c.is_ascii_digit());
    // A path has slashes, and a name has dashes; a key has few of them.
    let breaks = word.chars().filter(|c| !c.is_ascii_alphanumeric()).count();
    word.len() >= 40 && written && mixed && breaks.saturating_mul(10) <= word.len()
}

/// An address such as `postgres://user:password@host/`.
fn has_password(text: &str) -> bool {
    text.split("://").skip(1).any(|rest| {
        let authority = rest.split(['/', '?', ' ']).next().unwrap_or_default();
        authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'))
    })
}

/// A signed token (RFC 7519): three parts with dots between, of which the first begins as `{"` does in base64.
fn has_jwt(text: &str) -> bool {
    let parts = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    text.split("eyJ").skip(1).any(|rest| rest.chars().take_while(|c| parts(*c)).filter(|c| *c == '.').count() >= 2)
        || text.split(|c| !parts(c)).any(|word| word.contains("eyJ") && word.matches('.').count() >= 2)
}

/// A name that says that what stands under it is a secret.
pub(super) fn is_named(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let one = words.iter().any(|word| NAMES.contains(word));
    let two = words.windows(2).any(|pair| matches!(pair, ["private" | "api" | "access" | "shared", "key"]));
    one || two || lower.contains("password") || lower.contains("secret")
}

#[cfg(test)]
mod tests {
    use super::{is_free_text, is_named, looks_so};

    #[test]
    fn secrets_are_known_by_their_look() {
        for secret in [
            "postgres://u:p@h/db",
            "amqps://a:b@c,d://e",
            "-----BEGIN RSA PRIVATE KEY-----",
            "AKIAIOSFODNN7EXAMPLE",
            "key AKIAIOSFODNN7EXAMPLE!",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "Server=x;Pwd=1",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x",
            "x/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x",
            "https://x.blob.core.windows.net/c?sig=a",
            "https://x.blob.core.windows.net/c?sv=1&sig=a",
            "https://hooks.slack.com/services/T/B/x",
        ] {
            assert!(looks_so(secret), "{secret}");
        }
        for plain in [
            "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            "projects/p/locations/europe-west1/keyRings/Main/cryptoKeys/Orders1",
            "https://example.com/a@b:c",
            "acme/orders@sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0",
            "sk-1",
        ] {
            assert!(!looks_so(plain), "{plain}");
        }
    }

    #[test]
    fn names_say_it_too() {
        assert!(is_named("DB_PASS") && is_named("api-key") && is_named("adminPassword"));
        assert!(!is_named("compass") && !is_named("author") && !is_named("key"));
    }

    #[test]
    fn free_text_is_known_by_whole_words() {
        for free in
            ["user_data", "user_data_base64", "startup_script", "container_definitions", "userData", "environment"]
        {
            assert!(is_free_text(&[free]), "{free}");
        }
        for plain in ["description", "subscription_id", "prescription"] {
            assert!(!is_free_text(&[plain]), "{plain}");
        }
    }
}
