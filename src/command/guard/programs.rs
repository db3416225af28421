//! What programs do with the files that they name.

/// Programs that only look at the files that they name.
pub(super) const LOOKING: [&str; 53] = [
    "[",
    "ag",
    "awk",
    "basename",
    "bat",
    "batcat",
    "blastgate",
    "cat",
    "cd",
    "cmp",
    "column",
    "comm",
    "cut",
    "diff",
    "difft",
    "dirname",
    "du",
    "echo",
    "egrep",
    "export",
    "exa",
    "eza",
    "fgrep",
    "file",
    "fold",
    "grep",
    "head",
    "hexdump",
    "jq",
    "less",
    "ll",
    "ls",
    "md5sum",
    "mkdir",
    "more",
    "nl",
    "od",
    "printf",
    "pwd",
    "readlink",
    "realpath",
    "rg",
    "sha256sum",
    "shasum",
    "sort",
    "stat",
    "strings",
    "tail",
    "test",
    "tree",
    "uniq",
    "wc",
    "xxd",
];

/// Commands of git that leave files as they are.
pub(super) const GIT_LOOKING: [&str; 13] = [
    "add",
    "blame",
    "cat-file",
    "check-ignore",
    "commit",
    "diff",
    "grep",
    "log",
    "ls-files",
    "ls-tree",
    "rev-parse",
    "show",
    "status",
];

/// Programs that take files or their permissions away.
pub(super) const TAKING: [&str; 14] = [
    "chattr", "chgrp", "chmod", "chown", "ln", "mv", "rename", "rm", "rmdir", "shred", "srm", "trash", "truncate",
    "unlink",
];

/// Programs whose last word is where they write.
pub(super) const COPYING: [&str; 7] = ["cp", "ditto", "install", "ln", "mv", "rsync", "scp"];

/// Programs that take other programs off.
pub(super) const PACKAGES: [&str; 13] =
    ["apt", "apt-get", "asdf", "brew", "cargo", "dnf", "mise", "npm", "pip", "pipx", "rpm", "uv", "yum"];

/// Programs that change the files that they name, of which none runs them.
pub(super) const FILING: [&str; 10] = ["code", "cp", "gh", "git", "glab", "man", "mkdir", "tldr", "touch", "vim"];

/// Programs that write the files that they name anew.
pub(super) const EDITING: [&str; 8] = ["git", "gsed", "perl", "ruby", "sed", "sponge", "tee", "yq"];

/// Programs that look for files and may take away what they find.
pub(super) const FINDING: [&str; 4] = ["fd", "fdfind", "find", "gfind"];
