#!/bin/sh
# Creates the virtual environment, installs the locked packages and the project.
#
#   VENV     where to create it (default: .venv in the checkout)
#   PYTHON   the Python to use (default: the first on PATH that fits)
#
# Two stacks: TFX 1.21 where Python 3.11 or 3.12 runs on glibc 2.39 or newer, else
# TFX 1.16 on Python 3.10. One line says which is taken and why.
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
PROBE='import os, sys
libc = "CS_GNU_LIBC_VERSION" in os.confstr_names and os.confstr("CS_GNU_LIBC_VERSION")
version = "%d.%d" % sys.version_info[:2]
print(version, (libc or "glibc 0.0").split()[1], sys.executable)'

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
        running=$("$VENV/bin/python" -V 2>&1)
        cat requirements/bootstrap.lock "$(lock_for "$running")" setup.py
        echo "$running"
        place_of_venv
    } | sha256sum | cut -d ' ' -f 1
}

is_up_to_date() {
    [ -f "$STAMP" ] && [ ! -e "$UNFINISHED" ] && [ -x "$VENV/bin/carseg" ] &&
        [ "$(sed -n 1p "$STAMP")" = "$(fingerprint 2>/dev/null)" ]
}

lock_for() { # lock_for VERSION: the lock of the stack that runs on that Python
    case $1 in
        *3.10*) echo requirements/requirements.lock ;;
        *) echo requirements/modern.lock ;;
    esac
}

has_new_glibc() { # has_new_glibc VERSION: 2.39 or newer, as the wheels of TFX 1.21 need
    [ "${1%%.*}" -gt 2 ] || { [ "${1%%.*}" -eq 2 ] && [ "${1#*.}" -ge 39 ]; }
}

lacks() { # lacks PYTHON: prints what it cannot do, nothing where it is whole
    if ! "$1" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "the venv module"
    else
        include=$("$1" -c 'import sysconfig; print(sysconfig.get_paths()["include"])')
        [ -f "$include/Python.h" ] || echo "the headers"
    fi
}

# probe NAME: sets version, glibc and python, or fails. From the root as well: pyenv
# hides the versions that the checkout's .python-version does not name.
probe() {
    for place in . /; do
        answer=$(cd "$place" && "$1" -c "$PROBE" 2>/dev/null) || continue
        read -r version glibc python <<EOF
$answer
EOF
        return 0
    done
    return 1
}

# Sets python and version, and why it is that one. A Python named by the user wins,
# then TFX 1.21 on a whole Python, then TFX 1.16 on Python 3.10; where neither is
# there, a Python for TFX 1.21 that something can be added to.
choose_python() {
    incomplete=
    reason="no Python 3.11 or 3.12 was found, which TFX 1.21 needs"
    for candidate in ${PYTHON:+"$PYTHON"} python3.11 python3.12 python3.10 python3 python; do
        probe "$candidate" || continue
        [ "$candidate" != "${PYTHON:-}" ] || reason="PYTHON names $python"
        case $version in
            3.10) return 0 ;;
            3.11 | 3.12) ;;
            *) continue ;;
        esac
        lacking=$(lacks "$python")
        if ! has_new_glibc "$glibc"; then
            reason="glibc is $glibc, TFX 1.21 needs 2.39 or newer"
        elif [ -z "$lacking" ] || [ "$candidate" = "${PYTHON:-}" ]; then
            reason="glibc $glibc is new enough"
            return 0
        else
            reason="$python lacks $lacking, which TFX 1.21 needs"
            incomplete="$version $python"
        fi
    done
    [ -n "$incomplete" ] || return 1
    version=${incomplete%% *} python=${incomplete#* }
}

stack() { # the one line that says which stack is taken, and why
    case $version in
        3.10) echo "TFX 1.16 on Python 3.10 ($reason)" ;;
        *) echo "TFX 1.21 on Python $version ($reason)" ;;
    esac
}

check_machine() {
    machine="$(uname -s) $(uname -m)"
    [ "$machine" = "Linux x86_64" ] ||
        need "Linux x86-64 (this is $machine)" "a container or a virtual machine of that kind"
}

check_python() {
    if ! choose_python; then
        need "Python 3.10, or 3.11 or 3.12 on glibc 2.39 ($reason)" \
            "'sudo apt-get install python3.10 python3.10-venv python3.10-dev' (Ubuntu 22.04), 'pyenv install 3.10' or 'uv python install 3.10', and PYTHON=path if it is not on PATH"
        return
    fi
    lacking=$(lacks "$python")
    [ -z "$lacking" ] ||
        need "$lacking of $python" \
            "'sudo apt-get install python$version-venv python$version-dev' (Debian, Ubuntu) or a Python from 'pyenv install $version'"
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
    [ -f "$STAMP" ] && [ ! -e "$UNFINISHED" ] &&
        [ "$("$VENV/bin/python" -c "$PROBE" 2>/dev/null | cut -d ' ' -f 1)" = "$version" ] &&
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
    lock=$(lock_for "$version")
    phase "installing the installer (uv, setuptools)" \
        "$VENV/bin/python" -m pip install --quiet --require-hashes -r requirements/bootstrap.lock
    use_index_of_pip
    # Compiled once here and not by every process: TFX then loads in a third of the time
    # where PYTHONDONTWRITEBYTECODE is set, and the first command does not wait for it.
    export UV_COMPILE_BYTECODE="${UV_COMPILE_BYTECODE:-1}"
    phase "installing $(grep -c '^[a-z0-9].*==' $lock) locked packages, compiling them" \
        "$VENV/bin/uv" pip sync --python "$VENV/bin/python" --require-hashes \
        --no-build-isolation $lock ||
        phase "installing them with pip instead, which takes minutes" \
            "$VENV/bin/python" -m pip install --require-hashes --no-build-isolation -r $lock
    phase "installing the project (editable)" \
        "$VENV/bin/uv" pip install --python "$VENV/bin/python" --no-deps \
        --no-build-isolation --editable .
}

if is_up_to_date; then
    say "$VENV is up to date, nothing to install: $(sed -n 3p "$STAMP")"
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
say "$(stack)"

log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT TERM
is_usable_venv || create_venv
: >"$UNFINISHED"
rm -f "$STAMP"
install_packages
{ fingerprint && place_of_venv && stack; } >"$STAMP.new"
mv "$STAMP.new" "$STAMP"
rm -f "$UNFINISHED"
say "$VENV is ready: $VENV/bin/carseg --help"
