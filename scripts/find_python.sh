#!/bin/sh
# Prints a Python that runs and is 3.11 or newer; says what is missing where there is none. It installs nothing.
# A name on PATH is no proof: version switchers leave commands there that only print an error.
# An environment without pip is one whose making was cut short.
fits='import sys; sys.exit(sys.version_info < (3, 11))'
made='import sys, pip; sys.exit(sys.version_info < (3, 11))'

if [ -z "$1" ] && .venv/bin/python -c "$made" </dev/null >/dev/null 2>&1; then
    echo .venv/bin/python
    exit 0
fi

candidates=${1:-python3 python3.13 python3.12 python3.11 python}
for candidate in $candidates; do
    if "$candidate" -c "$fits" </dev/null >/dev/null 2>&1; then
        echo "$candidate"
        exit 0
    fi
done
{
    echo "No Python 3.11 or newer was found; looked for: $candidates."
    echo "Install one (Debian, Ubuntu: sudo apt install python3 python3-venv; macOS: brew install python@3.13; or python.org),"
    echo "or name yours: make interview PYTHON=/path/to/python3."
} >&2
exit 1
