//! Any text is answered, and a denied command stays denied behind it. Run it with `cargo +nightly fuzz run command`; seeds are the
//! lines of `testdata/hook`.

#![no_main]

use std::path::Path;

use blastgate::command::{Advice, NoFiles, Surroundings, advise, advise_words, objection};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let around = Surroundings { directory: Path::new("/work"), files: &NoFiles };
    let _ = advise(text, &around);
    let _ = advise_words(&text.split(' ').map(ToOwned::to_owned).collect::<Vec<_>>(), &around);
    let _ = objection(text, &[]);
    // On a line of its own it runs, or the text before it makes the whole unreadable, or takes it for a here-document's or a quote's.
    let denied = advise(&format!("terraform destroy\n{text}"), &around);
    assert!(matches!(denied, Advice::Deny(_)), "{text:?}");
});
