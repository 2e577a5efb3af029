#!/usr/bin/env bash
# Installs, builds and runs the tests.
#   deploy/test.sh         the release build, every test by ctest
#   deploy/test.sh --all   also every integration test over RabbitMQ, the sanitizer builds, clang-tidy, every header compiled
#                          alone, the long crash runs, a cluster of brokers, the sabotage run
set -euo pipefail
cd "$(dirname "$0")/.."
all=${1:-}
deploy/setup.sh ${all:+"$all"}
export ECERT_CMAKE_ARGS="-DECERT_WERROR=ON"
deploy/build.sh release
ctest --preset release --parallel 4

[ "$all" = --all ] || exit 0
ctest --preset release -C all -L amqp_rest
npm install --silent --no-audit --no-fund --prefix build/release/node soap@1.13.0
ctest --preset release -R interop_node
ECERT_CMAKE_ARGS="-DECERT_WERROR=ON -DCMAKE_VERIFY_INTERFACE_HEADER_SETS=ON" deploy/build.sh release all_verify_interface_header_sets
for sanitizer in asan tsan; do
  deploy/build.sh "$sanitizer"
  ctest --preset "$sanitizer"
done
run-clang-tidy-16 -quiet -p build/release "^$PWD/(config|crypto|queue|adapters|hub)/.*\.cpp\$"
tests/crash/run.sh --rounds 1000
tests/crash/run.sh --amqp --rounds 500
tests/crash/run.sh --pull --rounds 500
tests/crash/run.sh --pull --amqp --rounds 200
tests/crash/run.sh --cluster
tests/sabotage/run.sh
