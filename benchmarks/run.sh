#!/usr/bin/env bash
# benchmarks/run.sh [--count N] [--pairs N]: builds the release preset and prints the table; JSON beside the build.
set -euo pipefail
cd "$(dirname "$0")/.."
deploy/build.sh release ecert-hub partner-sink agency-load floor-bench >/dev/null
PYTHONPATH=deploy/demo exec /usr/bin/python3 -B benchmarks/run.py "$@"
