#!/usr/bin/env bash
# distributed 2026.8.0 on Python 3.11.7: a worker of four threads reads Python's own modules with ast.parse.
#
# Each worker of distributed watches the garbage collector with a callback in Python. Where the collector
# runs while CPython makes a syntax tree, the callback lets another thread go on, and CPython before 3.11.8
# and 3.12.2 counts the depth of all trees under way in one place (python/cpython issue 106905): `ast.parse`
# of a text that is right raises SystemError, now and then. So do tasks that inspect, lint or grade source.
# A worker of one thread reads them all, and so does one whose callbacks were taken away.
#
# Seen: `one thread: 0 of 400 failed`, `four threads, callbacks taken away: 0 of 400 failed`, then `four
# threads: 109 of 400 failed, SystemError: AST constructor recursion depth mismatch`; 100 to 114 in five runs.
#
# PYTHON names another interpreter; one with the mend makes this script fail.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"${PYTHON:-python3}" -m venv env
env/bin/pip install --quiet --disable-pip-version-check distributed==2026.8.0
env/bin/python --version

cat > parsing.py << 'EOF'
import ast
import gc
import inspect
import sys
from collections import Counter

from distributed import Client, LocalCluster

TEXT = inspect.getsource(inspect)


def read(number):
    """Return how reading the text ended."""
    try:
        ast.parse(TEXT)
    except SystemError as error:
        return f"SystemError: {error}".partition(" (")[0]
    return "read"


def take_away(dask_worker):
    """Take what the garbage collector calls from a worker."""
    dask_worker.taken, gc.callbacks[:] = list(gc.callbacks), []


def give_back(dask_worker):
    """Give it back: a worker that ends asks for it."""
    gc.callbacks[:] = dask_worker.taken


def failed(threads, callbacks=True):
    """Return how often reading failed on a worker, and how."""
    settings = {"n_workers": 1, "threads_per_worker": threads, "processes": True}
    with LocalCluster(**settings, dashboard_address=None) as cluster, Client(cluster) as client:
        if not callbacks:
            client.run(take_away)
        ends = Counter(client.gather(client.map(read, range(400), pure=False)))
        if not callbacks:
            client.run(give_back)
    del ends["read"]
    return ends


if __name__ == "__main__":
    one, without, four = failed(1), failed(4, callbacks=False), failed(4)
    print(f"one thread: {one.total()} of 400 failed")
    print(f"four threads, callbacks taken away: {without.total()} of 400 failed")
    print(f"four threads: {four.total()} of 400 failed,", *four)
    if one or without or list(four) != ["SystemError: AST constructor recursion depth mismatch"]:
        sys.exit("the behaviour has changed")
EOF
env/bin/python parsing.py
