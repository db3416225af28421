//! Names of attributes that say that their values are secrets, whatever the schema says.

/// An attribute whose name says that it is a secret is one.
pub(super) fn says_secret(name: &str) -> bool {
    let plain = name.to_ascii_lowercase();
    let plain: Vec<&str> = plain.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    if is_secret(&plain) {
        return true;
    }
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    // Such a name tells of something about the secret: which one it is, or how long it lasts.
    let about =
        matches!(words.last(), Some(&("arn" | "id" | "ids" | "kind" | "name" | "namespace" | "ref" | "ttl" | "type")));
    !about && (is_secret(&words) || is_secret_besides(&words))
}

fn is_secret(words: &[&str]) -> bool {
    let one = words.iter().any(|word| {
        matches!(
            *word,
            "password" | "passwd" | "passphrase" | "secret" | "secrets" | "token" | "credentials" | "credential"
        )
    });
    let two =
        words.windows(2).any(|pair| matches!(pair, ["private" | "api" | "access", "key"] | ["connection", "string"]));
    one || two
}

/// Names that are also those of harmless things, if something comes after them.
fn is_secret_besides(words: &[&str]) -> bool {
    let one = words.iter().any(|word| matches!(*word, "pwd" | "psk" | "sshkey" | "apikey" | "passcode"));
    let two = words.windows(2).any(|pair| {
        matches!(pair, ["preshared" | "shared" | "license" | "account" | "ssh", "key"] | ["key", "material"])
    });
    // A table has a primary key as well, but no account.
    let three = words.windows(3).any(|group| matches!(group, ["account", "primary" | "secondary", "key"]));
    let url = words.contains(&"webhook") && matches!(words.last(), Some(&("url" | "uri" | "webhook")));
    one || two || three || url || matches!(words, ["auth"] | ["sas", "url"])
}

/// The words of a name, in small letters: `masterPassword`, `MasterPassword` and `master_password` have the same.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    let mut rest = name.chars().peekable();
    while let Some(c) = rest.next() {
        let ends_capitals = before.is_ascii_uppercase() && rest.peek().is_some_and(char::is_ascii_lowercase);
        let begins =
            c.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit() || ends_capitals);
        if begins || !c.is_ascii_alphanumeric() {
            words.push(std::mem::take(&mut word));
        }
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
        }
        before = c;
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::says_secret;

    #[test]
    fn names_say_that_a_value_is_secret() {
        for name in
            "master_password masterPassword MasterUserPassword secretString passphraseB64 APIKey pwd db_pwd psk \
             preshared_key tunnel1_preshared_key shared_key license_key key_material storage_account_primary_key \
             primary_access_key sshkey auth auth_token webhook webhook_url webhookUrl sas_url private_key_pem"
                .split_whitespace()
        {
            assert!(says_secret(name), "{name}");
        }
    }

    #[test]
    fn harmless_names_stay_visible() {
        for name in
            "key_name kms_key_id public_key primary_key hash_key partition_key secretName tokenTtl range_key key \
             author auth_type authorization account_id webhook_id license_key_name keyName sshkey_id identifier"
                .split_whitespace()
        {
            assert!(!says_secret(name), "{name}");
        }
    }
}
