#!/usr/bin/env bash
# Ends with the verdict's exit code: that of the review where there was one, for an approval may let it go on.
set -euo pipefail

code="${REVIEW:-${GATE:-2}}"
# What could not be judged stays an error, whatever came after it.
[ "${GATE:-2}" != 2 ] || code=2
[[ "$code" =~ ^[0-9]+$ ]] || code=2
exit "$code"
