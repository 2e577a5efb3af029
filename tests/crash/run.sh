#!/usr/bin/env bash
# The long crash run: tests/crash/run.sh [--rounds 1000] [--seed N], on the release build.
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
export PYTHONPATH="$root/deploy/demo:$root/tests/integration" ECERT_BUILD="${ECERT_BUILD:-$root/build/release}"
exec /usr/bin/python3 -B rounds.py "$@"
