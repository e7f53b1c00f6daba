#!/bin/sh
# Prints a Python that runs and is 3.11 or newer; says what is missing where there is none. It installs nothing.
# A name on PATH is no proof: version switchers leave commands there that only print an error. An environment without
# pip is one whose making was cut short.

runs() {
    "$1" -c "import sys$2; sys.exit(sys.version_info < (3, 11))" </dev/null >/dev/null 2>&1
}

if [ -n "$1" ]; then
    if runs "$1"; then
        echo "$1"
        exit 0
    fi
    looked_for=$1
elif runs .venv/bin/python ", pip"; then
    echo .venv/bin/python
    exit 0
else
    looked_for="python3 python3.13 python3.12 python3.11 python"
    for candidate in $looked_for; do
        if runs "$candidate"; then
            echo "$candidate"
            exit 0
        fi
    done
fi
{
    echo "No Python 3.11 or newer was found; looked for: $looked_for."
    echo "Install one (Debian, Ubuntu: sudo apt install python3 python3-venv; macOS: brew install python@3.13; or python.org),"
    echo "or name yours: make interview PYTHON=/path/to/python3."
} >&2
exit 1
