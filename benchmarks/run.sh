#!/usr/bin/env bash
# benchmarks/run.sh [--count N] [--pairs N]: builds the release preset and prints the table; JSON beside the build.
# benchmarks/run.sh isolation [--count N] [--pairs N]: what hostile partners cost the others.
set -euo pipefail
cd "$(dirname "$0")/.."
deploy/build.sh release ecert-hub partner-sink agency-load floor-bench ledger-cycle >/dev/null
program=run.py
if [ "${1:-}" = isolation ]; then program=isolation.py; shift; fi
PYTHONPATH=deploy/demo:tests/integration exec /usr/bin/python3 -B "benchmarks/$program" "$@"
