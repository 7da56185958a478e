#!/bin/sh
# Makes the Python environment with Twilio's own library, once, and prints the path of its interpreter.
# Fails with a reason where the library cannot be had. The folder may be given: peer-env.sh [folder].
set -eu

version=9.13.0
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-${CARGO_TARGET_DIR:-$here/../../target}/peers}
environment=$folder/twilio-python-$version

if [ ! -e "$environment/ready" ]; then
    command -v python3 >/dev/null || { echo "python3 is needed to run Twilio's library" >&2; exit 1; }
    mkdir -p "$folder"
    making=$environment.$$
    python3 -m venv "$making" >&2 || { echo "python3 has no module venv (Debian: python3-venv)" >&2; exit 1; }
    "$making/bin/python" -m pip install --quiet --disable-pip-version-check "twilio==$version" >&2 ||
        { rm -rf "$making"; echo "twilio==$version cannot be installed from the package index" >&2; exit 1; }
    touch "$making/ready"
    # Whoever is first wins; an environment that was moved still runs by its own interpreter.
    mv -T "$making" "$environment" 2>/dev/null || rm -rf "$making"
fi
printf '%s\n' "$environment/bin/python"
