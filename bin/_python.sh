# Sourced by the commands beside it. Sets root (the checkout) and python (3.11 or later), or ends with a clear word.
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd) || exit 1

# Containers like to forbid bytecode files; without them each start would compile every package anew.
unset PYTHONDONTWRITEBYTECODE

python=
for candidate in python3 python3.13 python3.12 python3.11 python3.14 python; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        python=${python:-$candidate}
        # Debian ships Python without the part that makes environments: prefer one that has it.
        if "$candidate" -c 'import ensurepip, venv' >/dev/null 2>&1; then
            python=$candidate
            break
        fi
    fi
done
if [ -z "$python" ]; then
    echo "$(basename -- "$0"): Palpate needs Python 3.11 or later on the PATH, and found none." >&2
    exit 1
fi

# Runs a module of ours, wherever the caller stands.
run_module() {
    PYTHONPATH=$root exec "$root/.venv/bin/python" -P -m "$@"
}
