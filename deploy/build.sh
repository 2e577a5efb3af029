#!/usr/bin/env bash
# Builds one preset: deploy/build.sh release [target...]. ccache makes a second run a matter of seconds.
set -euo pipefail
cd "$(dirname "$0")/.."
preset=$1
shift
cmake --preset "$preset" ${ECERT_CMAKE_ARGS:-} >/tmp/ecert-configure.$$ 2>&1 || { cat /tmp/ecert-configure.$$; rm -f /tmp/ecert-configure.$$; exit 1; }
rm -f /tmp/ecert-configure.$$
cmake --build --preset "$preset" ${1:+--target "$@"}
