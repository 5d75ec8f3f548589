#!/bin/sh
# Creates the virtual environment, installs the locked packages and the project.
#
#   VENV     where to create it (default: .venv in the checkout)
#   PYTHON   the Python 3.10 to use (default: the one found on PATH)
#
# A second run installs nothing. A run that was interrupted is done again from
# the start; a changed lock is only synchronised. `make setup` calls this.
set -eu

cd "$(dirname "$0")/.."
VENV=${VENV:-.venv}
STAMP=$VENV/.carseg-setup             # written last: what is installed
UNFINISHED=$VENV/.carseg-unfinished   # there while a set-up is under way
NEW_VENV_GIB=4                        # measured: see docs/setup.md
SYNC_GIB=1
missing=0

say() { printf 'setup: %s\n' "$*"; }

fail() {
    printf 'setup: %s\n' "$*" >&2
    exit 1
}

need() { # need WHAT HOW: one line for each thing that is missing
    printf 'setup: missing: %s; get it with: %s\n' "$1" "$2" >&2
    missing=1
}

phase() { # phase TEXT COMMAND...: quiet, with its time; the log's end if it fails
    printf 'setup: %s ... ' "$1"
    shift
    began=$(date +%s)
    if "$@" >"$log" 2>&1; then
        printf '%s s\n' "$(($(date +%s) - began))"
    else
        printf 'failed\n'
        tail -n 15 "$log" >&2
        return 1
    fi
}

place_of_venv() { (cd "$VENV" && pwd -P); }

# What the environment has to match: locks, metadata, its Python and its place
# (scripts in a virtual environment hold absolute paths).
fingerprint() {
    {
        cat requirements/bootstrap.lock requirements/requirements.lock setup.py
        "$VENV/bin/python" -V 2>&1
        place_of_venv
    } | sha256sum | cut -d ' ' -f 1
}

is_up_to_date() {
    [ -f "$STAMP" ] && [ ! -e "$UNFINISHED" ] && [ -x "$VENV/bin/carseg" ] &&
        [ "$(sed -n 1p "$STAMP")" = "$(fingerprint 2>/dev/null)" ]
}

is_python_310() {
    [ "$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = 3.10 ]
}

find_python() { # prints the first Python 3.10; a pyenv shim may exist and not run
    for candidate in ${PYTHON:+"$PYTHON"} python3.10 python3 python; do
        if is_python_310 "$candidate"; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

check_machine() {
    machine="$(uname -s) $(uname -m)"
    [ "$machine" = "Linux x86_64" ] ||
        need "Linux x86-64 (this is $machine)" "a container or a virtual machine of that kind"
}

check_python() {
    if ! python=$(find_python); then
        need "Python 3.10 (TFX 1.16 refuses others)" \
            "'sudo apt-get install python3.10 python3.10-venv python3.10-dev' (Ubuntu 22.04), 'pyenv install 3.10' or 'uv python install 3.10', and PYTHON=path if it is not on PATH"
        return
    fi
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        need "the venv module of $python" \
            "'sudo apt-get install python3.10-venv' (Debian, Ubuntu) or a Python from 'pyenv install 3.10'"
    include=$("$python" -c 'import sysconfig; print(sysconfig.get_paths()["include"])')
    [ -f "$include/Python.h" ] ||
        need "the headers of $python ($include/Python.h)" \
            "'sudo apt-get install python3.10-dev' (Debian, Ubuntu) or a Python from 'pyenv install 3.10'"
}

# pyfarmhash, which TensorFlow Data Validation needs, is published as C++ source.
check_compiler() {
    how="'sudo apt-get install build-essential' (Debian, Ubuntu) or 'sudo dnf install gcc-c++' (Fedora)"
    compiler=${CC:-$(command -v cc || command -v gcc || :)}
    if [ -z "$compiler" ]; then
        need "a C compiler (cc or gcc)" "$how"
    # CC may hold options, so it is split into words.
    elif ! echo '#include <cstddef>' | $compiler -x c++ -c -o /dev/null - 2>/dev/null; then
        need "a C++ compiler behind $compiler (it cannot compile #include <cstddef>)" "$how"
    fi
}

check_disk() {
    gib=$NEW_VENV_GIB
    place=$VENV
    [ ! -d "$VENV/lib" ] || gib=$SYNC_GIB
    while [ ! -d "$place" ]; do place=$(dirname "$place"); done
    free_kib=$(df -Pk "$place" | awk 'NR == 2 { print $4 }')
    [ "$free_kib" -ge $((gib * 1024 * 1024)) ] ||
        need "disk space for $VENV ($gib GiB needed, $((free_kib / 1024)) MiB free)" \
            "freeing some, or VENV=path on a larger disk"
}

is_ours() { [ -f "$STAMP" ] || [ -e "$UNFINISHED" ]; }

is_usable_venv() { # whole, where it was made, and its Python still runs
    [ -f "$STAMP" ] && [ ! -e "$UNFINISHED" ] && is_python_310 "$VENV/bin/python" &&
        [ "$(sed -n 2p "$STAMP")" = "$(place_of_venv)" ]
}

create_venv() {
    mkdir -p "$VENV"
    : >"$UNFINISHED"
    # `venv --clear` would remove the mark too: an interruption would go unseen.
    find "$VENV" -mindepth 1 -maxdepth 1 ! -name "${UNFINISHED##*/}" -exec rm -rf {} +
    phase "creating $VENV with $("$python" -V)" "$python" -m venv "$VENV"
}

# uv does not read pip's configuration: hand it the one thing that matters.
use_index_of_pip() {
    index=${UV_DEFAULT_INDEX:-${PIP_INDEX_URL:-$("$VENV/bin/python" -m pip config get global.index-url 2>/dev/null || :)}}
    [ -z "$index" ] || export UV_DEFAULT_INDEX="$index"
}

install_packages() {
    lock=requirements/requirements.lock
    phase "installing the installer (uv, setuptools)" \
        "$VENV/bin/python" -m pip install --quiet --require-hashes -r requirements/bootstrap.lock
    use_index_of_pip
    phase "installing $(grep -c '^[a-z0-9].*==' $lock) locked packages" \
        "$VENV/bin/uv" pip sync --python "$VENV/bin/python" --require-hashes \
        --no-build-isolation $lock ||
        phase "installing them with pip instead, which takes minutes" \
            "$VENV/bin/python" -m pip install --require-hashes --no-build-isolation -r $lock
    phase "installing the project (editable)" \
        "$VENV/bin/uv" pip install --python "$VENV/bin/python" --no-deps \
        --no-build-isolation --editable .
}

if is_up_to_date; then
    say "$VENV is up to date, nothing to install"
    exit 0
fi

# Synchronising removes what is not in the lock: never in somebody else's folder.
if [ -d "$VENV" ] && ! is_ours && [ -n "$(ls -A "$VENV")" ]; then
    fail "$VENV was not made by this set-up and is left alone; move it away or choose VENV=path"
fi

check_machine
check_python
check_compiler
check_disk
[ "$missing" -eq 0 ] || exit 1

log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT TERM
is_usable_venv || create_venv
: >"$UNFINISHED"
rm -f "$STAMP"
install_packages
{ fingerprint && place_of_venv; } >"$STAMP.new"
mv "$STAMP.new" "$STAMP"
rm -f "$UNFINISHED"
say "$VENV is ready: $VENV/bin/carseg --help"
