#!/usr/bin/env bash
# The long crash runs, on the release build:
#   tests/crash/run.sh [--rounds 1000] [--seed N]                          hub and partner, the embedded queue
#   tests/crash/run.sh --amqp [--rounds 1000] [--seed N] [--resume FILE]   hub, worker hosts and broker
#   tests/crash/run.sh --amqp --resume FILE --table                        what a file holds
#   tests/crash/run.sh --pull [--amqp] [--rounds 1000] [--resume FILE]     what is fetched from the Hub, and what is fetched from us
#   tests/crash/run.sh --cluster [--rounds 1] [--seconds 15]              three brokers: killed, frozen, cut off
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
export PYTHONPATH="$root/deploy/demo:$root/tests/integration" ECERT_BUILD="${ECERT_BUILD:-$root/build/release}"
rounds=rounds.py
case ${1:-} in
  --amqp) rounds=amqp_rounds.py; shift ;;
  --pull) rounds=pull_rounds.py; shift ;;
  --cluster) rounds=cluster.py; shift ;;
esac
exec /usr/bin/python3 -B "$rounds" "$@"
