#!/usr/bin/env bash
# Takes the policy as the base branch has it: a pull request may change the file, and not what it is judged by.
set -euo pipefail

folder="$(mktemp -d "${RUNNER_TEMP:?}/blastgate-policy.XXXXXX")"
"${BLASTGATE:?}" github base -- "${INPUT_POLICY:?}" >"$folder/policy.tsv"
echo "file=$folder/policy.tsv" >>"${GITHUB_OUTPUT:?}"
