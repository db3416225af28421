//! The command line program; everything is in [`blastgate::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    blastgate::cli::main()
}
