//! The whole report of every fixture, so that a new false alarm, or a word that went wrong, shows.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod common;

#[test]
fn whole_reports() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path(common::folder("testdata/reports"));
    settings.bind(|| {
        for path in
            ["labelled", "twins"].iter().flat_map(|name| common::files(&common::folder("testdata").join(name), "json"))
        {
            let report = common::report(&path).unwrap();
            let text = format!("{}\n{}", common::written(&report, "human"), common::written(&report, "json"));
            let folder = path.parent().map(common::stem).unwrap_or_default();
            let name =
                if folder == "labelled" { common::stem(&path) } else { format!("{folder}-{}", common::stem(&path)) };
            insta::assert_snapshot!(name, common::kept(&text));
        }
    });
}

#[test]
fn the_same_plan_gives_the_same_report() {
    for path in common::files(&common::folder("testdata/labelled"), "json") {
        let write = || common::written(&common::report(&path).unwrap(), "json");
        assert_eq!(write(), write(), "{}", path.display());
    }
}

#[test]
fn lines_of_the_human_report_fit_a_terminal() {
    for path in common::files(&common::folder("testdata/labelled"), "json") {
        let text = common::written(&common::report(&path).unwrap(), "human");
        // A single long word, such as an address, stands alone; text to paste is never broken.
        let is_paste = |line: &&str| line.starts_with("             ");
        let lines = text.lines().filter(|line| !is_paste(line));
        let long = lines.into_iter().find(|line| line.chars().count() > 80 && line.split_whitespace().count() > 2);
        assert_eq!(long, None, "{}", path.display());
    }
}
