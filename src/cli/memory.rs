//! How much memory this process may take. What it starts is somebody else's and keeps its own limit.

#[cfg(unix)]
mod limit {
    use std::sync::OnceLock;

    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    /// What was allowed before.
    static BEFORE: OnceLock<Rlimit> = OnceLock::new();

    pub(in super::super) fn limit(bytes: u64) {
        let before = BEFORE.get_or_init(|| getrlimit(Resource::As));
        let least = before.current.map_or(bytes, |current| current.min(bytes));
        // Where there is no such limit, it runs without.
        let _ = setrlimit(Resource::As, Rlimit { current: Some(least), maximum: before.maximum });
    }

    pub(in super::super) fn unlimited<T>(run: impl FnOnce() -> T) -> T {
        let Some(before) = BEFORE.get() else { return run() };
        let now = getrlimit(Resource::As);
        let _ = setrlimit(Resource::As, Rlimit { current: before.current, maximum: before.maximum });
        let done = run();
        let _ = setrlimit(Resource::As, now);
        done
    }
}

#[cfg(not(unix))]
mod limit {
    pub(in super::super) fn limit(_: u64) {}

    pub(in super::super) fn unlimited<T>(run: impl FnOnce() -> T) -> T {
        run()
    }
}

pub(super) use limit::{limit, unlimited};
