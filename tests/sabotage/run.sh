#!/usr/bin/env bash
# For each patch here: applies it alone to a copy of the tree, builds the test it names, runs it; the test must turn red.
# A patch that no longer applies, does not build, or leaves its test green fails the run. Prints the table.
#   tests/sabotage/run.sh [patch...]
#
# A patch begins with two comment lines:
#   # promise: what the product promises
#   # test: <test program> <gtest filter>      or      # test: <file of a Python test under tests/> <Class.test>
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
copy=${ECERT_SABOTAGE_TREE:-$root/build/sabotage/tree}
build=$copy/build/release
mkdir -p "$copy"

say() { sed -n "s/^# $2: //p" "$1" | head -n 1; }

fresh() {  # the tree as it is, changed files only, so that the build stays incremental
  git -C "$root" ls-files -z --cached --others --exclude-standard |
    rsync -a --no-times --checksum --delete-missing-args --files-from=- --from0 "$root/" "$copy/"
  comm -13 <(git -C "$root" ls-files --cached --others --exclude-standard | LC_ALL=C sort) \
    <(cd "$copy" && find . -path ./build -prune -o -type f -printf '%P\n' | LC_ALL=C sort) |
    (cd "$copy" && xargs -r -d '\n' rm -f)
}

in_python() {  # program: the folder of its file; fails where it is none of Python
  local folder
  for folder in integration interop crash; do
    [ -f "$copy/tests/$folder/$1.py" ] && echo "$copy/tests/$folder" && return
  done
  return 1
}

runs_green() {  # program filter
  local program=$1 filter=$2 folder
  if folder=$(in_python "$program"); then
    (cd "$folder" && ECERT_BUILD=$build PYTHONPATH="$copy/deploy/demo:$copy/tests/integration" \
      timeout 300 /usr/bin/python3 -B -m unittest "$program.$filter")
  else
    local binary
    binary=$(find "$build/tests" -name "$program" -type f -perm -u+x | head -n 1)
    (cd "$copy" && timeout 300 "$binary" --gtest_filter="$filter" --gtest_brief=1)
  fi
}

targets_of() {
  case $1 in
    *_test) if in_python "$1" >/dev/null; then
              echo ecert-hub ecert-adapter ecertctl partner-sink
            else echo "$1"; fi ;;
    *) echo "$1" ;;
  esac
}

fresh
[ -f "$build/build.ninja" ] || cmake -S "$copy" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE= -DCMAKE_C_COMPILER=clang-16 \
  -DCMAKE_CXX_COMPILER=clang++-16 >/dev/null || exit 1

patches=("$@")
[ $# -gt 0 ] || patches=("$here"/*.patch)
failed=0
rows=()
for patch in "${patches[@]}"; do
  name=$(basename "$patch" .patch) promise=$(say "$patch" promise)
  read -r program filter <<<"$(say "$patch" test)"
  fresh
  result= died=
  if ! patch -s -p1 -d "$copy" --dry-run <"$patch" >/dev/null 2>&1; then
    result="NO LONGER APPLIES"
  else
    patch -s -p1 -d "$copy" <"$patch"
    # shellcheck disable=SC2046
    if ! ninja -C "$build" $(targets_of "$program") >"$copy/build/log" 2>&1; then
      result="DOES NOT BUILD"
      tail -n 15 "$copy/build/log"
    elif runs_green "$program" "$filter" >"$copy/build/log" 2>&1; then
      result="STAYED GREEN"
    elif [ "${died:=$?}" -ge 128 ]; then
      result=caught  # the test program crashed: red as well
    elif grep -qE 'FAILED|FAIL:|ERROR:|AddressSanitizer|Assertion' "$copy/build/log"; then
      result="caught"
    else
      result="DID NOT RUN"
      tail -n 15 "$copy/build/log"
    fi
  fi
  [ "$result" = caught ] || failed=1
  rows+=("$result|$name|$promise|$program $filter")
  printf '%-18s %s\n' "$result" "$name"
done
echo
printf '| %s | %s | %s | %s |\n' result patch promise test
printf '|---|---|---|---|\n'
for row in "${rows[@]}"; do printf '| %s |\n' "${row//|/ | }"; done
exit $failed
