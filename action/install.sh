#!/usr/bin/env bash
# Gets the program: the released one of the pinned version, with its checksum checked, or one that is built from this checkout.
set -euo pipefail

action="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
pinned="$(sed -n 's/^version = "\(.*\)"$/\1/p' "$action/Cargo.toml" | head -n 1)"
version="${BLASTGATE_VERSION:-$pinned}"
folder="$(mktemp -d "${RUNNER_TEMP:?}/blastgate-program.XXXXXX")"

fail() {
  printf '::error title=blastgate::%s\n' "$1" >&2
  exit 2
}

[[ "$version" =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] || fail 'the input version must look like 0.1.0'

# The name of this machine as releases have it. macOS and Windows are written and untested.
target() {
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) echo x86_64-unknown-linux-musl ;;
    Linux-aarch64) echo aarch64-unknown-linux-musl ;;
    Darwin-x86_64) echo x86_64-apple-darwin ;;
    Darwin-arm64) echo aarch64-apple-darwin ;;
    MINGW*-x86_64 | MSYS*-x86_64) echo x86_64-pc-windows-msvc ;;
    *) echo unknown ;;
  esac
}

# Of standard input, since the name of a file with a backslash in it changes what is printed.
checksum() {
  if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1
}

# The checksum must be known before the download: action/checksums.txt has a line for each archive of each release, as `sha256sum`
# prints it, in the commit that follows the release. An archive holds the program alone. Nothing stops by itself in here, so every
# command says what follows where it fails.
released() {
  local repository="${BLASTGATE_REPOSITORY:-}" name known
  name="blastgate-$version-$(target).tar.gz"
  [ -n "$repository" ] && [ -f "$action/action/checksums.txt" ] || return 1
  known="$(awk -v name="$name" '$2 == name { print $1 }' "$action/action/checksums.txt")"
  [ -n "$known" ] || return 1
  local server="${GITHUB_SERVER_URL:-https://github.com}"
  curl --fail --silent --show-error --location --max-time 120 --retry 3 \
    --output "$folder/$name" "$server/$repository/releases/download/v$version/$name" || return 1
  [ "$(checksum <"$folder/$name")" = "$known" ] || fail "the checksum of $name is not the one that this action knows: it is not run"
  if command -v gh >/dev/null && gh attestation --help >/dev/null 2>&1; then
    gh attestation verify "$folder/$name" --repo "$repository" >/dev/null || fail "$name has no valid attestation: it is not run"
  fi
  # From within the folder, since a colon in a name means another machine to tar.
  (cd "$folder" && tar -xzf "$name") || fail "$name cannot be unpacked"
  echo "$folder/blastgate"
}

built() {
  [ "$version" = "$pinned" ] || fail "version $version is not released with a checksum that this action knows, and its own checkout is $pinned"
  command -v cargo >/dev/null || fail "there is no release $version for this machine, and no cargo to build it with"
  env -u GH_TOKEN cargo install --locked --quiet --path "$action" --root "$folder" >&2
  echo "$folder/bin/blastgate"
}

program="$(released || built)"
"$program" --version
echo "program=$program" >>"${GITHUB_OUTPUT:?}"
