//! What several tests need: where things are, and a plan's report.

#![allow(dead_code, reason = "each test uses its own part")]

pub mod hostile;
pub mod pasted;

use std::path::{Path, PathBuf};

use blastgate::input::{self, InputError, Limits};
use blastgate::report::Report;
use blastgate::{File, Given};

/// A folder of the repository.
pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The folder that holds public plans and labelled scenarios, where there is one: the one that `BLASTGATE_SHARED` names, which then
/// must be there, or the one beside the repository.
pub fn shared(name: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let named = std::env::var_os("BLASTGATE_SHARED").map(PathBuf::from);
    assert!(named.as_ref().is_none_or(|folder| folder.is_dir()), "BLASTGATE_SHARED names no folder: {named:?}");
    let path = named.unwrap_or_else(beside).join(name);
    path.is_dir().then_some(path)
}

/// The files of a folder with this ending, sorted.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|e| e == ending) || ending.is_empty())
        .collect();
    found.sort();
    found
}

/// A file's name without its ending.
pub fn stem(path: &Path) -> String {
    path.file_stem().expect("a name").to_string_lossy().into_owned()
}

/// The report of a file, under its bare name, so that it does not depend on where the repository lies.
pub fn report(path: &Path) -> Result<Report, InputError> {
    let bytes = std::fs::read(path).expect("the file can be read");
    report_of(&path.file_name().expect("a name").to_string_lossy(), &bytes)
}

/// The report of plans, as one change and with a picture; those that cannot be read are errors.
pub fn report_of_all(plans: &[(&str, &[u8])]) -> Report {
    let plans = plans.iter().map(|(name, bytes)| File::new(name, *bytes)).collect();
    blastgate::check(&Given { plans, drawn: 400, ..Given::default() })
}

/// The report of fixtures of `testdata/labelled`, as `report_of_all` makes it.
pub fn fixtures(names: &[&str]) -> Report {
    let path = |name: &str| folder("testdata/labelled").join(format!("{name}.json"));
    let read = |name: &&str| (format!("{name}.json"), std::fs::read(path(name)).expect("the fixture is there"));
    let files: Vec<(String, Vec<u8>)> = names.iter().map(read).collect();
    report_of_all(&files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect::<Vec<_>>())
}

/// The report of some bytes.
pub fn report_of(name: &str, bytes: &[u8]) -> Result<Report, InputError> {
    let text = input::decode(name, bytes)?;
    Ok(blastgate::assess(&input::read(name, &text, &Limits::default())?))
}

/// A report in one of the outputs.
pub fn written(report: &Report, format: &str) -> String {
    written_in(report, format, blastgate::output::COMMENT)
}

/// The same with so many characters at most.
pub fn written_in(report: &Report, format: &str, max_chars: usize) -> String {
    let format = blastgate::output::FORMATS.iter().find(|f| f.name == format).expect("a known format");
    (format.write)(report, blastgate::output::Style { max_chars, ..blastgate::output::Style::default() })
}

/// What a snapshot keeps of a report: not the catalogue's version, which changes with every row, and not what may follow, which
/// is the same in hundreds of reports and has a test of its own.
pub fn kept(text: &str) -> String {
    let (begins, ends) = ("\n  \"next_actions\": {\n", "\n  },");
    let without = text.split_once(begins).and_then(|(before, rest)| Some([before, rest.split_once(ends)?.1].concat()));
    without.as_deref().unwrap_or(text).replace(blastgate::catalog::VERSION, "VERSION")
}

/// A fixture of `testdata/saved` with another content of one part; without it, where there is no content.
pub fn with_part(fixture: &str, part: &str, content: &[u8]) -> Vec<u8> {
    let bytes = std::fs::read(folder("testdata/saved").join(fixture)).expect("the fixture is there");
    let mut parts = parts(&bytes);
    parts.retain(|(name, _)| name != part);
    if !content.is_empty() {
        parts.push((part.to_owned(), content.to_vec()));
    }
    archive(&parts)
}

/// What is in a zip archive.
pub fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("an archive");
    (0..archive.len())
        .map(|place| {
            let mut file = archive.by_index(place).expect("a part");
            let mut content = Vec::new();
            std::io::copy(&mut file, &mut content).expect("a part that can be unpacked");
            (file.name().to_owned(), content)
        })
        .collect()
}

/// A zip archive.
pub fn archive(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    use std::io::Write as _;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        writer.write_all(content).expect("a part");
    }
    writer.finish().expect("an archive").into_inner()
}
