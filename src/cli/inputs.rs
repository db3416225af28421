//! Files to plans: what every command that looks at plans does first.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use super::{complain, context};
use crate::input::{self, InputError, Limits};
use crate::plan::Plan;
use crate::report::Gap;

/// The inputs that a command takes.
#[derive(Debug, clap::Args)]
pub(super) struct Inputs {
    /// What `terraform show -json PLAN` or `tofu show -json PLAN` printed: files, or `-` for standard input
    #[arg(required = true, value_name = "PLAN")]
    pub(super) plans: Vec<PathBuf>,

    /// The most bytes that one plan may have
    #[arg(long, default_value_t = Limits::default().bytes, value_name = "BYTES")]
    pub(super) max_bytes: usize,

    #[command(flatten)]
    context: context::Options,
}

impl Inputs {
    /// Reads everything and hands it on: the plans that could be read with their context behind them, why others could
    /// not, and what of the context was not seen.
    pub(super) fn read<T>(&self, then: impl FnOnce(&[Plan<'_>], &[InputError], Vec<Gap>) -> T) -> T {
        let limits = Limits { bytes: self.max_bytes, ..Limits::default() };
        let mut errors = Vec::new();
        let files = self.load(&limits, &mut errors);
        let texts: Vec<(&str, Cow<'_, str>)> =
            keep(files.iter().map(|(name, bytes)| Ok((&**name, input::decode(name, bytes)?))), &mut errors);
        let read: Vec<Vec<Plan<'_>>> =
            keep(texts.iter().map(|(name, text)| input::read(name, text, &limits)), &mut errors);
        let given: Vec<&[u8]> = files.iter().map(|(_, bytes)| bytes.as_slice()).collect();
        let loaded = self.context.load(&limits, &given, &mut errors);
        let context = loaded.texts();
        let (units, mut gaps) = loaded.units(&context, &limits, &mut errors);
        let (plans, copies) = input::take_out_copies(read.into_iter().flatten().chain(units).collect());
        gaps.extend(context::tell_copies(copies));
        let result = then(&plans, &errors, gaps);
        // Giving memory back piece by piece would take longer than all of the above; the process ends soon.
        std::mem::forget(plans);
        result
    }

    fn load(&self, limits: &Limits, errors: &mut Vec<InputError>) -> Vec<(String, Vec<u8>)> {
        let mut files: Vec<(String, Vec<u8>)> = Vec::new();
        for (place, path) in self.plans.iter().enumerate() {
            let name = path.to_string_lossy().into_owned();
            let again = name == "-" && self.plans.iter().take(place).any(|earlier| earlier == path);
            match load(path, &name, limits) {
                _ if again => errors.push(InputError::new(&name, "standard input is given twice").help("give it once")),
                // One plan given twice is one plan; as two, its dependents would count double.
                Ok(bytes) if files.iter().any(|(_, known)| *known == bytes) => {
                    complain(&format!("note: {name} was given already; it is judged once"));
                }
                Ok(bytes) => files.push((name, bytes)),
                Err(error) => errors.push(error),
            }
        }
        files
    }
}

/// Sorts results from errors.
fn keep<T>(results: impl Iterator<Item = Result<T, InputError>>, errors: &mut Vec<InputError>) -> Vec<T> {
    results.filter_map(|result| result.map_err(|error| errors.push(error)).ok()).collect()
}

/// Reads a file, or standard input.
pub(super) fn load(path: &PathBuf, name: &str, limits: &Limits) -> Result<Vec<u8>, InputError> {
    let failed = |error: io::Error| {
        InputError::new(name, format!("it cannot be read: {error}")).help("check the path and its permissions")
    };
    let most = u64::try_from(limits.bytes).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    if name == "-" {
        io::stdin().lock().take(most).read_to_end(&mut bytes).map_err(failed)?;
    } else {
        let file = File::open(path).map_err(failed)?;
        let size = file.metadata().map_err(failed)?.len();
        if size >= most {
            return Err(InputError::too_large(name, limits.bytes));
        }
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        bytes.try_reserve_exact(size).map_err(|_| InputError::new(name, "there is not enough memory to read it"))?;
        file.take(most).read_to_end(&mut bytes).map_err(failed)?;
    }
    if bytes.len() > limits.bytes {
        return Err(InputError::too_large(name, limits.bytes));
    }
    Ok(bytes)
}
