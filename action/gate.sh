#!/usr/bin/env bash
# Judges the plans. What it finds goes into files and outputs; the step fails only where nothing could be judged.
set -euo pipefail
shopt -s nullglob
# The bash of macOS knows no `**`, and would take it for `*`.
deep=yes
shopt -s globstar 2>/dev/null || deep=no

fail() {
  printf '::error title=blastgate::%s\n' "$1"
  exit 2
}

# The files that the patterns match, one pattern a line. Nothing is split at spaces, and nothing begins with a hyphen.
matched=()
match() {
  local what="$1" patterns="$2" pattern found file
  matched=()
  while IFS= read -r pattern; do
    pattern="${pattern#"${pattern%%[![:space:]]*}"}"
    pattern="${pattern%"${pattern##*[![:space:]]}"}"
    [ -n "$pattern" ] || continue
    case "$deep $pattern" in "no "*'**'*) fail "this bash knows no ** in the input $what; name the folders" ;; esac
    # Without separators the pattern is expanded and not split.
    local IFS=
    # shellcheck disable=SC2206
    found=($pattern)
    unset IFS
    # A name without a pattern in it stays as it is, and is looked for.
    [ "${#found[@]}" -gt 0 ] || fail "a pattern of the input $what matches nothing"
    for file in "${found[@]}"; do
      [ -e "$file" ] || fail "the input $what names a file that is not there"
      case "$file" in -*) file="./$file" ;; esac
      matched+=("$file")
    done
  done <<<"$patterns"
}

# A folder of its own for each use, so that no step ever reads what another one left.
results="$(mktemp -d "${RUNNER_TEMP:?}/blastgate.XXXXXX")"
options=(--fail-on="${INPUT_FAIL_ON:-review}")
match reports "${INPUT_REPORTS:-}"
if [ "${#matched[@]}" -gt 0 ]; then
  [ -z "${INPUT_PLANS:-}" ] || fail 'give either plans or reports'
  [ -z "${INPUT_CONTEXT:-}${INPUT_SOURCE:-}${POLICY:-}" ] || fail 'context, source and policy belong to plans, not to reports'
  arguments=(report "${matched[@]}")
else
  match plans "${INPUT_PLANS:-}"
  [ "${#matched[@]}" -gt 0 ] || fail 'the input plans is empty'
  arguments=(check "${matched[@]}")
  match context "${INPUT_CONTEXT:-}"
  [ "${#matched[@]}" -eq 0 ] || options+=(--context "${matched[@]}")
  [ -z "${INPUT_SOURCE:-}" ] || options+=("--source=$INPUT_SOURCE")
  [ -z "${POLICY:-}" ] || options+=("--rows=$POLICY")
fi
case "${INPUT_FAIL_ON:-review}" in
  review | block | never) ;;
  *) fail 'the input fail-on must be review, block or never' ;;
esac

code=0
"${BLASTGATE:?}" "${arguments[@]}" "${options[@]}" --format=github --output="json=$results/report.json" \
  --output="sarif=$results/report.sarif" --output="html=$results/report.html" || code=$?
[ -f "$results/report.json" ] || fail 'blastgate made no report'
{
  echo "code=$code"
  echo "report=$results/report.json"
  echo "sarif=$results/report.sarif"
  echo "page=$results/report.html"
  "$BLASTGATE" github outputs "$results/report.json"
} >>"${GITHUB_OUTPUT:?}"
