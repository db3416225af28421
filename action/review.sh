#!/usr/bin/env bash
# Keeps the comment, looks for an approval that counts, sets the commit's status.
set -euo pipefail

options=(--fail-on="${INPUT_FAIL_ON:-review}")
[ -z "${INPUT_COMMENT_ID:-}" ] || options+=("--comment-id=$INPUT_COMMENT_ID")
[ -z "${INPUT_STATUS:-}" ] || options+=("--status=$INPUT_STATUS")
code=0
"${BLASTGATE:?}" github review "${REPORT:?}" --output="json=$REPORT" "${options[@]}" || code=$?
echo "code=$code" >>"${GITHUB_OUTPUT:?}"
