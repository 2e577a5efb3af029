#!/usr/bin/env bash
# Installs what the node is built and tested with, from Debian 12's own packages. Does nothing where all is there.
#   deploy/setup.sh            what build, demo and tests need
#   deploy/setup.sh --all      also what `deploy/test.sh --all` needs
# Run as root.
set -euo pipefail

build=(clang-16 lld-16 llvm-16 libclang-rt-16-dev cmake ninja-build ccache pkg-config git
       libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev libssl-dev libxml2-dev libxslt1-dev
       libsqlite3-dev libfmt-dev libspdlog-dev libtomlplusplus-dev libcli11-dev prometheus-cpp-dev
       libgtest-dev libgmock-dev libbenchmark-dev librabbitmq-dev)
tools=(openssl curl jq python3 sqlite3 xmlsec1 libxml2-utils patch rsync rabbitmq-server
       python3-lxml python3-pika python3-zeep php-cli php-soap gsoap libgsoap-dev)
checks=(clang-tidy-16 clang-format-16)

wanted=("${build[@]}" "${tools[@]}")
if [ "${1:-}" = --all ]; then
  wanted+=("${checks[@]}")
  command -v npm >/dev/null || wanted+=(nodejs npm)  # another node than Debian's brings its own
fi

missing=()
for package in "${wanted[@]}"; do
  dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -ne 0 ]; then
  echo "setup.sh: these packages are missing and need root to install: ${missing[*]}" >&2
  exit 1
fi
echo "setup.sh: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive

# Tests and demo start brokers of their own: installing Debian's must not start one on this machine, now or at the next boot.
# A broker that was installed here before is not among the missing, and is left as it is.
policy=/usr/sbin/policy-rc.d
if [[ " ${missing[*]} " == *" rabbitmq-server "* ]] && [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi
apt-get -qq update
apt-get -qq install -y --no-install-recommends "${missing[@]}" >/dev/null
if [[ " ${missing[*]} " == *" rabbitmq-server "* ]] && command -v systemctl >/dev/null; then
  systemctl disable rabbitmq-server >/dev/null 2>&1 || true
fi
