#!/usr/bin/env bash
# The main job on a fresh machine: installs, builds, makes a development PKI, starts two nodes and a third country, exchanges
# certificates and shows what became of each. Exit status 0 only if every certificate ended as it should.
#   deploy/demo.sh [--amqp] [--stay]     --amqp: a RabbitMQ broker of its own between hubs and workers (ecert-adapter)
#                                        --stay: leave all running and print how to reach it
set -euo pipefail
cd "$(dirname "$0")/.."
deploy/setup.sh
deploy/build.sh release ecert-hub ecertctl ecert-adapter partner-sink
exec /usr/bin/python3 deploy/demo/demo.py "$@"
