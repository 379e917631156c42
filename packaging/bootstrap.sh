#!/bin/sh
# Set up .venv for `make run`, `make test` or `make bench`: sh packaging/bootstrap.sh run|test|bench
#
# PYTHON=/path/to/python3.12 chooses the interpreter.
set -eu

purpose=${1:?"usage: bootstrap.sh run|test|bench"}
cd "$(dirname "$0")/.."
venv=.venv
system=test # the benchmarks need the same of the system
[ "$purpose" = run ] && system=run

say() { printf 'PoolViewer: %s\n' "$*" >&2; }

give_up() {
    say "$@"
    exit 1
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for python in "${PYTHON:-}" python3 python3.11 python3.12 python3.13 python; do
        if [ -n "$python" ] && command -v "$python" >/dev/null && is_new_enough "$python"; then
            return
        fi
    done
    give_up "Python 3.11 or newer is needed and was not found;" \
        "name yours with: make $purpose PYTHON=/path/to/python3"
}

# Install Debian packages where that is allowed, else name the command and stop.
install_packages() {
    if ! command -v apt-get >/dev/null; then
        give_up "these Debian packages, or your system's equivalents, are needed first: $*"
    elif [ "$(id -u)" -ne 0 ]; then
        give_up "system packages are missing; type: sudo apt-get install -y $*"
    fi
    say "installing system packages: $*"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >/dev/null || say "the list of packages could not be brought up to date"
    # Output is held back because apt's tools chatter, and shown when it matters.
    log=$(mktemp)
    if ! apt-get install -qq -y --no-install-recommends "$@" >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        give_up "apt-get failed (above); by hand: apt-get install -y $*"
    fi
    rm -f "$log"
}

# Debian takes ensurepip out of its Python and into a package of its own.
missing_packages() {
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        "$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
    "$python" -c 'import sys
from poolviewer.display_check import missing_packages
print(*missing_packages(sys.argv[1]))' "$system"
}

ensure_packages() {
    missing=$(missing_packages)
    # shellcheck disable=SC2086 # one word for each package
    [ -z "$missing" ] || install_packages $missing
}

# A set-up that was interrupted leaves a folder without pip: start again.
ensure_venv() {
    if is_new_enough "$venv/bin/python" && "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
        return
    fi
    say "making $venv with $("$python" --version)"
    "$python" -m venv --clear "$venv"
}

install_project() {
    what=.
    case $purpose in
    test) what=".[test]" ;;
    bench) what=".[test,bench]" ;;
    esac
    say "installing PoolViewer and what it needs into $venv" \
        "(about 3 GB and a few minutes the first time)"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
        --no-warn-script-location --editable "$what" ||
        give_up "pip failed (above); once that is put right, type the same command again"
}

find_python
ensure_packages
ensure_venv
install_project
