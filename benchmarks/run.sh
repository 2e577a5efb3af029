#!/usr/bin/env bash
# benchmarks/run.sh [--amqp] [--count N] [--pairs N]: builds the release preset and prints the table; JSON beside the build.
# benchmarks/run.sh isolation [--count N] [--pairs N]: what hostile partners cost the others.
# benchmarks/run.sh soap [--count N] [--pairs N]: accepting over SOAP beside REST.
# benchmarks/run.sh backlog [--waiting N] [--count N] [--pairs N]: what a million deliveries for a dead partner cost another's.
set -euo pipefail
cd "$(dirname "$0")/.."
deploy/build.sh release ecert-hub ecert-adapter partner-sink agency-load floor-bench queue-hop ledger-cycle ledger-fill >/dev/null
program=run.py
case ${1:-} in isolation | backlog | soap) program=$1.py; shift ;; esac
PYTHONPATH=deploy/demo:tests/integration exec /usr/bin/python3 -B "benchmarks/$program" "$@"
